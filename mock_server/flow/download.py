"""A request for what a task or a call has made: who made it, when it is asked for, and how."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from mock_server.core.session import Speech
from mock_server.core.task import Task
from mock_server.core.world import World
from mock_server.flow.call import Headers


class Download(Struct):
    """``owner`` is what the file is the result of, ``world`` and ``now_ms`` those of its tenant, whoever asks."""

    owner: Task | Speech
    world: World
    now_ms: int
    method: str
    path: str
    query: Mapping[str, str]
    headers: Headers
    base_url: str
    faults: tuple[str, ...] = ()
    """Ids of the faults that fired, for the journal."""

    @property
    def task(self) -> Task | None:
        """The task, where a task has made the file."""
        return self.owner if isinstance(self.owner, Task) else None
