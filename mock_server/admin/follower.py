"""Follow journals: what is new since the last look, once each, in order of arrival."""

from __future__ import annotations

from mock_server.admin.ask import Ask
from mock_server.admin.paging import walk_entries
from mock_server.core.journal import Entry
from mock_server.stores.base import Store

PATIENCE = 100
"""How many later entries a number that is missing is waited for. A client that went away leaves its number unused."""
BATCH = 500


class Trail:
    """One tenant's journal. Numbers may arrive out of order: an exchange is entered when it ends."""

    def __init__(self, tenant: str, last: int) -> None:
        self._tenant = tenant
        self._floor = last
        """Every entry up to here was given out, or is not waited for any more."""
        self._ahead: set[int] = set()
        """Entries beyond the floor that were given out."""

    def news(self, store: Store) -> list[Entry]:
        """Entries that were not given out yet; from the first on where the journal was emptied meanwhile."""
        # the entry at the floor is asked for too: where it and all later ones are missing, it was forgotten
        page = store.journal(self._tenant, after=max(0, self._floor - 1), limit=BATCH)
        if self._floor and not page.entries:
            self._floor, self._ahead = 0, set()
            page = store.journal(self._tenant, limit=BATCH)
        fresh = [
            entry for entry in page.entries if entry.number > self._floor and entry.number not in self._ahead
        ]
        self._ahead.update(entry.number for entry in fresh)
        self._raise_floor()
        return fresh

    def _raise_floor(self) -> None:
        while self._floor + 1 in self._ahead or len(self._ahead) > PATIENCE:
            self._floor = min(self._ahead)
            self._ahead.discard(self._floor)


class Follower:
    """The journals that a request may see. ``first`` is the number to begin behind, or None for the present end."""

    def __init__(self, ask: Ask, first: int | None) -> None:
        self._ask = ask
        self._first = first
        self._trails: dict[str, Trail] | None = None

    @property
    def has_one_tenant(self) -> bool:
        """Whether an entry's number alone tells where to go on."""
        return self._ask.named_tenant is not None

    def begin(self) -> None:
        """Find the present ends; later entries are news."""
        self._trails = {tenant: Trail(tenant, self._end(tenant)) for tenant in self._ask.tenants()}

    def news(self) -> list[Entry]:
        """What is new, tenant by tenant. A tenant that was not there in the beginning is new from its first entry."""
        assert self._trails is not None, "begin was called"
        found: list[Entry] = []
        for tenant in self._ask.tenants():
            trail = self._trails.setdefault(tenant, Trail(tenant, 0))
            found += trail.news(self._ask.store)
        return found

    def _end(self, tenant: str) -> int:
        if self._first is not None:
            return self._first
        last = 0
        for number, _ in walk_entries(self._ask.store, tenant):
            last = number
        return last
