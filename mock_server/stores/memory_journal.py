"""The journal of one tenant in memory: the newest entries up to a cap."""

from __future__ import annotations

from bisect import bisect_right
from collections import deque
from itertools import islice

from mock_server.core.journal import Entry
from mock_server.stores.agreement import bounded
from mock_server.stores.base import JournalPage


def _number(entry: Entry) -> int:
    return entry.number


class JournalRing:
    """Entries as they come: clients repeat their headers, and entries share them."""

    __slots__ = ("_cap", "_dropped", "_entries")

    def __init__(self, cap: int) -> None:
        self._cap = cap
        self._entries: deque[Entry] = deque()
        self._dropped = 0

    def append(self, entry: Entry) -> None:
        if self._entries and self._entries[-1].number > entry.number:
            # a request that took its number earlier and ended later
            self._entries.insert(bisect_right(self._entries, entry.number, key=_number), entry)
        else:
            self._entries.append(entry)
        if len(self._entries) > self._cap:
            self._entries.popleft()
            self._dropped += 1

    def page(self, after: int, limit: int, task_id: str | None, only_violations: bool) -> JournalPage:
        """See ``Store.journal``."""
        later = islice(self._entries, bisect_right(self._entries, after, key=_number), None)
        wanted = (
            entry
            for entry in later
            if (task_id is None or entry.task_id == task_id) and (entry.violations or not only_violations)
        )
        return JournalPage(tuple(islice(wanted, bounded(limit))), self._dropped)
