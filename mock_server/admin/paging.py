"""Lists that can be about one tenant or about all: pages, and the place where the next one begins."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from mock_server.admin.ask import Ask
from mock_server.admin.parameter import Parameter, number
from mock_server.admin.problem import BadRequest
from mock_server.core.delivery import Delivery
from mock_server.core.journal import Entry
from mock_server.core.task import Task, TaskKind
from mock_server.stores.base import Store

T = TypeVar("T")

CHUNK = 200
"""How many records are asked of the store at a time."""
LIMIT = number("limit", "How many at most.", default=100, low=1, high=1000)
_FORM = r"(?:([^:]+):)?([0-9]{1,18})"


@dataclass(frozen=True, slots=True)
class _Place:
    """``tenant`` is empty where the key tells."""

    tenant: str
    position: int


def _place(value: str) -> _Place:
    match = re.fullmatch(_FORM, value)
    if match is None:
        raise ValueError("the next of another page, or a number")
    return _Place(match[1] or "", int(match[2]))


AFTER: Parameter[_Place | None] = Parameter(
    "after",
    "Go on behind this place: the next of the page before. In one tenant's journal, an entry's number.",
    _place,
    None,
    {"type": "string", "pattern": f"^{_FORM}$"},
)
Walk = Callable[[str, int], Iterator[tuple[int, T]]]
"""From a tenant and a position: the tenant's records behind it, each with the position behind that record."""


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """``next`` is None on the last page."""

    records: tuple[T, ...]
    next: str | None


def page_of(ask: Ask, walk: Walk[T]) -> Page[T]:
    """The records that the request's ``key``, ``after`` and ``limit`` ask for; all tenants' by the tenants' names."""
    tenants = ask.tenants()
    start = _start(ask, tenants)
    found: list[T] = []
    last = start
    for tenant in tenants:
        if start is not None and tenant < start.tenant:
            continue
        position = start.position if start is not None and tenant == start.tenant else 0
        for behind, record in walk(tenant, position):
            if len(found) == ask.get(LIMIT):
                return Page(tuple(found), _text(ask, last))
            found.append(record)
            last = _Place(tenant, behind)
    return Page(tuple(found), None)


def _start(ask: Ask, tenants: Sequence[str]) -> _Place | None:
    after = ask.get(AFTER)
    if after is None:
        return None
    if (ask.named_tenant is None) != bool(after.tenant):
        raise BadRequest(
            "query parameter after must be the next of a page that was asked for with the same key, or none"
        )
    return _Place(after.tenant or tenants[0], after.position)


def _text(ask: Ask, place: _Place | None) -> str | None:
    if place is None or ask.named_tenant is not None:
        return str(place.position) if place else None
    return f"{place.tenant}:{place.position}"


def walk_tasks(
    store: Store, tenant: str, position: int = 0, provider: str | None = None
) -> Iterator[tuple[int, Task]]:
    """Newest first; a position is a count of tasks passed."""
    while True:
        tasks = store.tasks(tenant, provider=provider, kinds=tuple(TaskKind), offset=position, limit=CHUNK)
        for task in tasks:
            position += 1
            yield position, task
        if len(tasks) < CHUNK:
            return


def walk_deliveries(
    store: Store, tenant: str, position: int = 0, task_id: str | None = None
) -> Iterator[tuple[int, Delivery]]:
    """In order of number; a position is a count of deliveries passed."""
    while True:
        deliveries = store.deliveries(tenant, task_id=task_id, offset=position, limit=CHUNK)
        for delivery in deliveries:
            position += 1
            yield position, delivery
        if len(deliveries) < CHUNK:
            return


def walk_entries(
    store: Store, tenant: str, position: int = 0, task_id: str | None = None, *, only_violations: bool = False
) -> Iterator[tuple[int, Entry]]:
    """Oldest first; a position is an entry's number."""
    while True:
        page = store.journal(
            tenant, after=position, limit=CHUNK, task_id=task_id, only_violations=only_violations
        )
        for entry in page.entries:
            position = entry.number
            yield position, entry
        if len(page.entries) < CHUNK:
            return
