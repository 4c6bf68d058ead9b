"""The answer to a submit once more: as it was, or made anew where the client never got it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Start = Callable[..., Any]
KEY = {"Idempotency-Key": "job-1"}


def ready(rig: Start, provider: str, *faults: str, **settings: object) -> Any:
    job = rig(*faults, **settings).job(provider)
    job.identify()
    return job


def test_a_replay_after_a_lost_answer_names_the_task_that_was_made(rig: Start, provider: str) -> None:
    job = ready(rig, provider, "submit-accepted-502-html#1", "idem-key-replay")
    assert job.submit(headers=KEY).status == 502
    again = job.submit(headers=KEY)
    assert again.status == 200
    (task,) = job.tasks()
    assert job.task_id_of(again) == task["id"]


def test_an_answer_made_anew_has_what_the_first_would_have_had(rig: Start, provider: str) -> None:
    plain = ready(rig, provider, clock="manual", pace="polls:3").submit(headers=KEY)
    job = ready(
        rig, provider, "submit-accepted-502-html#1", "idem-key-replay", clock="manual", pace="polls:3"
    )
    job.submit(headers=KEY)
    anew = job.submit(headers=KEY).json
    expected = plain.json
    for body in (anew, expected):
        # Kling's answers have an id of their own
        body.pop("request_id" if provider == "kling" else "-", None)
    assert anew == expected


def test_an_answer_whose_bytes_a_fault_has_broken_is_made_anew(rig: Start, provider: str) -> None:
    job = ready(rig, provider, "json-truncated@submit#1", "idem-key-replay")
    broken, anew = job.submit(headers=KEY), job.submit(headers=KEY)
    assert len(broken.body) < len(anew.body)
    assert [task["id"] for task in job.tasks()] == [job.task_id_of(anew)]


def test_the_older_endpoint_is_answered_in_its_own_shape(rig: Start) -> None:
    here = rig("submit-accepted-502-html#1", "idem-key-replay")
    body = {
        "input": {
            "video_url": "https://cdn.test/talk.mp4?lipflap.duration_ms=5000",
            "mode": "audio2video",
            "audio_type": "url",
            "audio_url": "https://cdn.test/line.mp3?lipflap.duration_ms=4000",
        }
    }
    lost, anew = (here.ask("POST", "/v1/videos/lip-sync", body, KEY) for _ in range(2))
    assert (lost.status, anew.status) == (502, 200)
    assert set(anew.json["data"]) == {"task_id", "task_status", "created_at", "updated_at"}
