"""A callback on its way: due from the plan, tried on a schedule, remembered attempt by attempt."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from mock_server.core.plan import Stage
from mock_server.core.task import Task

RETRY_DELAYS_MS = (1_000, 2_000, 4_000)
"""Waits after the first, second and third failure (kling.md ambiguity 22). ASSUMED: undocumented upstream."""


class DeliveryState(StrEnum):
    """What became of a delivery so far."""

    PENDING = "pending"
    DELIVERED = "delivered"
    EXHAUSTED = "exhausted"
    REFUSED = "refused"
    """The target is not allowed by the policy; nothing was sent."""
    LOST = "lost"
    """A fault kept it back for good; nothing was sent."""


class Attempt(Struct, frozen=True, gc=False):
    """One try. ``status`` is the receiver's answer, None where there was none; ``error`` says why in words."""

    number: int
    at_ms: int
    status: int | None
    error: str | None


class Delivery(Struct, frozen=True, gc=False):
    """One event for one receiver.

    ``id`` stays the same over all attempts. ``due_ms`` is None while the plan waits for a poll. ``number``
    orders deliveries that fall due at the same moment. ``held_by`` are the ids of the faults that have kept it back:
    none does so twice.
    """

    id: str
    tenant: str
    provider: str
    task_id: str
    number: int
    stage: Stage
    url: str
    due_ms: int | None
    state: DeliveryState = DeliveryState.PENDING
    attempts: tuple[Attempt, ...] = ()
    held_by: tuple[str, ...] = ()

    def after(self, attempt: Attempt, delays_ms: tuple[int, ...] = RETRY_DELAYS_MS) -> Delivery:
        """The delivery once ``attempt`` was made: delivered on any 2xx, else due again, else exhausted."""
        attempts = (*self.attempts, attempt)
        if attempt.status is not None and 200 <= attempt.status < 300:
            return replace(self, state=DeliveryState.DELIVERED, attempts=attempts)
        failures = len(attempts) - 1
        if failures < len(delays_ms):
            return replace(self, due_ms=attempt.at_ms + delays_ms[failures], attempts=attempts)
        return replace(self, state=DeliveryState.EXHAUSTED, attempts=attempts)

    def held(self, fault: str, until_ms: int | None) -> Delivery:
        """The delivery kept back by a fault until a moment, or (None) for good; that is no attempt."""
        held_by = (*self.held_by, fault)
        if until_ms is None:
            return replace(self, state=DeliveryState.LOST, held_by=held_by)
        return replace(self, due_ms=until_ms, held_by=held_by)

    def again(self, now_ms: int) -> Delivery:
        """The delivery put back in the queue by hand, due now, its attempts kept."""
        return replace(self, state=DeliveryState.PENDING, due_ms=now_ms)


def delivery_id(task_id: str, stage: Stage) -> str:
    """The id of the event that a task has reached a stage."""
    return f"{task_id}.{stage}"


def deliveries_of(task: Task) -> tuple[Delivery, ...]:
    """The callbacks that the task's plan calls for, in order; none without a ``callback_url``.

    One for each step whose stage is among ``callback_stages``. The id depends on task and stage alone, so that
    a plan computed again yields the same deliveries.
    """
    if not task.callback_url:
        return ()
    return tuple(
        Delivery(
            id=delivery_id(task.id, step.stage),
            tenant=task.tenant,
            provider=task.provider,
            task_id=task.id,
            number=task.number * 10 + position,
            stage=step.stage,
            url=task.callback_url,
            due_ms=step.at_ms,
        )
        for position, step in enumerate(task.plan.steps)
        if step.stage in task.callback_stages
    )
