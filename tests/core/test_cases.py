"""What an entry says of its clip before anything is looked up."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from mock_server.core.cases import Entry
from mock_server.core.media import Interval

moments = st.integers(0, 60_000)


def test_the_clip_lies_where_it_is_inserted() -> None:
    entry = Entry("face_choose[0]", "0", "sound_file", "", "", start_ms=500, end_ms=2_500, insert_ms=100)
    assert entry.inserted == Interval(100, 2_100)


@given(moments, moments, moments)
def test_the_place_where_it_is_inserted_is_as_long_as_the_clip(
    start_ms: int, end_ms: int, insert_ms: int
) -> None:
    entry = Entry("", "0", "sound_file", "", "", start_ms, end_ms, insert_ms)
    assert entry.inserted.length_ms == end_ms - start_ms
