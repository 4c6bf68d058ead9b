"""What every store decides alike. Pure, so that no store has an opinion of its own."""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterable, Sequence

from mock_server.core.delivery import Delivery, DeliveryState
from mock_server.core.task import Task
from mock_server.stores.base import Part


def is_untouched(delivery: Delivery) -> bool:
    """Whether a change of the task may still take the delivery back: pending, never attempted, never kept back."""
    return delivery.state is DeliveryState.PENDING and not (delivery.attempts or delivery.held_by)


def due_moment(delivery: Delivery) -> int | None:
    """When the delivery wants to be sent; None for one that has ended or waits for a poll."""
    return delivery.due_ms if delivery.state is DeliveryState.PENDING else None


def revised(
    existing: Iterable[Delivery], proposed: Sequence[Delivery]
) -> tuple[list[Delivery], list[Delivery]]:
    """The deliveries of one task to remove and to add, so that ``proposed`` replaces the untouched ones.

    What both sides agree on is in neither list: a change that changes nothing writes nothing.
    """
    existing = tuple(existing)
    untouched = {delivery.id: delivery for delivery in existing if is_untouched(delivery)}
    fixed = {delivery.id for delivery in existing} - untouched.keys()
    wanted = {delivery.id: delivery for delivery in proposed}
    removed = [delivery for delivery in untouched.values() if wanted.get(delivery.id) != delivery]
    added = [
        delivery
        for delivery in wanted.values()
        if delivery.id not in fixed and untouched.get(delivery.id) != delivery
    ]
    return removed, added


def require_same_identity(before: Task, after: Task) -> None:
    """Raises ValueError where a change made another task of it.

    Tenant, provider, id and number are for life.
    """
    if _identity(before) != _identity(after):
        raise ValueError(f"a change must keep tenant, provider, id and number of task {before.id}")


def _identity(task: Task) -> tuple[str, str, str, int]:
    return (task.tenant, task.provider, task.id, task.number)


def forgets_counters(parts: Collection[Part]) -> bool:
    """Whether a reset of ``parts`` starts the counters again: once nothing that carries a number is left.

    A reset of tasks alone must not: the journal that stays speaks of the old ids, and new ids are made of
    the numbers.
    """
    return Part.TASKS in parts and Part.JOURNAL in parts


def bounded(index: int) -> int:
    """``index``, or the largest that a store can count to: a page beyond it is as empty."""
    return min(index, sys.maxsize)
