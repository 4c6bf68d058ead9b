"""What is shown of a finished task, kept as bytes: it is asked for again and again, and never changes."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from mock_server.core.task import Task

KEPT_TASKS = 1_024


class FinishedTasks:
    """The renderings of up to ``KEPT_TASKS`` tasks. One is good for as long as the task is the very same value."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[Task, msgspec.Raw]] = {}

    def rendered(self, task: Task, render: Callable[[], object]) -> msgspec.Raw:
        """The JSON of ``task``, made by ``render`` where it is not kept yet."""
        kept = self._kept.get(task.id)
        if kept is not None and kept[0] == task:
            return kept[1]
        if len(self._kept) >= KEPT_TASKS:
            self._kept.clear()
        data = msgspec.Raw(msgspec.json.encode(render()))
        self._kept[task.id] = task, data
        return data
