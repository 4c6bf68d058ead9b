"""No face, a session that ends too soon, a face of another session: as the provider itself would say it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

Start = Callable[..., Any]
STALE = "face_choose[0].face_id is not a face of this session"


def late_reason(provider: str, job: Any, submitted: Any) -> str:
    """What the accepted task says about why it failed."""
    wire = job.poll(job.task_id_of(submitted))
    assert job.status_of(wire) == "failed"
    return str(wire.json["outcome"]["error"] if provider == "gmi" else wire.json["error"]["error_message"])


def test_no_face_is_found_in_the_providers_words(rig: Start, provider: str) -> None:
    job = rig("face-none").job(provider)
    wire = job.identify()
    if provider == "kling":
        assert (wire.status, wire.json["code"]) == (400, 1201)
        assert wire.json["message"] == "there is no human in the video"
    elif provider == "gmi":
        assert (wire.status, wire.json["error"]) == (500, "Backend error (400). Please try again.")
    else:
        assert "there is no human in the video" in late_reason(provider, job, wire)


def test_no_face_is_an_empty_list_where_the_dialect_says_so(rig: Start, provider: str) -> None:
    job = rig("face-none", dialects={f"{provider}.no_face": "empty"}).job(provider)
    wire = job.identify()
    assert wire.status == 200
    if provider == "kling":
        assert wire.json["data"]["face_data"] == []
    elif provider == "gmi":
        assert wire.json["outcome"]["data"]["face_data"] == []
    else:
        found = job.poll(job.task_id_of(wire)).json["output"][0]["content"][0]["text"]
        assert json.loads(found)["data"]["face_data"] == []


def test_a_session_is_over_at_once_and_the_next_one_is_not(rig: Start, provider: str) -> None:
    here = rig("face-session-expired")
    job = here.job(provider)
    job.identify()
    refused = job.submit()
    if provider == "kling":
        assert (refused.status, refused.json["code"]) == (400, 1201)
        assert "session_id has expired" in refused.json["message"]
        assert job.tasks() == []
    else:
        assert "session_id has expired" in late_reason(provider, job, refused)
    job.identify()
    assert job.status_of(job.poll(job.task_id_of(job.submit()))) in {"succeed", "success", "completed"}


@pytest.mark.parametrize(("wait_s", "status"), [(29.999, 200), (30, 400)])
def test_a_session_is_good_for_as_long_as_it_is_told(rig: Start, wait_s: float, status: int) -> None:
    here = rig("face-session-expired;after_ms=30000", clock="manual")
    job = here.job("kling")
    job.identify()
    here.admin("POST", "clock/advance", {"seconds": wait_s})
    assert job.submit().status == status


def test_a_face_is_none_of_the_session(rig: Start, provider: str) -> None:
    here = rig("face-id-stale")
    job = here.job(provider)
    job.identify()
    refused = job.submit()
    if provider == "kling":
        assert (refused.status, refused.json["code"]) == (400, 1201)
        assert STALE in refused.json["message"]
        assert job.tasks() == []
    else:
        assert STALE in late_reason(provider, job, refused)
    assert here.admin("GET", "journal")["entries"][-2 if provider != "kling" else -1]["faults"] == [
        "face-id-stale"
    ]


@pytest.mark.parametrize("switch", [("gmi", "gmi.upstream_faults"), ("kirin", "kirin.upstream_faults")])
def test_where_upstream_faults_show_at_the_submit_a_stale_face_does_too(
    rig: Start, switch: tuple[str, str]
) -> None:
    provider, dialect = switch
    job = rig("face-id-stale", dialects={dialect: "create"}).job(provider)
    job.identify()
    refused = job.submit()
    assert refused.status == 400
    assert STALE in refused.body.decode()
    assert job.tasks() == []


def test_the_session_itself_is_not_changed_by_a_stale_face(rig: Start) -> None:
    job = rig("face-id-stale@submit#1").job("kling")
    job.identify()
    assert [job.submit().status for _ in range(2)] == [400, 200]
