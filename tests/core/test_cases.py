"""What a clip's case knows of the things it refers to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from mock_server.core.cases import Found
from mock_server.core.media import Interval

if TYPE_CHECKING:
    from tests.core.conftest import MakeClipCase


def test_a_case_finds_its_face_and_its_audio(clip_case: MakeClipCase) -> None:
    case = clip_case(interval=Interval(5, 9))
    assert case.face is not None
    assert case.face.interval == Interval(5, 9)
    assert case.facts is not None
    assert case.facts.duration_ms == 6_000


def test_without_a_session_there_is_no_face(clip_case: MakeClipCase) -> None:
    assert clip_case(session=None).face is None


def test_a_face_that_the_session_does_not_have_is_none(clip_case: MakeClipCase) -> None:
    assert clip_case(face_id="1").face is None


def test_without_audio_there_are_no_facts(clip_case: MakeClipCase) -> None:
    assert replace(clip_case(), audio=None).facts is None
    assert replace(clip_case(), audio=Found(None)).facts is None


def test_the_clip_lies_where_it_is_inserted(clip_case: MakeClipCase) -> None:
    assert clip_case(start_ms=500, end_ms=2_500, insert_ms=100).inserted == Interval(100, 2_100)
