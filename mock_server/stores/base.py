"""The protocol of a store: what is remembered, and which steps are atomic."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from enum import StrEnum
from typing import Protocol

from msgspec import Struct

from mock_server.core.delivery import Delivery
from mock_server.core.journal import Entry
from mock_server.core.media import MediaFacts
from mock_server.core.session import Session, Speech
from mock_server.core.task import Task, TaskKind
from mock_server.core.world import World


class Part(StrEnum):
    """What a reset can name. TASKS takes sessions, speech clips and deliveries along."""

    TASKS = "tasks"
    JOURNAL = "journal"
    MEDIA = "media"
    WORLD = "world"
    """Clock, dialects, faults and tallies: the next request finds a new world."""


class SlotsFull(Exception):
    """No slot is free for one more task; nothing was stored."""


class ExternalIdTaken(Exception):
    """The tenant has a task with this external id at this provider; nothing was stored."""


class JournalPage(Struct, frozen=True):
    """Entries in ascending order; ``dropped`` counts those that the cap has pushed out of the tenant's journal."""

    entries: tuple[Entry, ...]
    dropped: int


class Store(Protocol):
    """Everything a server remembers. Each method is atomic: it happens whole or not at all.

    None is a coroutine: a store is in this process or in a file of its own, and answers at once. So what a request
    asks of it in a row, nothing comes between.

    Everything is kept by tenant, and ids of one tenant do not exist for another. Reads return None or an
    empty tuple where there is nothing. ``provider`` keeps the three services of one tenant apart.
    """

    def open(self) -> None:
        """Make ready. Raises ConfigurationError where that cannot be."""

    def close(self) -> None:
        """Flush and release; the store is not used afterwards."""

    def worlds(self) -> tuple[World, ...]: ...

    def world(self, tenant: str) -> World | None: ...

    def save_world(self, world: World) -> None: ...

    def next_number(self, tenant: str, counter: str) -> int:
        """1, 2, 3, … for each (tenant, counter); never the same twice, not even after a crash, except after a reset."""

    def tally(self, tenant: str, name: str) -> int:
        """One more on a tally that must be exact after a crash too; how many there are now."""

    def tallies(self, tenant: str) -> Mapping[str, int]:
        """Every tally of the tenant, in order of name. They go with Part.WORLD."""

    def forget_tallies(self, tenant: str, names: Collection[str]) -> None: ...

    def add_session(self, session: Session) -> None: ...

    def session(self, tenant: str, provider: str, session_id: str) -> Session | None: ...

    def add_speech(self, speech: Speech) -> None: ...

    def speech(self, tenant: str, provider: str, speech_id: str) -> Speech | None: ...

    def find_speech(self, speech_id: str) -> Speech | None:
        """The clip with this id, whoever owns it: links to clips are public to those who know them."""

    def add_task(self, task: Task, deliveries: Sequence[Delivery], *, slots: int | None, now_ms: int) -> None:
        """Store a new task with its deliveries.

        Raises ExternalIdTaken where the tenant's external id is in use at the provider, and SlotsFull where
        ``task.holds_slot`` and ``slots`` tasks that hold one have not ended at ``now_ms`` (a plan whose end
        hangs on a poll has not ended). ``slots=None`` is no limit.
        """

    def task(self, tenant: str, provider: str, task_id: str) -> Task | None: ...

    def task_by_external_id(self, tenant: str, provider: str, external_id: str) -> Task | None: ...

    def task_by_result_id(self, tenant: str, provider: str, result_id: str) -> Task | None:
        """The task whose ``result_id`` or ``upstream_id`` this is."""

    def find_result(self, result_id: str) -> Task | None:
        """The task with this ``result_id``, whoever owns it: result links are public to those who know them."""

    def tasks(
        self, tenant: str, *, provider: str | None, kinds: Collection[TaskKind], offset: int, limit: int
    ) -> tuple[Task, ...]:
        """Newest first (by ``number``, descending)."""

    def change_task(
        self,
        tenant: str,
        provider: str,
        task_id: str,
        change: Callable[[Task], tuple[Task, Sequence[Delivery]]],
    ) -> Task | None:
        """Replace a task by what ``change`` makes of it, and return it; None where there is no such task.

        ``change`` is pure and may be called more than once. The deliveries it returns replace those of the
        task that are still pending; one that was already attempted or has ended stays as it is.
        """

    def next_delivery(self, tenant: str) -> Delivery | None:
        """The pending delivery due first, by (``due_ms``, ``number``, ``id``), of those that have a moment."""

    def delivery(self, tenant: str, delivery_id: str) -> Delivery | None: ...

    def deliveries(
        self, tenant: str, *, task_id: str | None, offset: int, limit: int
    ) -> tuple[Delivery, ...]:
        """In order of ``number``, and of id where one delivery has taken the place of another."""

    def save_delivery(self, delivery: Delivery) -> None:
        """Replace the delivery with the same tenant and id; nothing happens where there is none."""

    def tenants_with_pending_deliveries(self) -> tuple[str, ...]:
        """Tenants with a pending delivery that has a moment, in order of name."""

    def save_media(self, tenant: str, url: str, facts: MediaFacts) -> None: ...

    def media(self, tenant: str, url: str) -> MediaFacts | None: ...

    def all_media(self, tenant: str) -> tuple[tuple[str, MediaFacts], ...]:
        """In order of URL."""

    def append(self, entry: Entry) -> None:
        """Add to the tenant's journal; beyond the store's cap the oldest entry goes."""

    def journal(
        self,
        tenant: str,
        *,
        after: int = 0,
        limit: int = 1000,
        task_id: str | None = None,
        only_violations: bool = False,
    ) -> JournalPage:
        """Entries with ``number`` > ``after``, oldest first, at most ``limit``."""

    def reset(self, tenant: str | None, parts: Collection[Part]) -> None:
        """Forget exactly ``parts``, of one tenant or (None) of all."""
