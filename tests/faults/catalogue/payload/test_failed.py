"""Tasks that fail, and answers that hide it or hide why."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Start = Callable[..., Any]


def failed(rig: Start, provider: str, fault: str) -> tuple[Any, Any]:
    """A job and the answer to its first poll."""
    job = rig(fault).job(provider)
    return job, job.poll(job.start())


def test_a_failed_task_comes_with_code_0_and_a_cheerful_message(rig: Start, provider: str) -> None:
    job, wire = failed(rig, provider, "failed-message-succeed")
    assert wire.status == 200
    assert job.status_of(wire) == "failed"
    assert (wire.json["code"], wire.json["message"]) == (0, "SUCCEED")


REASONS = {
    "kling": lambda body: body["data"]["task_status_msg"],
    "gmi": lambda body: body["outcome"]["error"],
    "kirin": lambda body: body["error"]["error_message"],
}


def test_the_reason_still_stands_where_it_belongs(rig: Start, provider: str) -> None:
    _, wire = failed(rig, provider, "failed-message-succeed")
    assert REASONS[provider](wire.json)


def test_while_it_runs_nothing_is_changed(rig: Start) -> None:
    job = rig("failed-message-succeed", pace="polls:2").job("gmi")
    wire = job.poll(job.start())
    assert "message" not in wire.json


WITHOUT = {
    "kling": lambda body: body["data"]["task_status_msg"] == "" and body["message"] == "SUCCEED",
    "gmi": lambda body: body["outcome"] == {"error": ""} and body.get("error", "") == "",
    "kirin": lambda body: body["error"] is None,
}


def test_a_failed_task_gives_no_reason_at_all(rig: Start, provider: str) -> None:
    job, wire = failed(rig, provider, "failed-no-reason")
    assert job.status_of(wire) == "failed"
    assert WITHOUT[provider](wire.json)


def test_the_task_has_really_failed(rig: Start, provider: str) -> None:
    for fault in ("failed-message-succeed", "failed-no-reason"):
        job, _ = failed(rig, provider, fault)
        assert [task["stage"] for task in job.tasks()] == ["failed"]


def test_a_list_has_no_reason_either(rig: Start) -> None:
    job, _ = failed(rig, "kling", "failed-no-reason")
    assert [task["task_status_msg"] for task in job.listed().json["data"]] == [""]


def test_only_the_chosen_submit_fails(rig: Start, provider: str) -> None:
    job = rig("failed-message-succeed#2").job(provider)
    job.identify()
    tasks = [job.task_id_of(job.submit()) for _ in range(3)]
    ends = [job.status_of(job.poll(task_id)) == "failed" for task_id in tasks]
    assert ends == [False, True, False]
