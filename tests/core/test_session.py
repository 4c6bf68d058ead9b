"""A session finds its faces by id."""

from __future__ import annotations

from mock_server.core.media import Interval, MediaFacts, MediaFormat
from mock_server.core.session import Face, Session

VIDEO = MediaFacts(MediaFormat.MP4, 8_000, 1, "d", 1280, 720)
FACES = (Face("0", Interval(0, 4_000)), Face("1", Interval(2_000, 8_000)))
SESSION = Session("id", "tenant", "kling", 0, "", "", VIDEO, FACES)


def test_a_face_is_found_by_its_exact_id() -> None:
    assert [SESSION.face(face_id) for face_id in ("0", "1", "2", "", "00")] == [*FACES, None, None, None]
