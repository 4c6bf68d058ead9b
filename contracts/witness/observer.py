"""What a server has seen of one tenant, read over HTTP into the judge's own values."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from urllib.parse import quote

from msgspec import Struct

from contracts.witness.admin import Admin
from contracts.witness.journal import journal_of
from contracts.witness.witnessed import Event, Line, StepSeen, TaskSeen

_ENDS = frozenset({"succeeded", "failed", "cancelled"})
_DOWNLOAD = "download"


class Observation(Struct, frozen=True):
    """Everything at one moment. Lines are in the order of their numbers, tasks in that of their making."""

    lines: tuple[Line, ...]
    tasks: tuple[TaskSeen, ...]
    story: tuple[Event, ...]
    now_ms: int


class _Failure(Struct):
    error: str
    message: str


class _Task(Struct):
    id: str
    provider: str
    kind: str
    stage: str
    created_ms: int
    number: int
    external_id: str | None
    steps: tuple[StepSeen, ...]
    failure: _Failure | None
    links: dict[str, str]


class _Timeline(Struct):
    events: tuple[Event, ...]


class _Clock(Struct):
    now_ms: int


def observe(admin: Admin, *, in_full: bool = True) -> Observation:
    """``in_full``: with the tasks' stories. Raises AdminError where the server does not answer."""
    lines = journal_of(admin)
    tasks = sorted(admin.pages("tasks", "tasks", _Task), key=lambda task: task.number)
    return Observation(
        lines,
        tuple(_seen(task, lines) for task in tasks),
        _story(admin, lines, tasks) if in_full else (),
        now_ms(admin),
    )


def now_ms(admin: Admin) -> int:
    """The tenant's clock."""
    return admin.read("clock", _Clock).now_ms


def _seen(task: _Task, lines: Iterable[Line]) -> TaskSeen:
    has_ended = task.stage in _ENDS
    failure = task.failure if task.stage == "failed" else None
    return TaskSeen(
        id=task.id,
        provider=task.provider,
        kind=task.kind,
        stage=task.stage,
        created_ms=task.created_ms,
        ended_ms=next((step.at_ms for step in task.steps if step.stage == task.stage), None)
        if has_ended
        else None,
        external_id=task.external_id,
        failure=failure.error if failure else None,
        failure_message=failure.message if failure else None,
        result_url=task.links.get("video"),
        result_digest=_digest(task.id, lines),
        steps=task.steps,
    )


def _digest(task_id: str, lines: Iterable[Line]) -> str:
    """That of the last whole file or part of it which the client was served for the task."""
    served = [
        line.response_digest
        for line in lines
        if line.operation == _DOWNLOAD and line.task_id == task_id and line.response_digest
    ]
    return served[-1] if served else ""


def _story(admin: Admin, lines: Sequence[Line], tasks: Sequence[_Task]) -> tuple[Event, ...]:
    """Each task's own timeline, and before or between them the requests that belong to no task."""
    told = [event for task in tasks for event in _timeline(admin, task.id)]
    told += [
        Event(line.at_ms, line.kind, line.quote(), None, line.faults)
        for line in lines
        if line.task_id is None
    ]
    return tuple(sorted(told, key=lambda event: (event.at_ms is None, event.at_ms or 0)))


def _timeline(admin: Admin, task_id: str) -> tuple[Event, ...]:
    return admin.read(f"tasks/{quote(task_id, safe='')}/timeline", _Timeline).events
