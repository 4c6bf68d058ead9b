"""What grows old: sessions after 24 hours, audio, results and videos after 30 days; all on the tenant's own clock."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.providers.conftest import Json, Kirin, Kling, Surface, Verdict

HOURS_24_S = 24 * 3600
DAYS_30_S = 30 * 24 * 3600
TEXT = "A text that takes rather more than two seconds when somebody speaks it aloud."


def sync(surface: Surface, session_id: str, choice: Callable[..., Json], **entry: object) -> Verdict:
    return surface.lip_sync(session_id, choice(**{"end": 2000, **entry}))


def expired(surface: Surface, verdict: Verdict, sentence: str) -> None:
    assert verdict.place is surface.rules_show_at
    assert verdict.reason == sentence


def test_session_is_good_for_24_hours_and_not_a_second_longer(
    surface: Surface, url: Callable[..., str], choice: Callable[..., Json]
) -> None:
    session_id = surface.session(url("a.mp4"))
    surface.advance(HOURS_24_S)
    assert sync(surface, session_id, choice, sound_file=url()).is_accepted
    surface.advance(1)
    verdict = sync(surface, session_id, choice, sound_file=url())
    expired(surface, verdict, "session_id has expired: sessions are valid for 24 hours")


@pytest.mark.parametrize("name", ["kling", "kirin"])
def test_audio_id_is_good_for_30_days_and_not_a_second_longer(
    request: pytest.FixtureRequest, name: str, url: Callable[..., str], choice: Callable[..., Json]
) -> None:
    surface: Kling | Kirin = request.getfixturevalue(name)
    audio_id = surface.speak(TEXT).data["id"]
    surface.advance(DAYS_30_S)
    assert sync(surface, surface.session(url("a.mp4")), choice, audio_id=audio_id).is_accepted
    surface.advance(1)
    verdict = sync(surface, surface.session(url("a.mp4")), choice, audio_id=audio_id)
    sentence = "face_choose[0].audio_id has expired: only audio generated within 30 days is supported"
    expired(surface, verdict, sentence)


def test_result_can_be_had_for_30_days_and_is_gone_a_second_later(surface: Surface) -> None:
    result = surface.sync(end=2000).data["url"]
    surface.advance(DAYS_30_S)
    answer = surface.client.get(result)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "video/mp4")
    surface.advance(1)
    assert surface.client.get(result).status_code == 404


@pytest.mark.parametrize("name", ["kling", "kirin"])
def test_spoken_clip_can_be_had_as_long_as_its_id_is_good(request: pytest.FixtureRequest, name: str) -> None:
    surface: Kling | Kirin = request.getfixturevalue(name)
    clip = surface.speak(TEXT).data["url"]
    surface.advance(DAYS_30_S)
    assert surface.client.get(clip).status_code == 200
    surface.advance(1)
    assert surface.client.get(clip).status_code == 404


def test_task_outlives_its_result(kling: Kling) -> None:
    task_id = kling.sync().data["task_id"]
    kling.advance(2 * DAYS_30_S)
    task = kling.client.get(f"/v1/videos/advanced-lip-sync/{task_id}").json()["data"]
    assert task["task_status"] == "succeed"


def test_result_can_be_identified_by_its_id_for_30_days(surface: Surface) -> None:
    video_id = surface.sync(end=2000).data["result_id"]
    surface.advance(DAYS_30_S)
    assert surface.identify(video_id=video_id).is_accepted
    surface.advance(1)
    verdict = surface.identify(video_id=video_id)
    assert verdict.place is surface.rules_show_at
    if surface.name != "gmi":
        assert verdict.reason == "video_id was made more than 30 days ago"


def test_id_of_a_video_that_does_not_exist_is_refused(surface: Surface) -> None:
    verdict = surface.identify(video_id="812345678901234567")
    assert verdict.place is surface.rules_show_at
    if surface.name != "gmi":
        assert verdict.reason == "video_id is not a video of yours"


def test_id_of_a_task_is_not_the_id_of_its_video(surface: Surface) -> None:
    assert not surface.identify(video_id=surface.sync().data["task_id"]).is_accepted


def test_one_session_serves_any_number_of_tasks(
    surface: Surface, url: Callable[..., str], choice: Callable[..., Json]
) -> None:
    session_id = surface.session(url("a.mp4"))
    results = [sync(surface, session_id, choice, sound_file=url()) for _ in range(7)]
    assert len({verdict.data["task_id"] for verdict in results}) == 7


def test_older_endpoint_takes_a_video_id_of_at_most_10_s_and_30_days(
    kling: Kling, url: Callable[..., str]
) -> None:
    spoken = {
        "mode": "text2video",
        "text": "Good morning.",
        "voice_id": "oversea_male1",
        "voice_language": "en",
    }
    short = kling.sync({"duration_ms": 10_000}, end=2000).data["result_id"]
    long = kling.sync({"duration_ms": 10_001}, end=2000).data["result_id"]
    assert kling.legacy(video_id=short, **spoken).is_accepted
    too_long = kling.legacy(video_id=long, **spoken)
    assert too_long.reason is not None
    assert too_long.reason.startswith("input.video_id ")
    kling.advance(DAYS_30_S + 1)
    assert kling.legacy(video_id=short, **spoken).reason == "input.video_id was made more than 30 days ago"
