"""Intervals, and what counts as a video."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from mock_server.core.media import Interval, MediaFormat

intervals = st.builds(
    lambda start_ms, length_ms: Interval(start_ms, start_ms + length_ms),
    st.integers(0, 50),
    st.integers(0, 50),
)


@given(intervals, intervals)
def test_an_overlap_is_the_time_that_both_have(one: Interval, other: Interval) -> None:
    shared = set(range(one.start_ms, one.end_ms)) & set(range(other.start_ms, other.end_ms))
    assert one.overlap_ms(other) == other.overlap_ms(one) == len(shared)


@given(intervals)
def test_an_interval_overlaps_itself_for_its_length(interval: Interval) -> None:
    assert interval.overlap_ms(interval) == interval.length_ms


def test_neighbours_do_not_overlap() -> None:
    assert Interval(0, 5).overlap_ms(Interval(5, 9)) == 0


def test_mp4_and_mov_are_the_videos() -> None:
    assert {form.value for form in MediaFormat if form.is_video} == {"mp4", "mov"}
