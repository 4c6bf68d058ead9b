"""What the outbox asks of the house: the body of a callback, a line in the journal, the next change of any task."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from functools import partial
from itertools import count

from mock_server.core.delivery import Attempt, Delivery
from mock_server.core.journal import Entry, EntryKind
from mock_server.core.task import Task, TaskKind
from mock_server.flow.simulator import Simulator
from mock_server.providers.base import Provider

_PAGE = 500


class Outgoing:
    """Bound to one simulator; ``providers`` render their own callbacks."""

    def __init__(self, simulator: Simulator, providers: Iterable[Provider]) -> None:
        self._simulator = simulator
        self._providers = {provider.name: provider for provider in providers}

    async def render(self, delivery: Delivery) -> bytes | None:
        """The body for ``delivery``: its task as it stood when its stage was reached. None where the task is gone."""
        store = self._simulator.store
        task = await store.task(delivery.tenant, delivery.provider, delivery.task_id)
        world = await store.world(delivery.tenant)
        if task is None or world is None:
            return None
        moment_ms = next((step.at_ms for step in task.plan.steps if step.stage is delivery.stage), None)
        if moment_ms is None:
            return None
        dialect = partial(self._simulator.dialect, world)
        return await self._providers[delivery.provider].callback(store, task, moment_ms, dialect)

    async def note(self, delivery: Delivery, attempt: Attempt, body: bytes) -> None:
        """One line in the journal for one attempt."""
        number = await self._simulator.store.next_number(delivery.tenant, "request")
        keep = self._simulator.settings.journal_body_bytes
        entry = Entry(
            tenant=delivery.tenant,
            number=number,
            at_ms=attempt.at_ms,
            kind=EntryKind.DELIVERY,
            provider=delivery.provider,
            operation=f"callback.{delivery.stage}",
            method="POST",
            target=delivery.url,
            status=attempt.status or 0,
            request=body[:keep],
            request_bytes=len(body),
            task_id=delivery.task_id,
            error=attempt.error,
        )
        await self._simulator.store.append(entry)

    def is_signed(self, delivery: Delivery) -> bool:
        return self._providers[delivery.provider].signs_callbacks

    async def next_transition(self, tenant: str, now_ms: int) -> int | None:
        """The next moment after ``now_ms`` at which a task of the tenant reaches another stage by time alone."""
        changes = [task.plan.next_change_ms(now_ms) async for task in self._tasks(tenant)]
        return min((moment for moment in changes if moment is not None), default=None)

    async def _tasks(self, tenant: str) -> AsyncIterator[Task]:
        store = self._simulator.store
        for offset in count(0, _PAGE):
            page = await store.tasks(tenant, provider=None, kinds=tuple(TaskKind), offset=offset, limit=_PAGE)
            for task in page:
                yield task
            if len(page) < _PAGE:
                return
