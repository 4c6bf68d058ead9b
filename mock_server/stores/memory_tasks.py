"""The tasks of one tenant at one provider, in memory, with everything that they are looked up by."""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterator

from mock_server.core.task import Task
from mock_server.stores.base import ExternalIdTaken


class Slots:
    """How many tasks hold a slot at a moment: their ends in order, and a count of those without one."""

    __slots__ = ("_endless", "_ends")

    def __init__(self) -> None:
        self._ends: list[int] = []
        self._endless = 0

    def taken(self, now_ms: int) -> int:
        """The tasks that have not ended at ``now_ms``. A task that ends at ``now_ms`` has."""
        ends = self._ends
        if not ends or ends[-1] <= now_ms:
            return self._endless
        return self._endless + len(ends) - bisect_right(ends, now_ms)

    def add(self, task: Task) -> None:
        if not task.holds_slot:
            return
        end_ms = task.plan.ends_ms
        if end_ms is None:
            self._endless += 1
        else:
            ends = self._ends
            # what comes last, as nearly all does, costs one look and no search through cold memory
            if ends and end_ms < ends[-1]:
                insort(ends, end_ms)
            else:
                ends.append(end_ms)

    def remove(self, task: Task) -> None:
        if not task.holds_slot:
            return
        if task.plan.ends_ms is None:
            self._endless -= 1
        else:
            del self._ends[bisect_left(self._ends, task.plan.ends_ms)]


class ServiceTasks:
    """Look-ups cost one dict access; adding and changing cost a binary search."""

    __slots__ = ("_by_external_id", "_by_result_id", "_order", "_tasks", "slots")

    def __init__(self) -> None:
        self._tasks: dict[str, Task] = {}
        self._order: list[str] = []
        self._by_external_id: dict[str, str] = {}
        self._by_result_id: dict[str, str] = {}
        self.slots = Slots()

    def get(self, task_id: str) -> Task | None:
        return self._tasks.get(task_id)

    def by_external_id(self, external_id: str) -> Task | None:
        return self._tasks.get(self._by_external_id.get(external_id, ""))

    def by_result_id(self, result_id: str) -> Task | None:
        """The task whose ``result_id`` or ``upstream_id`` this is."""
        return self._tasks.get(self._by_result_id.get(result_id, ""))

    def newest_first(self) -> Iterator[Task]:
        return (self._tasks[task_id] for task_id in reversed(self._order))

    def require_free_external_id(self, task: Task) -> None:
        """Raises ExternalIdTaken where another task has it."""
        if task.external_id is not None and self._by_external_id.get(task.external_id, task.id) != task.id:
            raise ExternalIdTaken(task.external_id)

    def add(self, task: Task) -> None:
        self._tasks[task.id] = task
        if self._order and task.number < self._number_of(self._order[-1]):
            insort(self._order, task.id, key=self._number_of)
        else:
            self._order.append(task.id)
        self._index(task)

    def _number_of(self, task_id: str) -> int:
        return self._tasks[task_id].number

    def replace(self, before: Task, after: Task) -> None:
        """``after`` in the place of ``before``, which has the same id and number."""
        self._unindex(before)
        self._tasks[after.id] = after
        self._index(after)

    def _index(self, task: Task) -> None:
        if task.external_id is not None:
            self._by_external_id[task.external_id] = task.id
        if task.result_id:
            self._by_result_id[task.result_id] = task.id
        if task.upstream_id:
            self._by_result_id[task.upstream_id] = task.id
        self.slots.add(task)

    def _unindex(self, task: Task) -> None:
        if task.external_id is not None:
            del self._by_external_id[task.external_id]
        for result_id in filter(None, (task.result_id, task.upstream_id)):
            self._by_result_id.pop(result_id, None)
        self.slots.remove(task)
