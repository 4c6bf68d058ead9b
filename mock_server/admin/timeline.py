"""The story of one task: what was asked, how it went, who was told, in order of time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import IntEnum, StrEnum

from msgspec.structs import replace

from mock_server.admin.advice import advice_on
from mock_server.admin.ask import KEY, Ask
from mock_server.admin.operation import Operation
from mock_server.admin.paging import walk_deliveries, walk_entries
from mock_server.admin.tasks import find_task
from mock_server.admin.view import View, iso
from mock_server.core.delivery import Delivery, DeliveryState
from mock_server.core.journal import Entry, EntryKind
from mock_server.core.plan import Step
from mock_server.core.task import Task
from mock_server.faults.grammar import Grammar


class EventKind(StrEnum):
    """What an event is about."""

    EXCHANGE = "exchange"
    STAGE = "stage"
    DELIVERY = "delivery"


class _Rank(IntEnum):
    """The order in which events of one moment are told: causes before effects."""

    STAGE_BY_TIME = 0
    EXCHANGE = 1
    STAGE_BY_REQUEST = 2
    DELIVERY = 3


class EventView(View):
    """``at_ms`` is null for a stage that waits for a poll. ``is_past`` is false for what is only planned.

    ``gap_ms`` is the time since the client's request before this one about the same task. ``faults`` are the ids of
    those that fired. ``advice`` is what a good client does at this point, where that is worth a word.
    """

    at_ms: int | None
    at: str | None
    kind: EventKind
    is_past: bool
    text: str
    gap_ms: int | None = None
    faults: tuple[str, ...] = ()
    advice: str | None = None


class TimelineView(View):
    """The events of a task in order of time, on the tenant's clock."""

    task_id: str
    tenant: str
    provider: str
    now_ms: int
    events: tuple[EventView, ...]


_Told = tuple[tuple[bool, int, _Rank], EventView]
_SWEEP = "A good client would poll as well, now and then: a callback is a hint and no promise."


async def get_timeline(ask: Ask) -> TimelineView:
    """The story of a task: requests, stages, callbacks, each in a sentence.

    Requests that the journal has dropped are missing.
    """
    task = find_task(ask)
    now_ms = ask.now_ms(task.tenant)
    entries = [entry for _, entry in walk_entries(ask.store, task.tenant, task_id=task.id)]
    deliveries = [item for _, item in walk_deliveries(ask.store, task.tenant, task_id=task.id)]
    told = [
        *_exchanges(ask.house.faults.grammar, task, entries),
        *_stages(task, now_ms),
        *(event for delivery in deliveries for event in _attempts(delivery)),
    ]
    return TimelineView(
        task_id=task.id,
        tenant=task.tenant,
        provider=task.provider,
        now_ms=now_ms,
        events=tuple(event for _, event in sorted(told, key=lambda item: item[0])),
    )


def _exchanges(grammar: Grammar, task: Task, entries: Sequence[Entry]) -> Iterator[_Told]:
    before: Entry | None = None
    for entry in entries:
        if entry.kind is not EntryKind.EXCHANGE:
            continue
        place, event = _exchange(entry)
        gap_ms = None if before is None else entry.at_ms - before.at_ms
        words = advice_on(entry, before, task, grammar)
        yield place, replace(event, gap_ms=gap_ms, faults=entry.faults, advice=words or None)
        before = entry


def _exchange(entry: Entry) -> _Told:
    name = f" ({entry.operation})" if entry.operation else ""
    outcome = f"refused with {entry.status}" if entry.error else f"answered with {entry.status}"
    if entry.status == 0:
        outcome = "never answered"
    if entry.faults:
        outcome += f", met by the fault {', '.join(entry.faults)}"
    reasons = "; ".join(violation.sentence() for violation in entry.violations) or entry.error
    why = f": {reasons}" if reasons else ""
    text = f"The client's {entry.method} {entry.target}{name} was {outcome}{why}."
    return _told(entry.at_ms, _Rank.EXCHANGE, EventKind.EXCHANGE, text)


def _stages(task: Task, now_ms: int) -> Iterator[_Told]:
    before_ms: int | None = None
    for step in task.plan.steps:
        # the first stage comes with the request, and steps of one moment keep their order
        is_by_time = step.at_poll is None and before_ms is not None and step.at_ms != before_ms
        rank = _Rank.STAGE_BY_TIME if is_by_time else _Rank.STAGE_BY_REQUEST
        is_past = step.at_ms is not None and step.at_ms <= now_ms
        yield _told(
            step.at_ms, rank, EventKind.STAGE, _stage_text(task, step, is_past=is_past), is_past=is_past
        )
        before_ms = step.at_ms


def _stage_text(task: Task, step: Step, *, is_past: bool) -> str:
    failure = task.plan.failure if step is task.plan.steps[-1] else None
    why = f": {failure.error}, {failure.message!r}" if failure else ""
    when = f" at poll {step.at_poll}" if step.at_ms is None else ""
    return f"The task {'reached' if is_past else 'will reach'} {step.stage}{when}{why}."


def _attempts(delivery: Delivery) -> Iterator[_Told]:
    for attempt in delivery.attempts:
        told = f"The callback for {delivery.stage} was sent to {delivery.url}, attempt {attempt.number}"
        outcome = attempt.error or f"answered {attempt.status}"
        yield _told(attempt.at_ms, _Rank.DELIVERY, EventKind.DELIVERY, f"{told}: {outcome}.")
    if delivery.held_by:
        fate = "never sent" if delivery.state is DeliveryState.LOST else "put off"
        text = f"The callback for {delivery.stage} was {fate}, by the fault {', '.join(delivery.held_by)}."
        place, event = _told(delivery.due_ms, _Rank.DELIVERY, EventKind.DELIVERY, text)
        yield place, replace(event, faults=delivery.held_by, advice=_SWEEP)


def _told(at_ms: int | None, rank: _Rank, kind: EventKind, text: str, *, is_past: bool = True) -> _Told:
    """The event, and where it stands: what has no moment yet stands last."""
    at = None if at_ms is None else iso(at_ms)
    event = EventView(at_ms=at_ms, at=at, kind=kind, is_past=is_past, text=text)
    return (at_ms is None, at_ms or 0, rank), event


OPERATIONS = (Operation("GET", "/tasks/{id}/timeline", get_timeline, (KEY,), errors=(404,)),)
