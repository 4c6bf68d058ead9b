"""The server of this process as an ASGI application, for a client that takes one: httpx.ASGITransport, TestClient."""

from __future__ import annotations

from collections.abc import Mapping

import httpx

from contracts.plugin.exchange import Door, Message, Receive, Scope, Send
from contracts.plugin.hearing import Hearing
from contracts.plugin.transport import pass_time_async, told_async


class AsgiApp:
    """Runs in any loop. What a fault does to the socket is raised as the exception that httpx has for it.

    A read timeout is the client's own, and an ASGI application does not know it: silence without end is a
    ReadTimeout after ``patience_s``.
    """

    patience_s = 60.0

    def __init__(self, door: Door) -> None:
        self._door = door

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await _live(receive, send)
        elif scope["type"] == "http":
            await self._answer(scope, receive, send)
        else:
            raise ValueError(f"lipflap does not speak {scope['type']}")

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        told = await told_async(self._door, scope, await _body(receive))
        if not told.script:
            await _send(send, told.status, told.headers, told.body)
            return
        hearing = Hearing(_request(scope, self.patience_s), told.script)
        for seconds in hearing.head():
            await pass_time_async(seconds)
        parts = []
        for part in hearing.body():
            if isinstance(part, float):
                await pass_time_async(part)
            else:
                parts.append(part)
        await _send(send, hearing.status, tuple(hearing.headers), b"".join(parts))


async def _send(send: Send, status: int, headers: tuple[tuple[bytes, bytes], ...], body: bytes) -> None:
    await send({"type": "http.response.start", "status": status, "headers": list(headers)})
    await send({"type": "http.response.body", "body": body, "more_body": False})


async def _body(receive: Receive) -> bytes:
    parts = []
    while True:
        message = await receive()
        parts.append(message.get("body", b""))
        if not message.get("more_body"):
            return b"".join(parts)


def _request(scope: Mapping[str, object], read_timeout_s: float) -> httpx.Request:
    url = f"http://lipflap.test{scope['path']}"
    return httpx.Request(str(scope["method"]), url, extensions={"timeout": {"read": read_timeout_s}})


async def _live(receive: Receive, send: Send) -> None:
    """The server lives longer than any client of it: both ends of a lifespan are formalities."""
    for end in ("startup", "shutdown"):
        await receive()
        message: Message = {"type": f"lifespan.{end}.complete"}
        await send(message)
