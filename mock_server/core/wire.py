"""What may happen on a connection in place of a plain answer: a script of acts, played on the raw socket."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Protocol

from msgspec import Struct


class Send(Struct, frozen=True):
    """Put these bytes on the wire as they are, and see them off before the next act."""

    data: bytes


class Pause(Struct, frozen=True):
    """Let ``wait_ms`` of the wall's time pass; the script ends where the client goes meanwhile."""

    wait_ms: int


class Stall(Struct, frozen=True):
    """Say nothing more: wait until the client goes, but ``limit_ms`` at most."""

    limit_ms: int


class Close(Struct, frozen=True):
    """End the connection in good order (FIN)."""


class Reset(Struct, frozen=True):
    """Break the connection off (TCP RST)."""


class ResetOnNextRequest(Struct, frozen=True):
    """Keep the connection, and break it off when the next request begins on it."""


class RefuseConnections(Struct, frozen=True):
    """Stop listening for ``for_ms`` of the wall's time: whoever connects is refused by the system.

    ``resets_open`` breaks off every open connection as well, as when a process dies.
    """

    for_ms: int
    resets_open: bool = False


Act = Send | Pause | Stall | Close | Reset | ResetOnNextRequest | RefuseConnections
Script = tuple[Act, ...]
"""Acts in order. A script that ends with none of Close, Reset and ResetOnNextRequest leaves the connection open."""


def at_rate(script: Script, rate: float) -> Script:
    """``script`` for a tenant whose time is ``rate`` times as fast: its waits take so much less of the wall's.

    A clock that stands (rate 0) shortens nothing: nobody would ever see the end of the wait.
    """
    if rate in {0.0, 1.0}:
        return script
    return tuple(_act_at_rate(act, rate) for act in script)


def _act_at_rate(act: Act, rate: float) -> Act:
    match act:
        case Pause(wait_ms=wait_ms):
            return Pause(round(wait_ms / rate))
        case Stall(limit_ms=limit_ms):
            return Stall(max(1, round(limit_ms / rate)))
        case RefuseConnections(for_ms=for_ms):
            return RefuseConnections(max(1, round(for_ms / rate)), act.resets_open)
        case _:
            return act


Headers = tuple[tuple[bytes, bytes], ...]

EXTENSION = "lipflap.wire"
"""Under this name in ASGI's ``scope["extensions"]`` a host offers a ``Wire``."""


class Wire(Protocol):
    """The way to and from the client past ASGI's ``receive`` and ``send``."""

    def whole_body(self) -> bytes | None:
        """The whole body of the request at hand, once; None where it has to be waited for, by ``receive``."""

    def play(self, script: Script) -> Awaitable[None]:
        """Play ``script`` as the answer to the request at hand."""

    def answer(self, status: int, headers: Headers, body: bytes) -> bool:
        """Send a whole answer at once, its Content-Length after ``headers``.

        False, and nothing is sent, where the client is slow to take what it has.
        """
