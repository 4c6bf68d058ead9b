"""Tasks that wait, take their time, or never end: by time and by polls, in each provider's own words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

Start = Callable[..., Any]

RUNNING = {"kling": "processing", "gmi": "processing", "kirin": "in_progress"}
WAITING = {"kling": "submitted", "gmi": "queued", "kirin": "in_progress"}
DONE = {"kling": "succeed", "gmi": "success", "kirin": "completed"}


def words(job: Any, task_id: str, polls: int) -> list[str]:
    return [job.status_of(job.poll(task_id)) for _ in range(polls)]


def test_a_throttled_task_says_so_from_the_submit_on_and_goes_on_as_it_would_have(
    rig: Start, provider: str
) -> None:
    job = rig("status-throttled;polls=3", pace="polls:2").job(provider)
    job.identify()
    submitted = job.submit()
    assert job.status_of(submitted) == "THROTTLED"
    seen = words(job, job.task_id_of(submitted), 5)
    assert seen == ["THROTTLED"] * 3 + [RUNNING[provider], DONE[provider]]


def test_a_throttled_task_waits_on_the_tenants_clock(rig: Start, provider: str) -> None:
    here = rig("status-throttled;wait_ms=90000;word=PAUSED", clock="manual")
    job = here.job(provider)
    task_id = job.start()
    here.admin("POST", "clock/advance", {"seconds": 89.999})
    assert words(job, task_id, 2) == ["PAUSED", "PAUSED"]
    here.admin("POST", "clock/advance", {"seconds": 0.001})
    assert words(job, task_id, 1) == [DONE[provider]]


def test_only_the_task_that_was_throttled_says_so(rig: Start, provider: str) -> None:
    job = rig(pace="polls:2").job(provider)
    job.identify()
    marked = job.task_id_of(job.submit(external_id="lipflap.fault=status-throttled;polls=2"))
    plain = job.task_id_of(job.submit())
    assert words(job, marked, 2) == ["THROTTLED", "THROTTLED"]
    assert words(job, plain, 2) == [RUNNING[provider], DONE[provider]]


@pytest.mark.parametrize("pace", ["instant", "polls:1", "polls:3"])
def test_a_stuck_task_is_worked_on_for_ever(rig: Start, provider: str, pace: str) -> None:
    here = rig("stuck-processing", pace=pace, clock="manual")
    job = here.job(provider)
    task_id = job.start()
    words(job, task_id, 3)
    here.admin("POST", "clock/advance", {"seconds": 10_000_000})
    assert words(job, task_id, 5) == [RUNNING[provider]] * 5


@pytest.mark.parametrize("pace", ["instant", "polls:1"])
def test_a_stuck_task_may_never_begin(rig: Start, provider: str, pace: str) -> None:
    here = rig("stuck-queued", pace=pace, clock="manual")
    job = here.job(provider)
    task_id = job.start()
    here.admin("POST", "clock/advance", {"until": "idle"})
    assert words(job, task_id, 5) == [WAITING[provider]] * 5


def test_kirin_tells_waiting_from_working_by_the_progress(rig: Start) -> None:
    def progress(fault: str) -> float:
        job = rig(fault).job("kirin")
        return float(job.poll(job.start()).json["progress"])

    assert progress("stuck-queued") == 0.0
    assert 0.0 < progress("stuck-processing") < 1.0


def test_a_stuck_task_keeps_its_slot(rig: Start) -> None:
    here = rig(slots=1)
    job = here.job("kling")
    job.identify()
    stuck = job.task_id_of(job.submit(external_id="lipflap.fault=stuck-processing"))
    assert job.submit().json["code"] == 1303
    here.admin("POST", f"tasks/{stuck}/finish", {"status": "succeeded"})
    assert job.submit().status == 200


def test_a_stuck_task_is_told_in_its_timeline_and_calls_nobody_back_about_an_end(rig: Start) -> None:
    here = rig("stuck-processing", clock="manual")
    job = here.job("kling")
    job.identify()
    url = "http://127.0.0.1:9/hook"
    task_id = job.task_id_of(job.submit(callback_url=url))
    told = [event["text"] for event in here.admin("GET", f"tasks/{task_id}/timeline")["events"]]
    assert [text for text in told if "reached" in text] == [
        "The task reached submitted.",
        "The task reached processing.",
    ]
    assert [item["stage"] for item in here.admin("GET", "deliveries")["deliveries"]] == ["processing"]


@pytest.mark.parametrize(("wait_s", "is_done"), [(3599.999, False), (3600, True)])
def test_a_slow_task_succeeds_after_its_hour(rig: Start, provider: str, wait_s: float, is_done: bool) -> None:
    here = rig("very-slow-success", clock="manual")
    job = here.job(provider)
    task_id = job.start()
    here.admin("POST", "clock/advance", {"seconds": wait_s})
    assert words(job, task_id, 1) == [DONE[provider] if is_done else RUNNING[provider]]


def test_a_slow_task_by_polls_takes_so_many(rig: Start, provider: str) -> None:
    job = rig("very-slow-success;polls=7", pace="polls:2").job(provider)
    seen = words(job, job.start(), 7)
    assert [word == DONE[provider] for word in seen] == [False] * 6 + [True]
