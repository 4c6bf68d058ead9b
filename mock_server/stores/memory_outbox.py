"""The deliveries of one tenant in memory, those that wait for their moment in order of it."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterator

from mock_server.core.delivery import Delivery
from mock_server.stores.agreement import due_moment


class Outbox:
    """The next delivery is the first of a list; adding, changing and removing cost a binary search."""

    __slots__ = ("_by_task", "_deliveries", "_due", "_order")

    def __init__(self) -> None:
        self._deliveries: dict[str, Delivery] = {}
        self._order: list[tuple[int, str]] = []
        self._by_task: dict[str, list[tuple[int, str]]] = {}
        self._due: list[tuple[int, int, str]] = []

    @property
    def is_waiting(self) -> bool:
        """Whether a pending delivery has a moment."""
        return bool(self._due)

    def next(self) -> Delivery | None:
        return self._deliveries[self._due[0][2]] if self._due else None

    def get(self, delivery_id: str) -> Delivery | None:
        return self._deliveries.get(delivery_id)

    def in_order(self, task_id: str | None) -> Iterator[Delivery]:
        """By number; of one task or (None) of all."""
        order = self._order if task_id is None else self._by_task.get(task_id, [])
        return (self._deliveries[delivery_id] for _, delivery_id in order)

    def add(self, delivery: Delivery) -> None:
        """Nothing happens where the id is in use: what was there has a history."""
        if delivery.id in self._deliveries:
            return
        self._deliveries[delivery.id] = delivery
        insort(self._order, (delivery.number, delivery.id))
        insort(self._by_task.setdefault(delivery.task_id, []), (delivery.number, delivery.id))
        self._schedule(delivery)

    def remove(self, delivery: Delivery) -> None:
        del self._deliveries[delivery.id]
        entry = (delivery.number, delivery.id)
        del self._order[bisect_left(self._order, entry)]
        of_task = self._by_task[delivery.task_id]
        of_task.remove(entry)
        if not of_task:
            del self._by_task[delivery.task_id]
        self._unschedule(delivery)

    def replace(self, delivery: Delivery) -> None:
        """The delivery in the place of the one with its id; nothing happens where there is none."""
        before = self._deliveries.get(delivery.id)
        if before is not None:
            self.remove(before)
            self.add(delivery)

    def _schedule(self, delivery: Delivery) -> None:
        due_ms = due_moment(delivery)
        if due_ms is not None:
            insort(self._due, (due_ms, delivery.number, delivery.id))

    def _unschedule(self, delivery: Delivery) -> None:
        due_ms = due_moment(delivery)
        if due_ms is not None:
            del self._due[bisect_left(self._due, (due_ms, delivery.number, delivery.id))]
