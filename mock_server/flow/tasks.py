"""Accept a task, look one up, list them: what all three providers do the same way."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from contracts.model import Violation
from mock_server.core.delivery import Delivery, deliveries_of
from mock_server.core.errors import Refused, TaskEnded
from mock_server.core.plan import Failure, Plan, Stage
from mock_server.core.task import Task, TaskKind
from mock_server.flow.call import Call
from mock_server.flow.simulator import Simulator
from mock_server.flow.till import require_funds_for
from mock_server.stores.base import ExternalIdTaken, SlotsFull


def plan_of(call: Call, stages: Sequence[Stage], task_id: str, failure: Failure | None) -> Plan:
    """The plan by the pace in force; with a ``failure`` the last stage is FAILED instead."""
    path = (*stages[:-1], Stage.FAILED) if failure else stages
    return call.simulator.pace(call.home).plan(path, call.now_ms, call.choices, task_id, failure)


def accept(call: Call, task: Task, *, slots: int | None = None) -> Task:
    """Store ``task`` with the deliveries of its plan, whole or not at all; the task as it was stored.

    Raises Refused: "invalid-value" for an external id in use, "slots-full" where no slot is free, and the provider's
    row for an account that cannot pay.
    """
    if call.on_accept is not None:
        task = call.on_accept(task)
    if call.home.funds:
        require_funds_for(call, task)
    deliveries = deliveries_of(task)
    try:
        call.simulator.store.add_task(task, deliveries, slots=slots, now_ms=call.now_ms)
    except ExternalIdTaken:
        taken = Violation("external_task_id", "external-id", "is already used by another of your tasks")
        raise Refused("invalid-value", (taken,)) from None
    except SlotsFull:
        raise Refused("slots-full") from None
    call.task_id = task.id
    call.simulator.savings.add_task(task)
    if deliveries:
        call.simulator.wake_outbox(call.tenant)
    return task


def look_up(call: Call, provider: str, kinds: Collection[TaskKind], either_id: str) -> Task:
    """The task with this id, else with this external id, after counting the poll. Raises Refused("not-found")."""
    store, tenant = call.simulator.store, call.home.tenant
    task = store.task(tenant, provider, either_id)
    if task is None:
        task = store.task_by_external_id(tenant, provider, either_id)
    if task is None or task.kind not in kinds:
        raise Refused("not-found")
    call.task_id = task.id
    return count_poll(call, task) if task.plan.waits_for_polls else task


def count_poll(call: Call, task: Task) -> Task:
    """The task after this poll; a plan that goes by time is not touched."""
    if not task.plan.waits_for_polls:
        return task

    def polled(current: Task) -> tuple[Task, Sequence[Delivery]]:
        changed = current.polled(call.now_ms)
        return changed, deliveries_of(changed)

    changed = call.simulator.store.change_task(task.tenant, task.provider, task.id, polled)
    if task.callback_url:
        call.simulator.wake_outbox(call.tenant)
    return changed or task


def end_task(
    simulator: Simulator,
    task: Task,
    stage: Stage,
    now_ms: int,
    failure: Failure | None = None,
    change: Callable[[Task, Task], Task] | None = None,
) -> Task | None:
    """The task brought to an end by hand, its pending callbacks replaced by that of the end; None where it is gone.

    ``change`` has the last word on what is stored. Raises TaskEnded where it had ended, also where that happened
    just now.
    """

    def ended(current: Task) -> tuple[Task, Sequence[Delivery]]:
        reached = current.plan.at(now_ms).stage
        if reached.is_terminal:
            raise TaskEnded(reached)
        changed = current.ended(stage, now_ms, failure)
        if change is not None:
            changed = change(current, changed)
        return changed, deliveries_of(changed)

    changed = simulator.store.change_task(task.tenant, task.provider, task.id, ended)
    simulator.wake_outbox(task.tenant)
    return changed
