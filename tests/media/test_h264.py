"""Pictures come out of FFmpeg's decoder exactly as they went into our encoder."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from mock_server.media import h264
from mock_server.media.box_writer import box
from mock_server.media.isobmff import TrackKind
from mock_server.media.mux import write_movie
from mock_server.media.sample_entry import video_entry
from mock_server.media.track import Track, upright

levels = st.integers(0, 255)
colours = st.builds(h264.Colour, levels, levels, levels)


@st.composite
def films(draw):
    """A few pictures of one size, as mosaics."""
    columns, rows = draw(st.integers(1, 6)), draw(st.integers(1, 5))
    few = st.sampled_from(draw(st.lists(colours, min_size=2, max_size=5)))
    picture = st.lists(st.lists(few, min_size=columns, max_size=columns), min_size=rows, max_size=rows)
    return draw(st.lists(picture, min_size=1, max_size=4))


def film(mosaics: list[h264.Mosaic]) -> bytes:
    width, height = len(mosaics[0][0]) * 16, len(mosaics[0]) * 16
    changed = [h264.changes(before, after) for before, after in pairwise(mosaics)]
    samples = [h264.key_picture(mosaics[0])] + [h264.next_picture(c, n) for n, c in enumerate(changed, 1)]
    record = box(b"avcC", h264.configuration(h264.parameter_sets(width, height)))
    entry = video_entry(b"avc1", width, height, record)
    durations = [40] * len(samples)
    return write_movie(
        [Track(TrackKind.VIDEO, 1000, entry, samples, durations, display=upright(width, height))]
    )


def plane(frame, number: int, scale: int) -> list[list[int]]:
    """The first pixel of each macroblock, having checked that the block is flat."""
    found = frame.planes[number]
    side, data = 16 // scale, bytes(found)
    rows = []
    for row in range(found.height // side):
        values = []
        for column in range(found.width // side):
            starts = [(row * side + y) * found.line_size + column * side for y in range(side)]
            (value,) = {byte for start in starts for byte in data[start : start + side]}
            values.append(value)
        rows.append(values)
    return rows


@settings(max_examples=60, deadline=None)
@given(films())
@example(
    [
        [
            [h264.Colour(0, 0, 0), h264.Colour(255, 255, 255)],
            [h264.Colour(255, 0, 255), h264.Colour(16, 17, 15)],
        ]
    ]
)
def test_decoded_pictures_are_the_mosaics(watch, mosaics):
    frames = watch(film(mosaics))
    assert len(frames) == len(mosaics)
    for frame, mosaic in zip(frames, mosaics, strict=True):
        assert plane(frame, 0, 1) == [[colour.luma for colour in row] for row in mosaic]
        assert plane(frame, 1, 2) == [[colour.blue for colour in row] for row in mosaic]
        assert plane(frame, 2, 2) == [[colour.red for colour in row] for row in mosaic]


def test_every_difference_of_one_plane_is_exact(watch):
    """From 128, then 0 to 255 and back with ever smaller steps: all three lengths of the code, both signs."""
    levels = [level for low in range(128) for level in (low, 255 - low)]
    row = [h264.Colour(level, 255 - level, level) for level in levels]
    (frame,) = watch(film([[row]]))
    assert plane(frame, 0, 1) == [levels]
    assert plane(frame, 1, 2) == [[255 - level for level in levels]]


@pytest.mark.parametrize(
    ("width", "height", "level"),
    [
        (16, 16, 31),
        (1280, 720, 31),
        (1296, 720, 40),
        (1920, 1080, 40),
        (2160, 3840, 51),
        (4096, 16, 40),
        (4096, 4096, 60),
    ],
)
def test_the_level_covers_the_size(width, height, level):
    assert h264.parameter_sets(width, height).sequence[3] == level


def test_no_start_code_appears_inside_a_unit():
    grey = h264.Colour(128, 128, 128)
    mosaic = [[grey] * 200] * 100
    for data in (h264.key_picture(mosaic)[4:], *h264.parameter_sets(1280, 720)):
        assert b"\0\0\0" not in data
        assert b"\0\0\1" not in data
