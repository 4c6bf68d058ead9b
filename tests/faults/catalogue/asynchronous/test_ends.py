"""Tasks that fail late, each in its provider's row and words; and a cancel that comes to nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

Start = Callable[..., Any]

FAILED = {"kling": "failed", "gmi": "failed", "kirin": "failed"}
GMI_LEAD = "Lip sync failed"


def reason(provider: str, wire: Any) -> object:
    body = wire.json
    if provider == "kling":
        return body["data"]["task_status_msg"]
    if provider == "gmi":
        return body["outcome"]["error"]
    return body["error"]["code"], body["error"]["error_message"]


def progress(provider: str, wire: Any) -> object:
    body = wire.json["data"] if provider == "kling" else wire.json
    return body.get("progress")


def test_a_task_stands_at_99_percent_and_fails(rig: Start, provider: str) -> None:
    job = rig("fail-at-99;polls=2", pace="polls:2").job(provider)
    seen = [job.poll(task_id) for task_id in [job.start()] * 4]
    assert [progress(provider, wire) for wire in seen] == [0.99, 0.99, 0.99, None]
    assert [job.status_of(wire) == "failed" for wire in seen] == [False] * 3 + [True]


def test_99_percent_lasts_on_the_tenants_clock(rig: Start, provider: str) -> None:
    here = rig("fail-at-99", clock="manual")
    job = here.job(provider)
    task_id = job.start()
    assert progress(provider, job.poll(task_id)) == 0.99
    here.admin("POST", "clock/advance", {"seconds": 5})
    assert job.status_of(job.poll(task_id)) == "failed"


REJECTED = {
    "kling": "content security policy triggered",
    "gmi": f"{GMI_LEAD}: Request rejected by content policy",
    "kirin": ("014002097", "upstream HTTP 400: code 1301, content security policy triggered"),
}


def test_content_is_refused_after_minutes_of_work(rig: Start, provider: str) -> None:
    here = rig("late-moderation-reject", clock="manual")
    job = here.job(provider)
    task_id = job.start()
    here.admin("POST", "clock/advance", {"seconds": 179.999})
    assert job.status_of(job.poll(task_id)) in {"processing", "in_progress"}
    here.admin("POST", "clock/advance", {"seconds": 0.001})
    wire = job.poll(task_id)
    assert (job.status_of(wire), reason(provider, wire)) == ("failed", REJECTED[provider])


LOST = {
    "kling": "face not detected",
    "gmi": f"{GMI_LEAD}: face not detected",
    "kirin": ("014002095", "face not detected"),
}


def test_a_face_that_was_found_is_lost(rig: Start, provider: str) -> None:
    job = rig("face-lost-midway").job(provider)
    wire = job.poll(job.start())
    assert (job.status_of(wire), reason(provider, wire)) == ("failed", LOST[provider])


@pytest.mark.parametrize("fault", ["fail-at-99", "late-moderation-reject", "face-lost-midway"])
def test_a_task_that_fails_has_no_result(rig: Start, fault: str) -> None:
    here = rig(fault, clock="manual")
    job = here.job("kling")
    task_id = job.start()
    here.admin("POST", "clock/advance", {"until": "idle"})
    task = here.admin("GET", f"tasks/{task_id}")
    assert (task["stage"], task["links"]) == ("failed", {})


def test_a_cancel_is_confirmed_and_the_job_is_finished_all_the_same(rig: Start) -> None:
    here = rig("cancel-race", pace="quick", clock="manual")
    job = here.job("gmi")
    task_id = job.start()
    cancelled = job.cancel(task_id)
    assert (cancelled.status, job.status_of(cancelled)) == (200, "cancelled")
    assert job.status_of(job.poll(task_id)) == "queued"
    here.admin("POST", "clock/advance", {"until": "idle"})
    wire = job.poll(task_id)
    assert job.status_of(wire) == "success"
    assert job.download(wire).status == 200


def test_a_cancel_that_comes_after_the_end_is_refused_as_ever(rig: Start) -> None:
    here = rig("cancel-race")
    job = here.job("gmi")
    assert job.cancel(job.start()).status == 409
    assert here.admin("GET", "journal")["entries"][-1]["faults"] == []


def test_a_cancel_is_a_cancel_for_those_whom_no_fault_meets(rig: Start) -> None:
    job = rig("cancel-race@cancel#2", pace="quick", clock="manual").job("gmi")
    first, second = job.start(), job.start()
    assert job.status_of(job.cancel(first)) == "cancelled"
    assert job.status_of(job.poll(first)) == "cancelled"
    assert job.status_of(job.cancel(second)) == "cancelled"
    assert job.status_of(job.poll(second)) == "cancelled"
