"""Downloads as a place for faults: counted for each task, met as asked, and left alone where nothing is switched on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

Start = Callable[..., Any]


def path_of(job: Any, wire: Any) -> str:
    return urlsplit(job.result_url(wire)).path


def test_downloads_are_counted_for_each_task(rig: Start, provider: str) -> None:
    job = rig("url-404-then-ok@download#2").job(provider)
    first, second = job.poll(job.start()), job.poll(job.start())
    seen = [job.download(wire).status for wire in (first, second, first, second, first, second)]
    assert seen == [200, 200, 404, 404, 200, 200]


def test_a_magic_value_at_the_submit_speaks_of_the_downloads_to_come(rig: Start, provider: str) -> None:
    job = rig().job(provider)
    job.identify()
    marked = job.poll(job.task_id_of(job.submit(external_id="lipflap.fault=url-404-then-ok@download#1")))
    plain = job.poll(job.task_id_of(job.submit()))
    assert [job.download(marked).status, job.download(plain).status] == [404, 200]
    assert job.download(marked).status == 200


def test_whoever_fetches_meets_the_faults_of_whose_task_it_is(rig: Start) -> None:
    here = rig()
    job = here.job("kling")
    job.identify()
    done = job.poll(job.task_id_of(job.submit(external_id="lipflap.fault=url-needs-auth")))
    stranger = job.download(done, headers={"authorization": "Bearer somebody-else"})
    assert (stranger.status, job.download(done).status) == (200, 401)


def test_a_rule_for_another_path_or_provider_does_not_meet_it(rig: Start, provider: str) -> None:
    others = {"kling": "gmi", "gmi": "kirin", "kirin": "kling"}
    rules = (f"redirect-loop;provider={others[provider]}", "redirect-loop;path=/elsewhere/")
    job = rig(*rules).job(provider)
    assert job.download(job.poll(job.start())).status == 200


def test_what_is_not_there_is_no_download(rig: Start) -> None:
    here = rig("url-404-then-ok@download#1", pace="polls:2")
    job = here.job("kling")
    twin = rig(pace="instant").job("kling")
    path = path_of(twin, twin.poll(twin.start()))
    task_id = job.start()
    assert b"not yet" in here.ask("GET", path).body
    job.poll(task_id)
    done = job.poll(task_id)
    assert path_of(job, done) == path
    assert [b"NoSuchKey" in job.download(done).body, job.download(done).status] == [True, 200]


def test_several_faults_meet_one_download(rig: Start) -> None:
    here = rig("media-is-html", "download-truncated;at_bytes=9")
    job = here.job("kling")
    wire = job.download(job.poll(job.start()))
    assert (wire.body, wire.end) == (b"<!DOCTYPE", "fin")
    assert here.admin("GET", "journal")["entries"][-1]["faults"] == [
        "media-is-html",
        "download-truncated",
    ]


def test_speech_and_stills_and_samples_meet_no_faults(rig: Start) -> None:
    here = rig("media-zero-bytes", "redirect-loop")
    job = here.job("kling")
    identified = job.identify().json["data"]
    body = {"text": "Good morning.", "voice_id": "oversea_male1", "voice_language": "en"}
    spoken = here.ask("POST", "/v1/audio/tts", body).json["data"]["task_result"]["audios"][0]["url"]
    still = identified["face_data"][0]["face_image"]
    for url in (spoken, still, "/__lipflap/media/talk.mp4"):
        wire = here.ask("GET", urlsplit(url).path)
        assert (wire.status, wire.body != b"") == (200, True)


def test_a_fault_ends_with_its_times(rig: Start) -> None:
    job = rig("redirect-loop;times=2").job("kling")
    done = job.poll(job.start())
    assert [job.download(done).status for _ in range(4)] == [302, 302, 200, 200]


def test_a_header_means_its_own_download(rig: Start, provider: str) -> None:
    job = rig().job(provider)
    done = job.poll(job.start())
    header = {"x-lipflap-fault": "media-zero-bytes, url-404-then-ok"}
    assert [job.download(done, headers=header).status, job.download(done).status] == [404, 200]


def test_a_header_that_speaks_of_something_else_is_refused_with_the_reason(rig: Start) -> None:
    here = rig()
    job = here.job("kling")
    done = job.poll(job.start())
    refused = job.download(done, headers={"x-lipflap-fault": "poll-404-lag"})
    assert (refused.status, refused.json["error"]) == (
        400,
        "poll-404-lag acts at poll, and this request is a download",
    )
    unknown = job.download(done, headers={"x-lipflap-fault": "media-zero-byte"})
    assert "did you mean media-zero-bytes" in unknown.json["error"]


def test_a_header_is_ignored_at_downloads_where_it_is_not_allowed(rig: Start) -> None:
    job = rig(fault_header=False).job("kling")
    done = job.poll(job.start())
    assert job.download(done, headers={"x-lipflap-fault": "media-zero-bytes"}).status == 200
