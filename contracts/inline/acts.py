"""What a server without a socket does in answer to a request, act by act, and what such a server is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from msgspec import Struct


class Send(Struct, frozen=True):
    """These bytes come."""

    data: bytes


class Hold(Struct, frozen=True):
    """Nothing comes for so long, on the virtual clock."""

    wait_ms: int


class End(Struct, frozen=True):
    """The connection ends in good order."""


class Break(Struct, frozen=True):
    """The connection is broken off; ``on_next``: as soon as the next request begins on it."""

    on_next: bool = False


class Refuse(Struct, frozen=True):
    """For so long nobody can connect; ``breaks_open``: and every open connection is broken off."""

    for_ms: int
    breaks_open: bool = False


Act = Send | Hold | End | Break | Refuse


class Talk(Protocol):
    """The server's end of one connection."""

    def feed(self, data: bytes) -> None:
        """What the client has sent."""

    def answer(self) -> Sequence[Act] | None:
        """What the next request gets; None while it is not complete."""


class Host(Protocol):
    """A server in this thread. It works only while it is asked, and then on the machine's time."""

    @property
    def url(self) -> str: ...

    def connect(self) -> Talk: ...
