"""ASGI's lifespan: the server is up between the two messages, or says why it is not."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.types import Receive, Send


async def live(
    receive: Receive, send: Send, running: Callable[[], AbstractAsyncContextManager[None]]
) -> None:
    """Answer the lifespan protocol around ``running()``; what it raises is told to the host, and raised."""
    await receive()
    word = "startup"
    try:
        async with running():
            await send({"type": "lifespan.startup.complete"})
            word = "shutdown"
            await receive()
    except BaseException as fault:
        await send({"type": f"lifespan.{word}.failed", "message": str(fault)})
        raise
    await send({"type": "lifespan.shutdown.complete"})
