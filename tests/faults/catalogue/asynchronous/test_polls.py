"""Polls that do not know the task, or see it as it was, or see it without its result."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

Start = Callable[..., Any]

RUNNING = {"kling": "processing", "gmi": "processing", "kirin": "in_progress"}
FIRST = {"kling": "submitted", "gmi": "queued", "kirin": "in_progress"}
DONE = {"kling": "succeed", "gmi": "success", "kirin": "completed"}
UNKNOWN = {
    "kling": lambda body: (body["code"], body["message"]) == (1203, "the requested resource does not exist"),
    "gmi": lambda body: body["error"] == "Request not found",
    "kirin": lambda body: body["error"]["code"] == "TASK_NOT_FOUND",
}


def words(job: Any, task_id: str, polls: int) -> list[str]:
    return [job.status_of(job.poll(task_id)) for _ in range(polls)]


def advance(here: Any, seconds: float) -> None:
    here.admin("POST", "clock/advance", {"seconds": seconds})


def results(provider: str, wire: Any) -> object:
    body = wire.json
    if provider == "kling":
        return body["data"]["task_result"]["videos"]
    return body.get("outcome" if provider == "gmi" else "output", "absent")


def test_a_task_is_not_known_at_its_first_two_polls(rig: Start, provider: str) -> None:
    job = rig("poll-404-lag", pace="polls:2").job(provider)
    task_id = job.start()
    seen = [job.poll(task_id) for _ in range(4)]
    assert [wire.status for wire in seen] == [404, 404, 200, 200]
    assert UNKNOWN[provider](seen[0].json)
    # a poll that does not know the task does not count for its pace either
    assert [job.status_of(wire) for wire in seen[2:]] == [RUNNING[provider], DONE[provider]]


def test_a_task_may_stay_unknown_and_is_there_all_the_same(rig: Start, provider: str) -> None:
    job = rig("poll-404-forever").job(provider)
    task_id = job.start()
    assert [job.poll(task_id).status for _ in range(5)] == [404] * 5
    assert [task["id"] for task in job.tasks()] == [task_id]


@pytest.mark.parametrize(("wait_s", "status"), [(60, 200), (60.001, 404)])
def test_a_task_is_forgotten_after_its_time(rig: Start, provider: str, wait_s: float, status: int) -> None:
    here = rig("task-gc-early", clock="manual")
    job = here.job(provider)
    task_id = job.start()
    advance(here, wait_s)
    wires = [job.poll(task_id) for _ in range(2)]
    assert [wire.status for wire in wires] == [status] * 2
    if status == 404:
        assert UNKNOWN[provider](wires[0].json)


def test_every_second_poll_sees_the_task_one_stage_ago(rig: Start, provider: str) -> None:
    here = rig("poll-replica-flap", "very-slow-success", clock="manual")
    job = here.job(provider)
    task_id = job.start()
    running = words(job, task_id, 4)
    advance(here, 3600)
    ended = words(job, task_id, 4)
    assert running == [RUNNING[provider], FIRST[provider]] * 2
    assert ended == [DONE[provider], RUNNING[provider]] * 2


def test_an_older_view_still_counts_for_the_pace_and_stands_in_the_journal_at_its_own_time(
    rig: Start, provider: str
) -> None:
    here = rig("poll-replica-flap", pace="polls:3", clock="manual")
    job = here.job(provider)
    advance(here, 100)
    task_id = job.start()
    seen = words(job, task_id, 4)
    assert [word == DONE[provider] for word in seen] == [False, False, True, False]
    entries = here.admin("GET", "journal")["entries"]
    assert {entry["at_ms"] for entry in entries[-4:]} == {entries[-1]["at_ms"]}


def test_an_ended_task_is_seen_as_processing_and_ends_again(rig: Start, provider: str) -> None:
    job = rig("terminal-regress", pace="polls:2").job(provider)
    seen = words(job, job.start(), 6)
    running, done = RUNNING[provider], DONE[provider]
    assert seen == [running, done, running, running, done, done]


def test_what_is_seen_as_processing_has_no_result(rig: Start, provider: str) -> None:
    job = rig("terminal-regress").job(provider)
    task_id = job.start()
    plain, regressed = job.poll(task_id), job.poll(task_id)
    assert results(provider, plain)
    assert results(provider, regressed) in ([], None, "absent")
    if provider == "kirin":
        assert set(regressed.json) == {"id", "created_at", "status", "model", "progress", "metadata"}


def test_a_failed_task_regresses_too(rig: Start) -> None:
    job = rig("terminal-regress", "error:1301@task").job("kling")
    assert words(job, job.start(), 4) == ["failed", "processing", "processing", "failed"]


def test_progress_goes_back_and_forth_until_the_task_ends(rig: Start, provider: str) -> None:
    job = rig("progress-backwards", pace="polls:5").job(provider)
    task_id = job.start()
    tasks = [job.poll(task_id).json for _ in range(5)]
    shown = [task["data"] if provider == "kling" else task for task in tasks]
    assert [task.get("progress") for task in shown[:3]] == [0.6, 0.4, 0.8]
    assert "progress" not in shown[4]


def test_success_comes_before_its_result(rig: Start, provider: str) -> None:
    job = rig("completed-output-late", pace="polls:2").job(provider)
    task_id = job.start()
    seen = [job.poll(task_id) for _ in range(4)]
    assert [job.status_of(wire) for wire in seen[1:]] == [DONE[provider]] * 3
    empty = {"kling": [], "gmi": None, "kirin": []}[provider]
    assert [results(provider, wire) for wire in seen[1:3]] == [empty, empty]
    assert job.download(seen[3]).status == 200


def test_polls_of_a_task_that_failed_do_not_count_as_success(rig: Start, provider: str) -> None:
    here = rig("completed-output-late", "face-lost-midway")
    job = here.job(provider)
    job.poll(job.start())
    assert "completed-output-late" not in here.admin("GET", "journal")["entries"][-1]["faults"]
