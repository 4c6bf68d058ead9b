"""Laws of the axis: order is kept, everything has room, what is drawn shorter than it is says so."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.report.axis import FULL_PX, LEAST_PX, SAME_MOMENT_PX, Beat, axis_of

FORTY_DAYS_MS = 40 * 86_400_000
gaps = st.one_of(st.just(0), st.integers(1, 60_000), st.integers(0, FORTY_DAYS_MS))


@st.composite
def beats(draw: st.DrawFn) -> list[Beat]:
    now, found = 1_795_340_000_000, []
    for gap in draw(st.lists(gaps, min_size=1, max_size=60)):
        length = draw(st.sampled_from([0, 0, 0, 5_000]))
        found.append(Beat(now + gap, now + gap + length, 74.0 if length else 0.0))
        now += gap + length
    return found


@settings(deadline=None)
@given(beats())
def test_later_is_further_right_and_nothing_touches(made):
    axis = axis_of(made)
    for (before, place), (after, later) in pairwise(zip(axis.beats, axis.places, strict=True)):
        room = SAME_MOMENT_PX if after.at_ms == before.until_ms else LEAST_PX
        assert later.x - place.end_x >= room - 0.2
    assert axis.width == axis.places[-1].end_x


@settings(deadline=None)
@given(beats())
def test_the_width_has_a_bound_that_only_the_number_of_beats_moves(made):
    assert axis_of(made).width <= FULL_PX + len(made) * (118 + 74)


@settings(deadline=None)
@given(beats())
def test_what_is_not_broken_is_to_scale_or_wider(made):
    axis = axis_of(made)
    rates = {
        round((after.x - before.end_x) / after.gap_ms, 9): after
        for before, after in pairwise(axis.places)
        if after.gap_ms and not after.is_broken
    }
    for before, after in pairwise(axis.places):
        if after.is_broken and rates:
            assert (after.x - before.end_x) / after.gap_ms <= max(rates) + 1e-6


@settings(deadline=None)
@given(beats(), st.integers(-10_000, FORTY_DAYS_MS))
def test_any_moment_has_a_place_on_it(made, offset_ms):
    axis = axis_of(made)
    assert 0 <= axis.x(made[0].at_ms + offset_ms) <= axis.width


def test_a_stall_is_broken_and_leaves_the_rest_readable():
    moments = [0, 5_000, 10_000, 15_000, 20_000, 25_000, 30_000, 35_000, 635_000, 640_000]
    axis = axis_of([Beat(moment, moment) for moment in moments])
    assert [place.is_broken for place in axis.places] == [moment == 635_000 for moment in moments]
    assert axis.places[1].x - axis.places[0].x >= LEAST_PX


def test_few_beats_fill_the_picture():
    axis = axis_of([Beat(0, 0), Beat(1_000, 1_000), Beat(4_000, 4_000), Beat(9_000, 9_000)])
    assert axis.width == pytest.approx(FULL_PX, rel=0.5)
    assert not any(place.is_broken for place in axis.places)


def test_one_beat_is_at_the_beginning():
    axis = axis_of([Beat(7, 7)])
    assert (axis.width, axis.x(7), axis.x(0), axis.x(9)) == (0, 0, 0, 0)
