"""The store that outlives the process: one SQLite file, one connection, one transaction a change."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from mock_server.core.delivery import Delivery
from mock_server.core.journal import Entry
from mock_server.core.media import MediaFacts
from mock_server.core.session import Session, Speech
from mock_server.core.task import Task, TaskKind
from mock_server.core.world import World
from mock_server.stores import sqlite_deliveries, sqlite_tasks
from mock_server.stores.agreement import forgets_counters, require_same_identity
from mock_server.stores.base import JournalPage, Part
from mock_server.stores.codec import (
    decode_media,
    decode_session,
    decode_speech,
    decode_world,
    encode,
)
from mock_server.stores.sqlite_counters import Counters
from mock_server.stores.sqlite_file import open_file
from mock_server.stores.sqlite_journal import JournalBuffer, read_page

_TABLES_OF_PART = {
    Part.TASKS: ("sessions", "speeches", "tasks", "deliveries"),
    Part.JOURNAL: ("journal", "journal_sizes"),
    Part.MEDIA: ("media",),
    Part.WORLD: ("worlds", "tallies"),
}


class SqliteStore:
    """See ``Store``. A method that changes something has returned only once the change is on the disk.

    Two exceptions, for speed: journal entries are written with the next change, when 200 wait, or when the
    journal is read or the store closed, so a kill may lose the last of them (never a task or a delivery);
    and a kill may skip up to 99 numbers of a counter (never repeat one).

    Calls block the event loop for the length of a commit: handing each to a thread would cost more than
    most of them take. A store belongs to the thread that opened it.
    """

    def __init__(self, path: Path, journal_cap: int) -> None:
        self._path = path
        self._journal_cap = journal_cap
        self._connection: sqlite3.Connection

    def open(self) -> None:
        """Take the file, or make it. Raises ConfigurationError as ``sqlite_file.open_file`` does."""
        self._connection = open_file(self._path)
        self._counters = Counters()
        self._journal = JournalBuffer(self._journal_cap)

    def close(self) -> None:
        """Write what waits, merge the WAL into the file, and let go of it."""
        try:
            with self._transaction(writes_journal=True) as connection:
                self._counters.give_back(connection)
        finally:
            self._connection.close()

    @contextmanager
    def _transaction(self, *, writes_journal: bool = False) -> Iterator[sqlite3.Connection]:
        """All or nothing. Waiting journal entries ride along with any change, or when they are asked to."""
        connection = self._connection
        changes = connection.total_changes
        try:
            # inside the try: a BEGIN that is broken off may have begun
            connection.execute("BEGIN")
            yield connection
            writes_journal = writes_journal or connection.total_changes != changes
            if writes_journal:
                self._journal.write(connection)
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise
        if writes_journal:
            self._journal.clear()

    def _flush_journal(self) -> None:
        if not self._journal.is_empty:
            with self._transaction(writes_journal=True):
                pass

    def _value(self, query: str, *values: str) -> bytes | None:
        row = self._connection.execute(query, values).fetchone()
        return None if row is None else row[0]

    def worlds(self) -> tuple[World, ...]:
        """In order of the tenant's name."""
        rows = self._connection.execute("SELECT value FROM worlds ORDER BY tenant")
        return tuple(decode_world(value) for (value,) in rows)

    def world(self, tenant: str) -> World | None:
        value = self._value("SELECT value FROM worlds WHERE tenant = ?", tenant)
        return None if value is None else decode_world(value)

    def save_world(self, world: World) -> None:
        with self._transaction() as connection:
            connection.execute("INSERT OR REPLACE INTO worlds VALUES (?, ?)", (world.tenant, encode(world)))

    def next_number(self, tenant: str, counter: str) -> int:
        name = (tenant, counter)
        number = self._counters.take(name)
        while number is None:
            with self._transaction() as connection:
                block = self._counters.reserve(connection, name)
            self._counters.accept(name, block)
            number = self._counters.take(name)
        return number

    def tally(self, tenant: str, name: str) -> int:
        with self._transaction() as connection:
            row = connection.execute(
                "INSERT INTO tallies VALUES (?, ?, 1) ON CONFLICT DO UPDATE SET count = count + 1 RETURNING count",
                (tenant, name),
            ).fetchone()
        return int(row[0])

    def tallies(self, tenant: str) -> Mapping[str, int]:
        query = "SELECT name, count FROM tallies WHERE tenant = ? ORDER BY name"
        return dict(self._connection.execute(query, (tenant,)))

    def forget_tallies(self, tenant: str, names: Collection[str]) -> None:
        with self._transaction() as connection:
            rows = [(tenant, name) for name in names]
            connection.executemany("DELETE FROM tallies WHERE tenant = ? AND name = ?", rows)

    def add_session(self, session: Session) -> None:
        row = (session.tenant, session.provider, session.id, encode(session))
        with self._transaction() as connection:
            connection.execute("INSERT OR REPLACE INTO sessions VALUES (?, ?, ?, ?)", row)

    def session(self, tenant: str, provider: str, session_id: str) -> Session | None:
        query = "SELECT value FROM sessions WHERE tenant = ? AND provider = ? AND id = ?"
        value = self._value(query, tenant, provider, session_id)
        return None if value is None else decode_session(value)

    def add_speech(self, speech: Speech) -> None:
        row = (speech.tenant, speech.provider, speech.id, encode(speech))
        with self._transaction() as connection:
            connection.execute("INSERT OR REPLACE INTO speeches VALUES (?, ?, ?, ?)", row)

    def speech(self, tenant: str, provider: str, speech_id: str) -> Speech | None:
        query = "SELECT value FROM speeches WHERE tenant = ? AND provider = ? AND id = ?"
        value = self._value(query, tenant, provider, speech_id)
        return None if value is None else decode_speech(value)

    def find_speech(self, speech_id: str) -> Speech | None:
        value = self._value("SELECT value FROM speeches WHERE id = ?", speech_id)
        return None if value is None else decode_speech(value)

    def add_task(self, task: Task, deliveries: Sequence[Delivery], *, slots: int | None, now_ms: int) -> None:
        """See ``Store``. Raises ValueError where the task's own id is in use, which is the caller's fault."""
        with self._transaction() as connection:
            sqlite_tasks.insert_task(connection, task, slots, now_ms)
            sqlite_deliveries.insert_deliveries(connection, deliveries)

    def task(self, tenant: str, provider: str, task_id: str) -> Task | None:
        return sqlite_tasks.task_by_id(self._connection, tenant, provider, task_id)

    def task_by_external_id(self, tenant: str, provider: str, external_id: str) -> Task | None:
        return sqlite_tasks.task_by_external_id(self._connection, tenant, provider, external_id)

    def task_by_result_id(self, tenant: str, provider: str, result_id: str) -> Task | None:
        return sqlite_tasks.task_by_result_id(self._connection, tenant, provider, result_id)

    def find_result(self, result_id: str) -> Task | None:
        return sqlite_tasks.find_result(self._connection, result_id)

    def tasks(
        self, tenant: str, *, provider: str | None, kinds: Collection[TaskKind], offset: int, limit: int
    ) -> tuple[Task, ...]:
        return sqlite_tasks.tasks_newest_first(
            self._connection, tenant, provider=provider, kinds=kinds, offset=offset, limit=limit
        )

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
        with self._transaction() as connection:
            before = sqlite_tasks.task_by_id(connection, tenant, provider, task_id)
            if before is None:
                return None
            after, proposed = change(before)
            require_same_identity(before, after)
            if after != before:
                sqlite_tasks.update_task(connection, after)
            sqlite_deliveries.revise_deliveries(connection, after, proposed)
        return after

    def next_delivery(self, tenant: str) -> Delivery | None:
        return sqlite_deliveries.next_delivery(self._connection, tenant)

    def delivery(self, tenant: str, delivery_id: str) -> Delivery | None:
        return sqlite_deliveries.delivery_by_id(self._connection, tenant, delivery_id)

    def deliveries(
        self, tenant: str, *, task_id: str | None, offset: int, limit: int
    ) -> tuple[Delivery, ...]:
        return sqlite_deliveries.deliveries_in_order(
            self._connection, tenant, task_id=task_id, offset=offset, limit=limit
        )

    def save_delivery(self, delivery: Delivery) -> None:
        with self._transaction() as connection:
            sqlite_deliveries.update_delivery(connection, delivery)

    def tenants_with_pending_deliveries(self) -> tuple[str, ...]:
        return sqlite_deliveries.waiting_tenants(self._connection)

    def save_media(self, tenant: str, url: str, facts: MediaFacts) -> None:
        with self._transaction() as connection:
            connection.execute("INSERT OR REPLACE INTO media VALUES (?, ?, ?)", (tenant, url, encode(facts)))

    def media(self, tenant: str, url: str) -> MediaFacts | None:
        value = self._value("SELECT value FROM media WHERE tenant = ? AND url = ?", tenant, url)
        return None if value is None else decode_media(value)

    def all_media(self, tenant: str) -> tuple[tuple[str, MediaFacts], ...]:
        query = "SELECT url, value FROM media WHERE tenant = ? ORDER BY url"
        rows = self._connection.execute(query, (tenant,))
        return tuple((url, decode_media(value)) for url, value in rows)

    def append(self, entry: Entry) -> None:
        self._journal.add(entry)
        if self._journal.is_full:
            self._flush_journal()

    def journal(
        self,
        tenant: str,
        *,
        after: int = 0,
        limit: int = 1000,
        task_id: str | None = None,
        only_violations: bool = False,
    ) -> JournalPage:
        self._flush_journal()
        return read_page(
            self._connection,
            tenant,
            after=after,
            limit=limit,
            task_id=task_id,
            only_violations=only_violations,
        )

    def reset(self, tenant: str | None, parts: Collection[Part]) -> None:
        """See ``Store``. Counters start again once nothing is left that carries a number."""
        tables = [table for part in parts for table in _TABLES_OF_PART[part]]
        if forgets_counters(parts):
            tables.append("counters")
        where, values = ("", ()) if tenant is None else (" WHERE tenant = ?", (tenant,))
        # first, or the entries that wait would be written after the journal was emptied
        self._flush_journal()
        with self._transaction() as connection:
            for table in tables:
                connection.execute(f"DELETE FROM {table}{where}", values)  # noqa: S608 - both are literals of ours
        if forgets_counters(parts):
            self._counters.forget(tenant)
