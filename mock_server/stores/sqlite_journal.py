"""The journal of a SQLite store: entries wait in memory for the next commit, so that a poll costs none."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from itertools import groupby

from mock_server.core.journal import Entry
from mock_server.stores.agreement import bounded
from mock_server.stores.base import JournalPage
from mock_server.stores.codec import decode_entry, encode

LONGEST_WAIT = 200
"""Entries that may wait before they cause a commit of their own."""


class JournalBuffer:
    """Entries that are not written yet, of all tenants, in order of arrival."""

    def __init__(self, cap: int) -> None:
        self._cap = cap
        self._waiting: list[Entry] = []

    @property
    def is_empty(self) -> bool:
        return not self._waiting

    @property
    def is_full(self) -> bool:
        return len(self._waiting) >= LONGEST_WAIT

    def add(self, entry: Entry) -> None:
        self._waiting.append(entry)

    def write(self, connection: sqlite3.Connection) -> None:
        """Write what waits and push out what exceeds the cap, in the caller's transaction."""
        by_tenant = sorted(self._waiting, key=_tenant)
        for tenant, entries in groupby(by_tenant, key=_tenant):
            _write(connection, tenant, tuple(entries), self._cap)

    def clear(self) -> None:
        """To be called once the transaction of ``write`` is committed."""
        self._waiting.clear()


def read_page(
    connection: sqlite3.Connection,
    tenant: str,
    *,
    after: int,
    limit: int,
    task_id: str | None,
    only_violations: bool,
) -> JournalPage:
    """See ``Store.journal``; sees only what is written."""
    where, values = "tenant = ? AND number > ?", [tenant, bounded(after)]
    if task_id is not None:
        where, values = f"{where} AND task_id = ?", [*values, task_id]
    if only_violations:
        where = f"{where} AND has_violations = 1"
    query = f"SELECT value FROM journal WHERE {where} ORDER BY number, position LIMIT ?"  # noqa: S608 - only literals of ours
    rows = connection.execute(query, (*values, bounded(limit)))
    entries = tuple(decode_entry(value) for (value,) in rows)
    return JournalPage(entries, _sizes(connection, tenant)[1])


def _tenant(entry: Entry) -> str:
    return entry.tenant


def _sizes(connection: sqlite3.Connection, tenant: str) -> tuple[int, int]:
    """How many entries are kept, and how many were dropped."""
    query = "SELECT kept, dropped FROM journal_sizes WHERE tenant = ?"
    kept, dropped = connection.execute(query, (tenant,)).fetchone() or (0, 0)
    return kept, dropped


def _write(connection: sqlite3.Connection, tenant: str, entries: Sequence[Entry], cap: int) -> None:
    connection.executemany(
        "INSERT INTO journal (tenant, number, task_id, has_violations, value) VALUES (?, ?, ?, ?, ?)",
        [(tenant, entry.number, entry.task_id, bool(entry.violations), encode(entry)) for entry in entries],
    )
    kept, dropped = _sizes(connection, tenant)
    excess = max(0, kept + len(entries) - cap)
    if excess:
        connection.execute(
            """DELETE FROM journal WHERE position IN
               (SELECT position FROM journal WHERE tenant = ? ORDER BY number, position LIMIT ?)""",
            (tenant, excess),
        )
    connection.execute(
        "INSERT OR REPLACE INTO journal_sizes VALUES (?, ?, ?)",
        (tenant, kept + len(entries) - excess, dropped + excess),
    )
