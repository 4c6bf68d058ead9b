"""Thumbnails: a PNG that other readers open."""

from __future__ import annotations

import io

import av
from hypothesis import given
from hypothesis import strategies as st

from mock_server.media.thumbnail import SIDE_PX, face_png


def test_the_picture_opens_and_shows_a_face():
    with av.open(io.BytesIO(face_png("0", "d")), format="png_pipe") as container:
        (frame,) = container.decode(video=0)
    assert (frame.format.name, frame.width, frame.height) == ("rgb24", SIDE_PX, SIDE_PX)
    plane = frame.planes[0]
    rows = [
        bytes(plane)[at : at + 3 * SIDE_PX] for at in range(0, plane.line_size * SIDE_PX, plane.line_size)
    ]
    colours = {row[at : at + 3] for row in rows for at in range(0, 3 * SIDE_PX, 3)}
    assert len(colours) == 5


@given(st.text(max_size=5), st.text(max_size=40))
def test_any_words_make_one_picture_each(face_id, digest):
    assert face_png(face_id, digest) == face_png(face_id, digest)
    assert face_png(face_id, digest).startswith(b"\x89PNG\r\n\x1a\n")
    assert len(face_png(face_id, digest)) < 2_000


def test_videos_and_faces_differ_in_colour():
    assert len({face_png(face_id, digest) for face_id in "01" for digest in ("a", "b")}) == 4
