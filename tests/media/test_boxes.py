"""The box reader stops at every bound."""

from __future__ import annotations

import pytest

from mock_server.core.errors import ProbeError
from mock_server.media.boxes import MAX_BOXES, BoxReader


def test_boxes_are_found_by_path(box):
    reader = BoxReader(box(b"moov", box(b"free"), box(b"trak", box(b"tkhd", b"\0\0\0\7"))))
    (movie,) = reader.top()
    found = reader.need(movie, b"trak", b"tkhd")
    assert reader.fields(found, "I") == (7,)
    assert reader.find(movie, b"trak", b"mdia") is None
    with pytest.raises(ProbeError, match="missing"):
        reader.need(movie, b"mvhd")


def test_a_size_of_64_bits_is_read():
    data = b"\0\0\0\1mdat" + (20).to_bytes(8, "big") + b"abcd" + b"\0\0\0\x08free"
    first, second = BoxReader(data).top()
    assert (first.header, first.start, first.end, second.kind) == (0, 16, 20, b"free")


def test_a_size_of_zero_reaches_to_the_end():
    (only,) = BoxReader(b"\0\0\0\0mdat" + bytes(100)).top()
    assert only.end == 108


@pytest.mark.parametrize("size", [2, 7, 17, 2**31])
def test_an_impossible_size_is_refused(size):
    with pytest.raises(ProbeError, match="impossible size"):
        BoxReader(size.to_bytes(4, "big") + b"free" + bytes(8)).top()


def test_a_child_may_not_outgrow_its_parent(box):
    reader = BoxReader(box(b"moov", b"\0\0\0\x20trak") + bytes(64))
    with pytest.raises(ProbeError, match="impossible size"):
        reader.children(reader.top()[0])


def test_as_many_boxes_as_allowed_are_read_and_one_more_is_refused(box):
    assert len(BoxReader(box(b"free") * MAX_BOXES).top()) == MAX_BOXES
    with pytest.raises(ProbeError, match="more than 10000 boxes"):
        BoxReader(box(b"free") * (MAX_BOXES + 1)).top()


def test_fields_end_with_their_box(box):
    reader = BoxReader(box(b"mvhd", bytes(3)) + bytes(8))
    with pytest.raises(ProbeError, match="middle of a field"):
        reader.fields(reader.top()[0], "I")
