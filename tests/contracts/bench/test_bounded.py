"""Virtual time has an end."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future

import pytest

from contracts.bench import bounded
from contracts.bench.bounded import Bounded, OutOfTime
from contracts.lockstep import Alone, Moment


def nothing() -> None:
    """No end."""


class Clock(Alone):
    """How far it was moved, and ``next_ms`` until something happens."""

    def __init__(self, next_ms: int | None = None) -> None:
        self.now_ms, self.next_ms = 0, next_ms

    def look(self, skip_ms: int | None, may_skip: Callable[[], bool]) -> Moment:
        if skip_ms is None or (self.next_ms is not None and self.next_ms <= skip_ms):
            return Moment(is_at_work=False, next_ms=self.next_ms)
        self.now_ms += skip_ms
        return super().look(skip_ms, may_skip)

    def advance(self, passed_ms: int) -> Future[None]:
        self.now_ms += passed_ms
        return super().advance(passed_ms)


def test_so_much_time_may_pass_and_no_more() -> None:
    clock = Clock()
    side = Bounded(clock, 1.0, nothing)
    assert side.look(400, lambda: True).is_past
    assert side.advance(500).done()
    with pytest.raises(OutOfTime):
        side.look(5_000, lambda: True)
    assert clock.now_ms == 1_000, "the end comes when it is due"
    assert isinstance(side.end, OutOfTime)


def test_a_long_wait_may_be_ended_by_what_happens_before() -> None:
    clock = Clock(next_ms=300)
    side = Bounded(clock, 1.0, nothing)
    assert side.look(5_000, lambda: True).next_ms == 300
    assert side.advance(300).done()
    with pytest.raises(OutOfTime):
        side.advance(701)
    assert clock.now_ms == 1_000


def test_when_its_end_has_come_it_may_clean_up_and_is_told_again() -> None:
    side = Bounded(Alone(), 1.0, nothing)
    with pytest.raises(OutOfTime):
        side.advance(1_001)
    assert side.advance(9_000).done()
    with pytest.raises(OutOfTime):
        side.advance(1_001)


def test_moves_are_counted_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounded, "MOST_STEPS", 2)
    side = Bounded(Alone(), 1.0, nothing)
    side.look(0, lambda: True)
    side.look(0, lambda: True)
    with pytest.raises(OutOfTime):
        side.look(0, lambda: True)


def test_who_looks_may_be_told_to_end() -> None:
    def end() -> None:
        raise KeyError

    with pytest.raises(KeyError):
        Bounded(Alone(), 1.0, end).look(0, lambda: True)


def test_who_waits_without_end_waits_for_somebody() -> None:
    side = Bounded(Alone(), 1.0, nothing)
    assert side.look(None, lambda: False).is_at_work, "somebody has stirred"
    assert not side.is_at_work
    assert not side.owns(("127.0.0.1", 9))
