"""The store that forgets with the process: dicts and sorted lists, one set a tenant."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from heapq import merge
from itertools import islice
from typing import TypeVar

from mock_server.core.delivery import Delivery
from mock_server.core.journal import Entry
from mock_server.core.media import MediaFacts
from mock_server.core.session import Session, Speech
from mock_server.core.task import Task, TaskKind
from mock_server.core.world import World
from mock_server.stores.agreement import bounded, require_same_identity, revised
from mock_server.stores.base import JournalPage, Part, SlotsFull
from mock_server.stores.memory_tasks import ServiceTasks
from mock_server.stores.memory_tenant import Tenant

_T = TypeVar("_T")


class MemoryStore:
    """See ``Store``.

    Reading never creates a tenant: a key that was only asked about costs no memory.
    """

    def __init__(self, journal_cap: int) -> None:
        self._journal_cap = journal_cap
        self._tenants: dict[str, Tenant] = {}
        self._speeches: dict[str, Speech] = {}
        self._owners: dict[str, ServiceTasks] = {}
        """By result id, the tasks among which its own is."""

    def _made(self, tenant: str) -> Tenant:
        found = self._tenants.get(tenant)
        if found is None:
            found = self._tenants[tenant] = Tenant(self._journal_cap)
        return found

    def _service(self, tenant: str, provider: str) -> ServiceTasks | None:
        found = self._tenants.get(tenant)
        return None if found is None else found.services.get(provider)

    def open(self) -> None:
        """Nothing to do."""

    def close(self) -> None:
        """Nothing to do."""

    def worlds(self) -> tuple[World, ...]:
        """In order of the tenant's name."""
        found = (tenant.world for _, tenant in sorted(self._tenants.items()))
        return tuple(world for world in found if world is not None)

    def world(self, tenant: str) -> World | None:
        found = self._tenants.get(tenant)
        return None if found is None else found.world

    def save_world(self, world: World) -> None:
        self._made(world.tenant).world = world

    def next_number(self, tenant: str, counter: str) -> int:
        counters = self._made(tenant).counters
        number = counters[counter] = counters.get(counter, 0) + 1
        return number

    def tally(self, tenant: str, name: str) -> int:
        tallies = self._made(tenant).tallies
        count = tallies[name] = tallies.get(name, 0) + 1
        return count

    def tallies(self, tenant: str) -> Mapping[str, int]:
        found = self._tenants.get(tenant)
        return {} if found is None else dict(sorted(found.tallies.items()))

    def forget_tallies(self, tenant: str, names: Collection[str]) -> None:
        found = self._tenants.get(tenant)
        if found is not None:
            for name in names:
                found.tallies.pop(name, None)

    def add_session(self, session: Session) -> None:
        self._made(session.tenant).sessions[session.provider, session.id] = session

    def session(self, tenant: str, provider: str, session_id: str) -> Session | None:
        found = self._tenants.get(tenant)
        return None if found is None else found.sessions.get((provider, session_id))

    def add_speech(self, speech: Speech) -> None:
        self._made(speech.tenant).speeches[speech.provider, speech.id] = speech
        self._speeches[speech.id] = speech

    def speech(self, tenant: str, provider: str, speech_id: str) -> Speech | None:
        found = self._tenants.get(tenant)
        return None if found is None else found.speeches.get((provider, speech_id))

    def find_speech(self, speech_id: str) -> Speech | None:
        return self._speeches.get(speech_id)

    def add_task(self, task: Task, deliveries: Sequence[Delivery], *, slots: int | None, now_ms: int) -> None:
        """See ``Store``. Raises ValueError where the task's own id is in use, which is the caller's fault."""
        tenant = self._made(task.tenant)
        service = tenant.services.get(task.provider)
        if service is None:
            service = tenant.services[task.provider] = ServiceTasks()
        if service.get(task.id) is not None:
            raise ValueError(f"there is a task {task.id} already")
        service.require_free_external_id(task)
        if task.holds_slot and slots is not None and service.slots.taken(now_ms) >= slots:
            raise SlotsFull
        service.add(task)
        self._own(service, task)
        for delivery in deliveries:
            tenant.outbox.add(delivery)

    def task(self, tenant: str, provider: str, task_id: str) -> Task | None:
        service = self._service(tenant, provider)
        return None if service is None else service.get(task_id)

    def task_by_external_id(self, tenant: str, provider: str, external_id: str) -> Task | None:
        service = self._service(tenant, provider)
        return None if service is None else service.by_external_id(external_id)

    def task_by_result_id(self, tenant: str, provider: str, result_id: str) -> Task | None:
        service = self._service(tenant, provider)
        return None if service is None else service.by_result_id(result_id)

    def find_result(self, result_id: str) -> Task | None:
        owner = self._owners.get(result_id)
        return None if owner is None else owner.by_result_id(result_id)

    def tasks(
        self, tenant: str, *, provider: str | None, kinds: Collection[TaskKind], offset: int, limit: int
    ) -> tuple[Task, ...]:
        found = self._tenants.get(tenant)
        if found is None:
            return ()
        services = [service for name, service in found.services.items() if provider in {None, name}]
        every: Iterable[Task] = merge(
            *(service.newest_first() for service in services), key=_number_of, reverse=True
        )
        return _page((task for task in every if task.kind in kinds), offset, limit)

    def change_task(
        self,
        tenant: str,
        provider: str,
        task_id: str,
        change: Callable[[Task], tuple[Task, Sequence[Delivery]]],
    ) -> Task | None:
        """See ``Store``. Raises ValueError where ``change`` makes another task of it.

        Raises ExternalIdTaken where the changed task claims the external id of another.
        """
        service = self._service(tenant, provider)
        before = None if service is None else service.get(task_id)
        if service is None or before is None:
            return None
        after, proposed = change(before)
        require_same_identity(before, after)
        service.require_free_external_id(after)
        if after != before:
            self._disown(before)
            service.replace(before, after)
            self._own(service, after)
        outbox = self._tenants[tenant].outbox
        existing = (delivery for delivery in outbox.in_order(task_id) if delivery.provider == provider)
        removed, added = revised(existing, proposed)
        for delivery in removed:
            outbox.remove(delivery)
        for delivery in added:
            outbox.add(delivery)
        return after

    def _own(self, service: ServiceTasks, task: Task) -> None:
        if task.result_id:
            self._owners[task.result_id] = service

    def _disown(self, task: Task) -> None:
        self._owners.pop(task.result_id, None)

    def next_delivery(self, tenant: str) -> Delivery | None:
        found = self._tenants.get(tenant)
        return None if found is None else found.outbox.next()

    def delivery(self, tenant: str, delivery_id: str) -> Delivery | None:
        found = self._tenants.get(tenant)
        return None if found is None else found.outbox.get(delivery_id)

    def deliveries(
        self, tenant: str, *, task_id: str | None, offset: int, limit: int
    ) -> tuple[Delivery, ...]:
        found = self._tenants.get(tenant)
        if found is None:
            return ()
        return _page(found.outbox.in_order(task_id), offset, limit)

    def save_delivery(self, delivery: Delivery) -> None:
        found = self._tenants.get(delivery.tenant)
        if found is not None:
            found.outbox.replace(delivery)

    def tenants_with_pending_deliveries(self) -> tuple[str, ...]:
        return tuple(sorted(name for name, tenant in self._tenants.items() if tenant.outbox.is_waiting))

    def save_media(self, tenant: str, url: str, facts: MediaFacts) -> None:
        self._made(tenant).media[url] = facts

    def media(self, tenant: str, url: str) -> MediaFacts | None:
        found = self._tenants.get(tenant)
        return None if found is None else found.media.get(url)

    def all_media(self, tenant: str) -> tuple[tuple[str, MediaFacts], ...]:
        found = self._tenants.get(tenant)
        return () if found is None else tuple(sorted(found.media.items(), key=lambda item: item[0]))

    def append(self, entry: Entry) -> None:
        self._made(entry.tenant).journal.append(entry)

    def journal(
        self,
        tenant: str,
        *,
        after: int = 0,
        limit: int = 1000,
        task_id: str | None = None,
        only_violations: bool = False,
    ) -> JournalPage:
        found = self._tenants.get(tenant)
        if found is None:
            return JournalPage((), 0)
        return found.journal.page(after, limit, task_id, only_violations)

    def reset(self, tenant: str | None, parts: Collection[Part]) -> None:
        """See ``Store``. Counters start again once nothing is left that carries a number."""
        for name in tuple(self._tenants) if tenant is None else (tenant,):
            found = self._tenants.get(name)
            if found is None:
                continue
            if Part.TASKS in parts:
                self._disown_all(found)
            found.forget(parts, self._journal_cap)

    def _disown_all(self, tenant: Tenant) -> None:
        for speech in tenant.speeches.values():
            self._speeches.pop(speech.id, None)
        for service in tenant.services.values():
            for task in service.newest_first():
                self._disown(task)


def _page(values: Iterable[_T], offset: int, limit: int) -> tuple[_T, ...]:
    return tuple(islice(values, bounded(offset), bounded(offset + limit)))


def _number_of(task: Task) -> tuple[int, str, str]:
    return (task.number, task.provider, task.id)
