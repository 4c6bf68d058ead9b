"""A tenant's clock: whatever is done to it, it never goes back."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_server.core.clock import MANUAL_EPOCH_MS, Clock, ClockMode, rate_of

WALL_MS = 1_700_000_000_000

modes = st.sampled_from(ClockMode)
rates = st.floats(0.001, 1_000_000)
walls = st.integers(0, 10**9)
moments = st.integers(MANUAL_EPOCH_MS - 10**9, MANUAL_EPOCH_MS + 10**12)
turns = st.tuples(st.just("turn"), modes, rates)
moves = st.tuples(st.just("move"), moments)


def clock(mode: ClockMode = ClockMode.MANUAL, rate: float = 0.0) -> Clock:
    return Clock(mode, MANUAL_EPOCH_MS, WALL_MS, rate_of(mode, rate))


@given(st.lists(st.tuples(walls, turns | moves), max_size=20))
def test_the_clock_never_goes_back(changes: list[tuple[int, tuple[object, ...]]]) -> None:
    subject, wall_ms = clock(), WALL_MS
    seen = [subject.now_ms(wall_ms)]
    for wait_ms, change in changes:
        wall_ms += wait_ms
        seen.append(subject.now_ms(wall_ms))
        match change:
            case ("turn", ClockMode() as mode, float() as rate):
                subject = subject.turned_to(mode, rate, wall_ms)
            case (_, int() as moment_ms):
                subject = subject.moved_to(moment_ms, wall_ms)
        seen.append(subject.now_ms(wall_ms))
    assert all(earlier <= later for earlier, later in pairwise(seen))


@given(moments, walls)
def test_a_clock_moved_on_stands_at_that_moment(moment_ms: int, wait_ms: int) -> None:
    moved = clock().moved_to(moment_ms, WALL_MS + wait_ms)
    assert moved.now_ms(WALL_MS + wait_ms) == max(moment_ms, MANUAL_EPOCH_MS)


@given(walls)
def test_a_manual_clock_stands_still(wait_ms: int) -> None:
    assert clock().now_ms(WALL_MS + wait_ms) == MANUAL_EPOCH_MS


@given(walls)
def test_a_real_clock_goes_with_the_wall(wait_ms: int) -> None:
    assert clock(ClockMode.REAL).now_ms(WALL_MS + wait_ms) == MANUAL_EPOCH_MS + wait_ms


@given(walls)
def test_a_scaled_clock_goes_at_its_rate(wait_ms: int) -> None:
    assert clock(ClockMode.SCALED, 60).now_ms(WALL_MS + wait_ms) == MANUAL_EPOCH_MS + 60 * wait_ms


@given(modes, rates, modes, rates, walls)
def test_turning_the_mode_jumps_nowhere(
    before: ClockMode, rate: float, after: ClockMode, other_rate: float, wait_ms: int
) -> None:
    wall_ms = WALL_MS + wait_ms
    subject = clock(before, rate)
    turned = subject.turned_to(after, other_rate, wall_ms)
    assert turned.now_ms(wall_ms) == subject.now_ms(wall_ms)
    assert (turned.mode, turned.rate) == (after, rate_of(after, other_rate))


@given(st.floats(0.001, 10_000), st.integers(0, 10**9), walls)
def test_after_the_wait_the_moment_has_come(rate: float, ahead_ms: int, elapsed_ms: int) -> None:
    subject, wall_ms = clock(ClockMode.SCALED, rate), WALL_MS + elapsed_ms
    due_ms = subject.now_ms(wall_ms) + ahead_ms
    wait_ms = subject.wall_wait_ms(due_ms, wall_ms)
    assert wait_ms is not None
    assert subject.now_ms(wall_ms + wait_ms) >= due_ms
    assert wait_ms <= ahead_ms / rate + 1


def test_what_is_past_is_waited_for_no_longer_than_a_blink() -> None:
    assert clock(ClockMode.REAL).wall_wait_ms(MANUAL_EPOCH_MS - 10_000, WALL_MS) == 0


def test_no_waiting_brings_a_manual_clock_on() -> None:
    assert clock().wall_wait_ms(MANUAL_EPOCH_MS + 1, WALL_MS) is None


@pytest.mark.parametrize(
    ("mode", "rate"), [(ClockMode.REAL, 1.0), (ClockMode.MANUAL, 0.0), (ClockMode.SCALED, 7.5)]
)
def test_each_mode_has_its_rate(mode: ClockMode, rate: float) -> None:
    assert rate_of(mode, 7.5) == rate
