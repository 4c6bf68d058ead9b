"""Everything that the store in memory keeps of one tenant."""

from __future__ import annotations

from collections.abc import Collection

from mock_server.core.media import MediaFacts
from mock_server.core.session import Session, Speech
from mock_server.core.world import World
from mock_server.stores.agreement import forgets_counters
from mock_server.stores.base import Part
from mock_server.stores.memory_journal import JournalRing
from mock_server.stores.memory_outbox import Outbox
from mock_server.stores.memory_tasks import ServiceTasks


class Tenant:
    """One tenant's belongings. ``forget`` takes exactly what a reset names."""

    __slots__ = (
        "counters",
        "journal",
        "media",
        "outbox",
        "services",
        "sessions",
        "speeches",
        "tallies",
        "world",
    )

    def __init__(self, journal_cap: int) -> None:
        self.world: World | None = None
        self.counters: dict[str, int] = {}
        self.tallies: dict[str, int] = {}
        self.sessions: dict[tuple[str, str], Session] = {}
        self.speeches: dict[tuple[str, str], Speech] = {}
        self.services: dict[str, ServiceTasks] = {}
        self.outbox = Outbox()
        self.media: dict[str, MediaFacts] = {}
        self.journal = JournalRing(journal_cap)

    def forget(self, parts: Collection[Part], journal_cap: int) -> None:
        if Part.TASKS in parts:
            self.sessions.clear()
            self.speeches.clear()
            self.services.clear()
            self.outbox = Outbox()
        if Part.JOURNAL in parts:
            self.journal = JournalRing(journal_cap)
        if Part.MEDIA in parts:
            self.media.clear()
        if Part.WORLD in parts:
            self.world = None
            self.tallies.clear()
        if forgets_counters(parts):
            self.counters.clear()
