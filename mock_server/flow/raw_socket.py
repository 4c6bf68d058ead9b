"""The way to and from the client past ASGI, where there is one: for scripts, and for what is there at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from mock_server.core.errors import NoSocket
from mock_server.core.wire import EXTENSION, Headers, Script, Wire


async def play(extensions: Mapping[str, object], script: Script) -> None:
    """Play ``script`` on the connection of a request, in place of its answer.

    ``extensions`` are those of its ASGI scope. Raises NoSocket where the application is called in process.
    """
    wire = _wire_of(extensions)
    if wire is None:
        raise NoSocket("a fault wants the raw socket, and this application is called without one")
    await wire.play(script)


def body_at_hand(extensions: Mapping[str, object]) -> bytes | None:
    """The whole body where it is there already; None where ASGI's own way is to be taken."""
    wire = _wire_of(extensions)
    return None if wire is None else wire.whole_body()


def answered(extensions: Mapping[str, object], status: int, headers: Headers, body: bytes) -> bool:
    """Whether the answer is sent already; where it is not, ASGI's own way is to be taken."""
    wire = _wire_of(extensions)
    return wire is not None and wire.answer(status, headers, body)


def _wire_of(extensions: Mapping[str, object]) -> Wire | None:
    return cast("Wire | None", extensions.get(EXTENSION))
