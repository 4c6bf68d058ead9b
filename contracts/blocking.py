"""An async client as a plain object: every coroutine is run to its end, in one loop that stays."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Callable


class Blocking:
    """``Blocking(client)`` has the client's attributes; what is awaited there returns here. Close it when done."""

    def __init__(self, client: object) -> None:
        self._client = client
        self._runner = asyncio.Runner()

    def __getattr__(self, name: str) -> object:
        found = getattr(self._client, name)
        return self._plain(found) if callable(found) else found

    def close(self) -> None:
        """Close the client's loop, and the client by ``aclose`` if it has that."""
        closing = getattr(self._client, "aclose", None)
        if closing is not None:
            self._runner.run(closing())
        self._runner.close()

    def _plain(self, call: Callable[..., object]) -> Callable[..., object]:
        def run(*args: object, **options: object) -> object:
            said = call(*args, **options)
            return self._runner.run(_awaited(said)) if inspect.isawaitable(said) else said

        return run


async def _awaited(said: object) -> object:
    return await said  # type: ignore[misc]  # as was looked at before
