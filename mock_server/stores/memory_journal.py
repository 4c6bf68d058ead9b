"""The journal of one tenant in memory: the newest entries up to a cap, packed."""

from __future__ import annotations

from bisect import bisect_right
from collections import deque
from itertools import islice
from typing import NamedTuple

from mock_server.core.journal import Entry
from mock_server.stores.agreement import bounded
from mock_server.stores.base import JournalPage
from mock_server.stores.codec import decode_entry, encode


class _Line(NamedTuple):
    """What entries are filtered by, next to the packed entry."""

    number: int
    task_id: str | None
    has_violations: bool
    packed: bytes


def _number(line: _Line) -> int:
    return line.number


class JournalRing:
    """Entries are kept as bytes: half the memory of objects, and little for the garbage collector to walk."""

    __slots__ = ("_cap", "_dropped", "_lines")

    def __init__(self, cap: int) -> None:
        self._cap = cap
        self._lines: deque[_Line] = deque()
        self._dropped = 0

    def append(self, entry: Entry) -> None:
        # the copy is exact in size: the encoder's own bytes keep a third more than they need
        packed = bytes(memoryview(encode(entry)))
        line = _Line(entry.number, entry.task_id, bool(entry.violations), packed)
        if self._lines and self._lines[-1].number > entry.number:
            # a request that took its number earlier and ended later
            self._lines.insert(bisect_right(self._lines, entry.number, key=_number), line)
        else:
            self._lines.append(line)
        if len(self._lines) > self._cap:
            self._lines.popleft()
            self._dropped += 1

    def page(self, after: int, limit: int, task_id: str | None, only_violations: bool) -> JournalPage:
        """See ``Store.journal``."""
        later = islice(self._lines, bisect_right(self._lines, after, key=_number), None)
        wanted = (
            line
            for line in later
            if (task_id is None or line.task_id == task_id) and (line.has_violations or not only_violations)
        )
        return JournalPage(
            tuple(decode_entry(line.packed) for line in islice(wanted, bounded(limit))), self._dropped
        )
