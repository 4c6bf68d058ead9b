"""A server's side of virtual time, with an end: whoever would let more pass is told that it is over."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from typing import NoReturn

from contracts.lockstep import Moment, Side, real

MOST_STEPS = 200_000
"""Moves of the clock in one cell: a client that asks without pause moves it by next to nothing."""
CLEANING_S, CLEANING_STEPS = 10.0, 1_000
"""What a client gets when its end has come, to close what is open: it shares a process with those after it."""
STIRS, STIR_S = 100, 0.001
"""A server of Python's own library looks twice in that time whether it is to stop."""


class OutOfTime(BaseException):
    """The client did not come to an end; nothing that catches errors shall catch it."""


class Bounded:
    """The host's time, ``limit_s`` of it. ``at_each_look`` is called before the clock moves, and may raise.

    What was raised is the client's ``end``: a client may catch it, or make it part of a group. It is raised again when
    the client should have cleaned up.
    """

    def __init__(self, host: Side, limit_s: float, at_each_look: Callable[[], None]) -> None:
        self._host, self._at_each_look = host, at_each_look
        self.end: BaseException | None = None
        self._left_ms = round(limit_s * 1000)
        self._steps = 0

    @property
    def is_at_work(self) -> bool:
        return self._host.is_at_work

    def look(self, skip_ms: int | None, may_skip: Callable[[], bool]) -> Moment:
        self.check()
        self._step()
        if skip_ms is None and _has_stirred(may_skip):
            return Moment(is_at_work=True, next_ms=None)
        reach_ms = None if skip_ms is None else min(skip_ms, self._left_ms)
        moment = self._host.look(reach_ms, may_skip)
        if moment.is_past:
            self._left_ms -= reach_ms or 0
            if reach_ms != skip_ms:
                self._come_to(self.end or OutOfTime())
        return moment

    def advance(self, passed_ms: int) -> Future[None]:
        self._step()
        if passed_ms > self._left_ms:
            self._host.advance(self._left_ms).result()
            self._come_to(self.end or OutOfTime())
        self._left_ms -= passed_ms
        return self._host.advance(passed_ms)

    def check(self) -> None:
        """Raises the client's end when it comes."""
        if self.end is None:
            try:
                self._at_each_look()
            except BaseException as end:  # noqa: BLE001 - kept, and raised there
                self._come_to(end)

    def _come_to(self, end: BaseException) -> NoReturn:
        self.end = end
        self._left_ms = round(CLEANING_S * 1000)
        self._steps = MOST_STEPS - CLEANING_STEPS
        raise end

    def owns(self, address: object) -> bool:
        return self._host.owns(address)

    def _step(self) -> None:
        self._steps += 1
        if self._left_ms <= 0 or self._steps > MOST_STEPS:
            self._come_to(self.end or OutOfTime())


def _has_stirred(is_silent: Callable[[], bool]) -> bool:
    """Who waits without end waits for another thread, and that may look about only now and then."""
    for _ in range(STIRS):
        if not is_silent():
            return True
        real.sleep(STIR_S)
    return False
