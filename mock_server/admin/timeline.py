"""The story of one task: what was asked, how it went, who was told, in order of time."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum

from mock_server.admin.ask import KEY, Ask
from mock_server.admin.operation import Operation
from mock_server.admin.paging import walk_deliveries, walk_entries
from mock_server.admin.tasks import find_task
from mock_server.admin.view import View, iso
from mock_server.core.delivery import Attempt, Delivery
from mock_server.core.journal import Entry, EntryKind
from mock_server.core.plan import Step
from mock_server.core.task import Task


class EventKind(StrEnum):
    """In the order in which events of one moment are told: a request brings about what follows it."""

    EXCHANGE = "exchange"
    STAGE = "stage"
    DELIVERY = "delivery"


class EventView(View):
    """``at_ms`` is null for a stage that waits for a poll. ``is_past`` is false for what is only planned."""

    at_ms: int | None
    at: str | None
    kind: EventKind
    is_past: bool
    text: str


class TimelineView(View):
    """The events of a task in order of time, on the tenant's clock."""

    task_id: str
    tenant: str
    provider: str
    now_ms: int
    events: tuple[EventView, ...]


async def get_timeline(ask: Ask) -> TimelineView:
    """The story of a task: requests, stages, callbacks, each in a sentence.

    Requests that the journal has dropped are missing.
    """
    task = await find_task(ask)
    now_ms = await ask.now_ms(task.tenant)
    entries = [entry async for _, entry in walk_entries(ask.store, task.tenant, task_id=task.id)]
    deliveries = [item async for _, item in walk_deliveries(ask.store, task.tenant, task_id=task.id)]
    told = [
        *(_exchange(entry) for entry in entries if entry.kind is EntryKind.EXCHANGE),
        *(_stage(task, step, now_ms) for step in task.plan.steps),
        *(event for delivery in deliveries for event in _attempts(delivery)),
    ]
    order = list(EventKind)
    told.sort(key=lambda event: (event.at_ms is None, event.at_ms or 0, order.index(event.kind)))
    return TimelineView(
        task_id=task.id, tenant=task.tenant, provider=task.provider, now_ms=now_ms, events=tuple(told)
    )


def _exchange(entry: Entry) -> EventView:
    name = f" ({entry.operation})" if entry.operation else ""
    outcome = f"refused with {entry.status}" if entry.error else f"answered with {entry.status}"
    reasons = "; ".join(violation.sentence() for violation in entry.violations) or entry.error
    why = f": {reasons}" if reasons else ""
    return _event(
        entry.at_ms,
        EventKind.EXCHANGE,
        f"The client's {entry.method} {entry.target}{name} was {outcome}{why}.",
    )


def _stage(task: Task, step: Step, now_ms: int) -> EventView:
    failure = task.plan.failure
    is_last = step is task.plan.steps[-1]
    why = f": {failure.error}, {failure.message!r}" if failure and is_last else ""
    if step.at_ms is None:
        return _event(
            None,
            EventKind.STAGE,
            f"The task will reach {step.stage} at poll {step.at_poll}{why}.",
            is_past=False,
        )
    is_past = step.at_ms <= now_ms
    verb = "reached" if is_past else "will reach"
    return _event(step.at_ms, EventKind.STAGE, f"The task {verb} {step.stage}{why}.", is_past=is_past)


def _attempts(delivery: Delivery) -> Iterator[EventView]:
    for attempt in delivery.attempts:
        told = f"The callback for {delivery.stage} was sent to {delivery.url}, attempt {attempt.number}"
        yield _event(attempt.at_ms, EventKind.DELIVERY, f"{told}: {_outcome(attempt)}.")


def _outcome(attempt: Attempt) -> str:
    return attempt.error or f"answered {attempt.status}"


def _event(at_ms: int | None, kind: EventKind, text: str, *, is_past: bool = True) -> EventView:
    return EventView(
        at_ms=at_ms, at=None if at_ms is None else iso(at_ms), kind=kind, is_past=is_past, text=text
    )


OPERATIONS = (Operation("GET", "/tasks/{id}/timeline", get_timeline, (KEY,), errors=(404,)),)
