"""Requests that are all alike stand as one, and nothing is lost or mixed."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.report.folding import FEW, folded
from contracts.witness.witnessed import Line, LineKind


def line(number: int, at_ms: int, status: int = 200, faults: tuple[str, ...] = ()) -> Line:
    return Line(number, at_ms, LineKind.EXCHANGE, "kling", "getLipSync", "GET", "/t/1", status, faults=faults)


lines = st.lists(st.tuples(st.integers(0, 3), st.sampled_from([200, 200, 200, 502])), max_size=90).map(
    lambda steps: [line(number, number * gap, status) for number, (gap, status) in enumerate(steps, start=1)]
)


@settings(deadline=None)
@given(lines, st.sets(st.integers(0, 200)), st.sets(st.integers(1, 90)))
def test_every_line_is_there_once_and_in_order(made, moments, kept):
    flat = [one for item in folded(made, moments, kept) for one in item.lines]
    assert flat == sorted(made, key=lambda one: (one.at_ms, one.number))


@settings(deadline=None)
@given(lines, st.sets(st.integers(0, 200)), st.sets(st.integers(1, 90)))
def test_a_fold_is_uniform_and_swallows_no_moment_and_no_evidence(made, moments, kept):
    for item in folded(made, moments, kept):
        if item.is_fold:
            assert len({(one.status, one.faults) for one in item.lines}) == 1
            assert not kept & {one.number for one in item.lines}
            assert not [at for at in moments if item.first.at_ms < at <= item.lines[-1].at_ms]


def test_few_lines_are_never_folded():
    made = [line(number, number * 1_000) for number in range(1, FEW + 1)]
    assert not any(item.is_fold for item in folded(made, (), ()))


def test_a_long_run_keeps_its_ends():
    made = [line(number, number * 5_000) for number in range(1, 41)]
    first, middle, last = folded(made, (), ())
    assert (first.first.number, last.first.number, len(middle.lines)) == (1, 40, 38)
    assert (middle.pace_ms, middle.beat.at_ms, middle.beat.until_ms) == (5_000, 10_000, 195_000)
