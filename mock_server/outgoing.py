"""What the outbox asks of the house: the body of a callback, a line in the journal, the next change of any task."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from itertools import count

from msgspec import Struct
from msgspec.structs import replace

from contracts.model import Channel
from mock_server.core.delivery import Attempt, Delivery
from mock_server.core.journal import Entry, EntryKind
from mock_server.core.parcel import Parcel
from mock_server.core.plan import Failure, Plan, Stage
from mock_server.core.task import Task, TaskKind
from mock_server.core.world import World
from mock_server.flow.simulator import Simulator
from mock_server.providers.base import Provider

_PAGE = 500


class _Story(Struct, frozen=True):
    """A task, and which step of its plan a callback is about."""

    task: Task
    world: World
    position: int
    moment_ms: int


class Outgoing:
    """Bound to one simulator; ``providers`` render their own callbacks."""

    def __init__(self, simulator: Simulator, providers: Iterable[Provider]) -> None:
        self._simulator = simulator
        self._providers = {provider.name: provider for provider in providers}

    def render(self, delivery: Delivery) -> bytes | None:
        """The body for ``delivery``: its task as it stood when its stage was reached. None where the task is gone."""
        found = self._story(delivery)
        return None if found is None else self._body(found, found.task.plan, found.moment_ms)

    def retell(self, delivery: Delivery, parcel: Parcel) -> Parcel:
        """The parcel with the bodies of other stories: the task as failed, and at each stage before this one."""
        found = self._story(delivery)
        if found is None:
            return parcel
        steps = found.task.plan.steps
        before, here = steps[: found.position], steps[found.position]
        failed = Plan((*before, replace(here, stage=Stage.FAILED)), self._failure(delivery.provider))
        earlier = [
            (step.stage, self._body(found, Plan(steps[:count]), step.at_ms))
            for count, step in enumerate(before, 1)
            if step.at_ms is not None
        ]
        failed_body = self._body(found, failed, found.moment_ms)
        return replace(parcel, failed_body=failed_body, earlier=tuple(earlier))

    def note(
        self, delivery: Delivery, attempt: Attempt, parcel: Parcel | None, faults: tuple[str, ...] = ()
    ) -> None:
        """One line in the journal for one POST, or for an attempt that had nothing to send."""
        number = self._simulator.store.next_number(delivery.tenant, "request")
        keep = self._simulator.settings.journal_body_bytes
        body = parcel.body if parcel else b""
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
            headers=tuple(parcel.headers.items()) if parcel else (),
            request=body[:keep],
            request_bytes=len(body),
            task_id=delivery.task_id,
            error=attempt.error,
            faults=faults,
        )
        self._simulator.store.append(entry)

    def is_signed(self, delivery: Delivery) -> bool:
        return self._providers[delivery.provider].signs_callbacks

    def last_transition(self, tenant: str, now_ms: int) -> int | None:
        """The last moment after ``now_ms`` at which a task of the tenant reaches another stage by time alone."""
        changes = [task.plan.last_change_ms(now_ms) for task in self._tasks(tenant)]
        return max((moment for moment in changes if moment is not None), default=None)

    def _story(self, delivery: Delivery) -> _Story | None:
        store = self._simulator.store
        task = store.task(delivery.tenant, delivery.provider, delivery.task_id)
        world = store.world(delivery.tenant)
        if task is None or world is None:
            return None
        for position, step in enumerate(task.plan.steps):
            if step.stage is delivery.stage:
                return None if step.at_ms is None else _Story(task, world, position, step.at_ms)
        return None

    def _body(self, story: _Story, plan: Plan, moment_ms: int) -> bytes:
        task = replace(story.task, plan=plan)
        dialect = partial(self._simulator.dialect, story.world)
        return self._providers[task.provider].callback(self._simulator.store, task, moment_ms, dialect)

    def _failure(self, provider: str) -> Failure:
        """How the provider words an accepted task that failed for no particular reason."""
        errors = self._providers[provider].contract.errors.values()
        row = next(row for row in errors if row.channel is Channel.TASK)
        return Failure(row.name, row.message)

    def _tasks(self, tenant: str) -> Iterator[Task]:
        store = self._simulator.store
        for offset in count(0, _PAGE):
            page = store.tasks(tenant, provider=None, kinds=tuple(TaskKind), offset=offset, limit=_PAGE)
            yield from page
            if len(page) < _PAGE:
                return
