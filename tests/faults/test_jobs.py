"""What a task is to a fault: a job or not, and how far."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from mock_server.core.plan import Plan, Stage, Step
from mock_server.core.task import Task, TaskKind
from mock_server.faults.jobs import has_ended, has_succeeded, is_job, is_running, state_of

DONE = Plan((Step(Stage.SUBMITTED, 0), Step(Stage.PROCESSING, 10), Step(Stage.SUCCEEDED, 20)))
LOST = Plan((Step(Stage.SUBMITTED, 0), Step(Stage.FAILED, 20)))


def scene(kind: TaskKind | None, plan: Plan = DONE, now_ms: int = 20) -> Any:
    task = None if kind is None else Task("1", "t", "kling", kind, 1, plan, "http://host")
    ended = task is not None and task.plan.has_ended(now_ms)
    return SimpleNamespace(task=task, now_ms=now_ms, has_ended=ended)


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (TaskKind.LIP_SYNC, True),
        (TaskKind.LEGACY_LIP_SYNC, True),
        (TaskKind.IDENTIFY, False),
        (TaskKind.SPEECH, False),
        (None, False),
    ],
)
def test_a_job_is_a_lip_sync(kind: TaskKind | None, expected: bool) -> None:
    assert is_job(scene(kind)) is expected
    assert has_ended(scene(kind)) is expected
    assert has_succeeded(scene(kind)) is expected
    assert is_running(scene(kind, now_ms=19)) is expected


@pytest.mark.parametrize(
    ("plan", "now_ms", "found"),
    [
        (DONE, 19, (True, False, False)),
        (DONE, 20, (False, True, True)),
        (LOST, 19, (True, False, False)),
        (LOST, 20, (False, True, False)),
        (Plan(DONE.steps[:2]), 10**12, (True, False, False)),
    ],
)
def test_a_job_runs_until_it_ends_one_way_or_the_other(
    plan: Plan, now_ms: int, found: tuple[bool, bool, bool]
) -> None:
    at = scene(TaskKind.LIP_SYNC, plan, now_ms)
    assert (is_running(at), has_ended(at), has_succeeded(at)) == found


def test_without_a_task_there_is_no_state() -> None:
    assert state_of(scene(None)) is None
