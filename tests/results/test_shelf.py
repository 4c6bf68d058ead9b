"""Which file is behind a path, from when on, and for how long."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from mock_server.media.probe import probe
from mock_server.media.samples import sample_bytes

if TYPE_CHECKING:
    from tests.results.conftest import Desk

PNG = b"\x89PNG\r\n\x1a\n"
DAY_S = 86_400
MakeDesk = Callable[..., "Desk"]


def test_a_finished_video_is_there_and_plays_as_long_as_its_source(desk: Desk) -> None:
    answer = desk.get(desk.video()["url"])
    assert (answer.status_code, answer.headers["content-type"]) == (200, "video/mp4")
    facts = probe(answer.content)
    assert abs(facts.duration_ms - 3_000) <= 40
    assert facts.has_audio


def test_a_video_is_the_same_bytes_every_time(desk: Desk) -> None:
    url = desk.video()["url"]
    first, second = desk.get(url), desk.get(url)
    assert first.content == second.content
    assert first.headers["etag"] == second.headers["etag"]


def test_before_it_is_finished_there_is_no_video(make_desk: MakeDesk) -> None:
    desk, twin = make_desk(), make_desk()
    url = twin.video()["url"]
    task_id = desk.submit()
    assert desk.get(url).status_code == 404
    desk.advance()
    assert desk.task(task_id)["task_result"]["videos"][0]["url"] == url
    assert desk.get(url).status_code == 200


def test_a_task_that_fails_has_no_video(make_desk: MakeDesk) -> None:
    desk, twin = make_desk(), make_desk()
    url = twin.video()["url"]
    task_id = desk.submit(external_task_id="lipflap.fault=error:1301@task")
    desk.advance()
    assert desk.task(task_id)["task_status"] == "failed"
    assert desk.get(url).status_code == 404


def test_a_video_that_waits_for_a_poll_is_not_there_yet(make_desk: MakeDesk) -> None:
    desk = make_desk(pace="polls:2")
    task_id = desk.submit()
    statuses = [desk.task(task_id)["task_status"] for _ in range(2)]
    assert statuses[-1] == "succeed"
    assert desk.get(desk.task(task_id)["task_result"]["videos"][0]["url"]).status_code == 200


@pytest.mark.parametrize(("wait_s", "status"), [(30 * DAY_S, 200), (30 * DAY_S + 0.001, 404)])
def test_a_result_is_kept_for_thirty_days(desk: Desk, wait_s: float, status: int) -> None:
    url = desk.video()["url"]
    desk.advance(seconds=wait_s)
    assert desk.get(url).status_code == status


@pytest.mark.parametrize(("wait_s", "status"), [(30 * DAY_S, 200), (30 * DAY_S + 0.001, 404)])
def test_speech_is_kept_for_thirty_days(desk: Desk, wait_s: float, status: int) -> None:
    url = desk.speak()["url"]
    desk.advance(seconds=wait_s)
    assert desk.get(url).status_code == status


def test_speech_is_an_mp3_as_long_as_it_was_said_to_be(desk: Desk) -> None:
    audio = desk.speak()
    answer = desk.get(audio["url"])
    assert answer.headers["content-type"] == "audio/mpeg"
    assert probe(answer.content).duration_ms == round(float(audio["duration"]) * 1000)


def test_a_watermarked_copy_is_there_for_those_who_asked(desk: Desk) -> None:
    marked = desk.video(watermark_info={"enabled": True})
    assert desk.get(marked["watermark_url"]).content == desk.get(marked["url"]).content
    plain = desk.video()
    assert plain["watermark_url"] == ""
    assert desk.get(plain["url"].replace(".mp4", ".watermark.mp4")).status_code == 404


def test_each_face_has_a_still(desk: Desk) -> None:
    two = desk.identify("https://cdn.test/two.mp4?lipflap.faces=2")["face_data"]
    stills = [desk.get(face["face_image"]) for face in two]
    assert [still.headers["content-type"] for still in stills] == ["image/png"] * 2
    assert all(still.content.startswith(PNG) for still in stills)
    assert stills[0].content != stills[1].content


def test_a_reset_takes_the_results_along(desk: Desk) -> None:
    url = desk.video()["url"]
    desk.reset("tasks")
    assert desk.get(url).status_code == 404


def test_after_a_reset_an_id_that_comes_again_has_the_new_video(desk: Desk) -> None:
    first = desk.video()["url"]
    before = desk.get(first).content
    desk.reset("all")
    second = desk.video(end_ms=2_500)["url"]
    assert second == first
    assert desk.get(second).content != before


def test_a_result_can_be_the_source_of_the_next_job(desk: Desk) -> None:
    url = desk.video()["url"]
    assert len(desk.identify(url)["face_data"]) == 1


def test_a_real_source_is_still_recognisable_in_the_result(desk: Desk) -> None:
    source = sample_bytes("silent.mp4")
    session = desk.identify("http://lipflap.test/__lipflap/media/silent.mp4")["session_id"]
    clip = {"sound_file": "http://lipflap.test/__lipflap/media/speech.mp3", "sound_start_time": 0}
    entry = {"face_id": "0", **clip, "sound_end_time": 2_000, "sound_insert_time": 0}
    body = {"session_id": session, "face_choose": [entry]}
    task_id = desk.client.post("/v1/videos/advanced-lip-sync", json=body).json()["data"]["task_id"]
    desk.advance()
    result = desk.get(desk.task(task_id)["task_result"]["videos"][0]["url"]).content
    assert (probe(result).width, probe(result).duration_ms) == (
        probe(source).width,
        probe(source).duration_ms,
    )
