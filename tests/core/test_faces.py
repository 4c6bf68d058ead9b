"""The faces of a video: as stated, or one all along."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from mock_server.core.faces import END_OVERSHOOT_MS, faces_of
from mock_server.core.ids import Choices
from mock_server.core.media import Interval, MediaFacts, MediaFormat

intervals = st.builds(
    lambda start_ms, length_ms: Interval(start_ms, start_ms + length_ms),
    st.integers(0, 60_000),
    st.integers(0, 60_000),
)


def video(faces: tuple[Interval, ...] | None, duration_ms: int = 8_000, digest: str = "d") -> MediaFacts:
    return MediaFacts(MediaFormat.MP4, duration_ms, 1, digest, 1280, 720, faces=faces)


@given(st.lists(intervals, max_size=12).map(tuple))
def test_stated_faces_are_reported_as_stated_in_order_of_their_first_moment(
    stated: tuple[Interval, ...],
) -> None:
    faces = faces_of(video(stated), Choices(0, "t"))
    assert [face.id for face in faces] == [str(number) for number in range(len(stated))]
    assert sorted(face.interval.start_ms for face in faces) == [face.interval.start_ms for face in faces]
    assert sorted(stated, key=repr) == sorted((face.interval for face in faces), key=repr)


@given(st.integers(), st.text(max_size=5), st.integers(0, 60_000), st.text(max_size=5))
def test_an_unknown_video_has_one_face_for_its_whole_length_and_a_little_more(
    seed: int, tenant: str, duration_ms: int, digest: str
) -> None:
    (face,) = faces_of(video(None, duration_ms, digest), Choices(seed, tenant))
    assert (face.id, face.interval.start_ms) == ("0", 0)
    assert 0 <= face.interval.end_ms - duration_ms <= END_OVERSHOOT_MS


def test_the_overshoot_is_the_videos_own() -> None:
    ends = {
        faces_of(video(None, digest=str(number)), Choices(0, "t"))[0].interval.end_ms for number in range(200)
    }
    assert len(ends) > END_OVERSHOOT_MS // 2


def test_a_video_said_to_have_no_faces_has_none() -> None:
    assert faces_of(video(()), Choices(0, "t")) == ()
