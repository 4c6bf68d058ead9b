"""The waits of wire scripts: they end by the wall's time, or sooner where somebody lets time pass for all of them."""

from __future__ import annotations

import asyncio
from contextlib import suppress


class Wait:
    """One wait of one script. ``left_ms`` counts what nobody has let pass yet."""

    def __init__(self, wait_ms: int) -> None:
        self.left_ms = wait_ms
        self._ended = asyncio.Event()

    async def over(self) -> None:
        """Return when ``left_ms`` of the wall's time have passed, or at ``end``."""
        with suppress(TimeoutError):
            async with asyncio.timeout(self.left_ms / 1000):
                await self._ended.wait()

    def end(self) -> None:
        self._ended.set()


class Waits:
    """The waits of one server that are under way; all in its own loop."""

    def __init__(self) -> None:
        self._open: set[Wait] = set()

    @property
    def next_ms(self) -> int | None:
        """How long until the first of them ends; None where nobody waits."""
        return min((wait.left_ms for wait in self._open), default=None)

    async def hold(self, wait: Wait) -> None:
        """Wait ``wait`` out, among the others."""
        self._open.add(wait)
        try:
            await wait.over()
        finally:
            self._open.discard(wait)

    def pass_time(self, passed_ms: int) -> None:
        """Let so much time pass for each, and end those that are over."""
        for wait in self._open:
            wait.left_ms -= passed_ms
            if wait.left_ms <= 0:
                wait.end()
