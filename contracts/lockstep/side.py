"""What lock-step needs of a server: is it at rest, what comes next, let time pass there too."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from typing import NamedTuple, Protocol


class Moment(NamedTuple):
    """``next_ms`` is how long until the server does something by time alone; None where it never will.

    ``is_past`` says that the time that was to be skipped has passed there.
    """

    is_at_work: bool
    next_ms: int | None
    is_past: bool = False


class Side(Protocol):
    """The other side of a client. Every method may be called from any thread."""

    @property
    def is_at_work(self) -> bool:
        """Whether an answer or a callback is on its way; a glance that may be out of date."""

    def look(self, skip_ms: int | None, may_skip: Callable[[], bool]) -> Moment:
        """The server when all that was sent to it has been read. Blocks for as long as that takes.

        Where nothing happens there in the next ``skip_ms``, and ``may_skip`` says after that look that nothing has
        come from it either, they pass at once. ``may_skip`` may be called in any thread.
        """

    def advance(self, passed_ms: int) -> Future[None]:
        """Let so much time pass there; done when all that fell due has settled."""

    def owns(self, address: object) -> bool:
        """Whether a socket's peer is this server."""


class Alone:
    """No server at all: nothing but the client's own clock."""

    is_at_work = False

    def look(self, skip_ms: int | None, may_skip: Callable[[], bool]) -> Moment:
        return Moment(is_at_work=False, next_ms=None, is_past=skip_ms is not None and may_skip())

    def advance(self, passed_ms: int) -> Future[None]:  # noqa: ARG002 - there is nobody whose time could pass
        done: Future[None] = Future()
        done.set_result(None)
        return done

    def owns(self, address: object) -> bool:  # noqa: ARG002 - there is nobody to be it
        return False
