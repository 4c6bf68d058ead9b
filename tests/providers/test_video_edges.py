"""The rules of a video to be identified, at each edge and one step beyond; and who is in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.providers.conftest import Kirin, Kling, Surface, Verdict

Hints = dict[str, object]
MB_100 = 100 * 1024 * 1024
UPSTREAM_HIDDEN = "Backend error (400). Please try again."

EDGES: dict[str, tuple[Hints, Hints]] = {
    "at least 2 s": ({"duration_ms": 2000}, {"duration_ms": 1999}),
    "at most 60 s": ({"duration_ms": 60_000}, {"duration_ms": 60_001}),
    "at most 100 MB": ({"size_bytes": MB_100}, {"size_bytes": MB_100 + 1}),
    "width from 512": ({"width": 512, "height": 720}, {"width": 511, "height": 720}),
    "width to 2160": ({"width": 2160, "height": 1080}, {"width": 2161, "height": 1080}),
    "height from 512": ({"width": 720, "height": 512}, {"width": 720, "height": 511}),
    "height to 2160": ({"width": 1080, "height": 2160}, {"width": 1080, "height": 2161}),
    "720p exactly": ({"width": 1280, "height": 720}, {"width": 1280, "height": 721}),
    "720p upright": ({"width": 720, "height": 1280}, {"width": 719, "height": 1280}),
    "1080p exactly": ({"width": 1920, "height": 1080}, {"width": 1920, "height": 1079}),
    "mp4": ({"format": "mp4"}, {"format": "wav"}),
    "mov under the name of an mp4": ({"format": "mov"}, {"format": "unknown"}),
    "within reach": ({"reachable": 1}, {"reachable": 0}),
}
FIRST_LEGACY_EDGES: dict[str, tuple[Hints, Hints]] = {
    "at least 2 s": ({"duration_ms": 2000}, {"duration_ms": 1999}),
    "at most 10 s": ({"duration_ms": 10_000}, {"duration_ms": 10_001}),
    "at most 100 MB": ({"size_bytes": MB_100}, {"size_bytes": MB_100 + 1}),
    "sides from 720": ({"width": 1280, "height": 720}, {"width": 1080, "height": 719}),
    "sides to 1920": ({"width": 1920, "height": 1080}, {"width": 1921, "height": 1080}),
    "mov": ({"format": "mov"}, {"format": "mp3"}),
}


def refusal_of_video(surface: Surface, verdict: Verdict) -> None:
    """The queue of GMI hides the reason of a synchronous call; the others name the field."""
    assert verdict.place is surface.rules_show_at
    assert verdict.reason is not None
    if surface.name == "gmi":
        assert verdict.reason == UPSTREAM_HIDDEN
    else:
        assert verdict.reason.startswith("video_url ")


@pytest.mark.parametrize("edge", EDGES)
def test_video_on_the_edge_is_accepted(surface: Surface, url: Callable[..., str], edge: str) -> None:
    assert surface.identify(url("talk.mp4", **EDGES[edge][0])).is_accepted


@pytest.mark.parametrize("edge", EDGES)
def test_video_one_step_beyond_is_refused(surface: Surface, url: Callable[..., str], edge: str) -> None:
    refusal_of_video(surface, surface.identify(url("talk.mp4", **EDGES[edge][1])))


@pytest.mark.parametrize("name", ["talk.webm", "talk.avi", "talk.mp3"])
def test_video_of_another_format_is_refused(surface: Surface, url: Callable[..., str], name: str) -> None:
    refusal_of_video(surface, surface.identify(url(name)))


@pytest.mark.parametrize("name", ["talk.mp4", "talk.mov", "TALK.MP4", "talk"])
def test_video_by_its_usual_names_is_accepted(surface: Surface, url: Callable[..., str], name: str) -> None:
    assert surface.identify(url(name)).is_accepted


@pytest.mark.parametrize("name", ["talk.mp4", "talk.mov", "silent.mp4", "portrait.mp4"])
def test_real_file_of_the_server_itself_is_read(surface: Surface, name: str) -> None:
    verdict = surface.identify(f"http://lipflap.test/__lipflap/media/{name}")
    assert verdict.is_accepted, verdict
    assert verdict.data["face_data"][0]["end_time"] >= 2000


def test_real_sound_in_place_of_a_video_is_refused(surface: Surface) -> None:
    refusal_of_video(surface, surface.identify("http://lipflap.test/__lipflap/media/speech.m4a"))


def test_file_that_the_server_does_not_have_is_refused(surface: Surface) -> None:
    refusal_of_video(surface, surface.identify("http://lipflap.test/__lipflap/media/none.mp4"))


def test_faces_come_in_order_with_their_intervals(surface: Surface, url: Callable[..., str]) -> None:
    verdict = surface.identify(url("a.mp4", duration_ms=9000, face_intervals="6000-9000,0-5200"))
    rows = [(face["face_id"], face["start_time"], face["end_time"]) for face in verdict.data["face_data"]]
    assert rows == [("0", 0, 5200), ("1", 6000, 9000)]
    assert all(face["face_image"].endswith(".png") for face in verdict.data["face_data"])


def test_face_of_an_unhinted_video_may_end_some_ms_after_it(
    surface: Surface, url: Callable[..., str]
) -> None:
    (face,) = surface.identify(url("b.mp4", duration_ms=8000)).data["face_data"]
    assert face["start_time"] == 0
    assert 8000 <= face["end_time"] <= 8042


def test_video_without_a_face_is_refused(surface: Surface, url: Callable[..., str]) -> None:
    verdict = surface.identify(url("empty-room.mp4", faces=0))
    assert verdict.place is surface.rules_show_at
    hidden = surface.name == "gmi"
    assert verdict.reason == (UPSTREAM_HIDDEN if hidden else "there is no human in the video")


def test_moderated_video_is_refused_with_the_code_of_content_policy(
    kling: Kling, kirin: Kirin, url: Callable[..., str]
) -> None:
    video_url = url("a.mp4", moderation="reject")
    answer = kling.client.post("/v1/videos/identify-face", json={"video_url": video_url})
    assert (answer.status_code, answer.json()["code"]) == (400, 1301)
    created = kirin.client.post(
        "/model/v1/generation", json={"model": "kirin_identify_face", "video_url": video_url}
    )
    error = kirin.client.get(f"/model/v1/generation/task/{created.json()['id']}").json()["error"]
    assert error["error_message"].startswith("upstream HTTP 400: code 1301, video_url ")


@pytest.mark.parametrize("edge", FIRST_LEGACY_EDGES)
def test_older_endpoint_has_its_own_narrower_edges(kling: Kling, url: Callable[..., str], edge: str) -> None:
    within, beyond = FIRST_LEGACY_EDGES[edge]
    usual: Hints = {"duration_ms": 5000}
    sound = {"mode": "audio2video", "audio_type": "url", "audio_url": url("a.mp3", duration_ms=4000)}
    assert kling.legacy(video_url=url("v.mp4", **{**usual, **within}), **sound).is_accepted
    refused = kling.legacy(video_url=url("v.mp4", **{**usual, **beyond}), **sound)
    assert refused.reason is not None
    assert refused.reason.startswith("input.video_url ")
