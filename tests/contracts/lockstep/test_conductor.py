"""Time goes on only when the server lets it, waits for it no longer than is reasonable, and tells what breaks there."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import ExitStack

import pytest

from contracts.lockstep import LockStep, Moment, conductor
from contracts.lockstep.side import Alone

A_LITTLE_S = 0.01


class Server(Alone):
    """A server as a test wants it. ``passed_ms`` is what it was told, move by move."""

    def __init__(self, *, is_at_work: bool = False, events_ms: tuple[int, ...] = ()) -> None:
        self.is_at_work = is_at_work  # type: ignore[misc]
        self.events_ms = list(events_ms)
        self.passed_ms: list[int] = []
        self.passages: list[Future[None]] = []

    def look(self, skip_ms: int | None, may_skip: Callable[[], bool]) -> Moment:
        next_ms = self.events_ms[0] - sum(self.passed_ms) if self.events_ms else None
        return Moment(self.is_at_work, next_ms)

    def advance(self, passed_ms: int) -> Future[None]:
        self.passed_ms.append(passed_ms)
        if self.events_ms and sum(self.passed_ms) >= self.events_ms[0]:
            self.events_ms.pop(0)
        passage: Future[None] = Future()
        self.passages.append(passage)
        threading.Timer(0, passage.set_result, [None]).start()
        return passage


def test_time_goes_from_event_to_event_and_no_event_is_passed_over() -> None:
    server = Server(events_ms=(4_000, 4_000, 7_500))
    with LockStep(server, 0) as step:
        time.sleep(10)
        assert step.elapsed_s == pytest.approx(10, abs=A_LITTLE_S)
    assert server.passed_ms == [4_000, 0, 3_500, 2_500]


def test_what_is_less_than_a_millisecond_adds_up_at_the_server() -> None:
    server = Server()
    with LockStep(server, 0):
        for _ in range(25):
            time.sleep(0.0004)
    assert sum(server.passed_ms) == 10


def test_a_server_that_is_at_work_is_waited_for() -> None:
    server = Server(is_at_work=True)
    with LockStep(server, 0) as step:
        with step.on_real_time():
            began = time.monotonic()
            threading.Timer(0.05, setattr, [server, "is_at_work", False]).start()
        time.sleep(1)
        with step.on_real_time():
            assert time.monotonic() - began >= 0.05


def test_a_server_that_works_for_ever_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conductor, "PATIENCE_S", 0.02)
    with LockStep(Server(is_at_work=True), 0) as step:
        time.sleep(1)
        assert step.elapsed_s == pytest.approx(1, abs=A_LITTLE_S)


def test_what_breaks_at_the_server_is_told_to_who_waits() -> None:
    class Broken(Server):
        def advance(self, passed_ms: int) -> Future[None]:
            passage: Future[None] = Future()
            passage.set_exception(ValueError("the clock is stuck"))
            return passage

    with LockStep(Broken(), 0), pytest.raises(ValueError, match="the clock is stuck"):
        time.sleep(1)


def test_nobody_waits_for_what_never_comes_where_somebody_can_still_act() -> None:
    with LockStep(Alone(), 0) as step:
        done = threading.Event()
        threading.Thread(target=lambda: (sum(range(100_000)), done.set()), daemon=True).start()
        assert done.wait(3600)
        assert step.elapsed_s < A_LITTLE_S


def test_who_goes_on_while_the_server_is_looked_at_is_not_passed_over() -> None:
    class Slow(Server):
        def look(self, skip_ms: int | None, may_skip: Callable[[], bool]) -> Moment:
            others.close()
            return Moment(is_at_work=False, next_ms=None, is_past=may_skip())

    with LockStep(Slow(), 0) as step, ExitStack() as others, step.conductor.waiting(60, _nothing, _never):
        others.enter_context(step.conductor.waiting(20, _nothing, _never))
        step.conductor.step()
        assert step.elapsed_s < A_LITTLE_S
        step.conductor.step()
        assert step.elapsed_s == pytest.approx(60, abs=A_LITTLE_S)


def _nothing() -> None:
    """A wait that looks by itself."""


def _never() -> bool:
    return False
