"""Counters of a SQLite store: numbers are reserved in blocks, so that most of them cost no commit."""

from __future__ import annotations

import sqlite3

BLOCK = 100
"""How many numbers a crash may skip at most; a clean end skips none."""

Name = tuple[str, str]
"""Tenant and counter."""


class Counters:
    """The numbers that are reserved on disk and not yet given.

    Nothing is given before its reservation is committed, which is why reserving and accepting are two steps.
    """

    def __init__(self) -> None:
        self._free: dict[Name, range] = {}

    def take(self, name: Name) -> int | None:
        """The next number; None where a block must be reserved and accepted first."""
        free = self._free.get(name)
        if not free:
            return None
        self._free[name] = free[1:]
        return free[0]

    def reserve(self, connection: sqlite3.Connection, name: Name) -> range:
        """Write down the next block, in the caller's transaction."""
        query = "SELECT reserved FROM counters WHERE tenant = ? AND name = ?"
        (last,) = connection.execute(query, name).fetchone() or (0,)
        connection.execute("INSERT OR REPLACE INTO counters VALUES (?, ?, ?)", (*name, last + BLOCK))
        return range(last + 1, last + 1 + BLOCK)

    def accept(self, name: Name, block: range) -> None:
        """To be called once the reservation is committed."""
        self._free[name] = block

    def give_back(self, connection: sqlite3.Connection) -> None:
        """Write down how far each counter really came; no number is given afterwards."""
        connection.executemany(
            "UPDATE counters SET reserved = ? WHERE tenant = ? AND name = ?",
            [(free.start - 1, *name) for name, free in self._free.items()],
        )

    def forget(self, tenant: str | None) -> None:
        """Start again, of one tenant or all; the rows are the caller's to delete."""
        self._free = {name: free for name, free in self._free.items() if tenant not in {None, name[0]}}
