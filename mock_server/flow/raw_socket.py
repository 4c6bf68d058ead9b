"""Put a script on the raw socket, where there is one."""

from __future__ import annotations

from collections.abc import Awaitable, Mapping
from typing import Protocol, cast

from mock_server.core.errors import NoSocket
from mock_server.core.wire import EXTENSION, Script


class _Player(Protocol):
    def play(self, script: Script) -> Awaitable[None]: ...


async def play(extensions: Mapping[str, object], script: Script) -> None:
    """Play ``script`` on the connection of a request, in place of its answer.

    ``extensions`` are those of its ASGI scope. Raises NoSocket where the application is called in process.
    """
    player = extensions.get(EXTENSION)
    if player is None:
        raise NoSocket("a fault wants the raw socket, and this application is called without one")
    await cast(_Player, player).play(script)
