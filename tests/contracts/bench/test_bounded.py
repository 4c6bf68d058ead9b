"""Virtual time has an end."""

from __future__ import annotations

import pytest

from contracts.bench import bounded
from contracts.bench.bounded import Bounded, OutOfTime
from contracts.lockstep import Alone


def nothing() -> None:
    """No end."""


def test_so_much_time_may_pass_and_no_more() -> None:
    side = Bounded(Alone(), 1.0, nothing)
    assert side.look(400, lambda: True).is_past
    assert side.advance(500).done()
    with pytest.raises(OutOfTime):
        side.advance(100)
    with pytest.raises(OutOfTime):
        side.look(1, lambda: True)


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
