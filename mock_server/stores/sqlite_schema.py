"""The tables of a SQLite store: columns for what is searched by, and the value as a blob beside them."""

from __future__ import annotations

import sqlite3

from mock_server.core.errors import ConfigurationError

APPLICATION_ID = int.from_bytes(b"lpfl", "big")
"""Marks a file as ours (``PRAGMA application_id``)."""

SCHEMA_VERSION = 2
"""Kept in ``PRAGMA user_version``. Raise it with every change below."""

TABLES = (
    "CREATE TABLE worlds (tenant TEXT PRIMARY KEY, value BLOB NOT NULL)",
    """CREATE TABLE counters (
        tenant TEXT NOT NULL, name TEXT NOT NULL, reserved INTEGER NOT NULL, PRIMARY KEY (tenant, name)
    ) WITHOUT ROWID""",
    """CREATE TABLE tallies (
        tenant TEXT NOT NULL, name TEXT NOT NULL, count INTEGER NOT NULL, PRIMARY KEY (tenant, name)
    ) WITHOUT ROWID""",
    """CREATE TABLE sessions (
        tenant TEXT NOT NULL, provider TEXT NOT NULL, id TEXT NOT NULL, value BLOB NOT NULL,
        PRIMARY KEY (tenant, provider, id)
    )""",
    """CREATE TABLE speeches (
        tenant TEXT NOT NULL, provider TEXT NOT NULL, id TEXT NOT NULL, value BLOB NOT NULL,
        PRIMARY KEY (tenant, provider, id)
    )""",
    "CREATE INDEX speeches_by_id ON speeches (id)",
    """CREATE TABLE tasks (
        tenant TEXT NOT NULL, provider TEXT NOT NULL, id TEXT NOT NULL,
        number INTEGER NOT NULL, kind TEXT NOT NULL, external_id TEXT,
        result_id TEXT, upstream_id TEXT, holds_slot INTEGER NOT NULL, ends_ms INTEGER,
        value BLOB NOT NULL,
        PRIMARY KEY (tenant, provider, id)
    )""",
    """CREATE UNIQUE INDEX tasks_by_external_id ON tasks (tenant, provider, external_id)
        WHERE external_id IS NOT NULL""",
    "CREATE INDEX tasks_by_result_id ON tasks (result_id) WHERE result_id IS NOT NULL",
    "CREATE INDEX tasks_by_upstream_id ON tasks (upstream_id) WHERE upstream_id IS NOT NULL",
    "CREATE INDEX tasks_by_number ON tasks (tenant, number, provider, id)",
    "CREATE INDEX tasks_by_end ON tasks (tenant, provider, ends_ms) WHERE holds_slot = 1",
    # due_ms is NULL for a delivery that has ended or waits for a poll, whatever its value says
    """CREATE TABLE deliveries (
        tenant TEXT NOT NULL, id TEXT NOT NULL, provider TEXT NOT NULL, task_id TEXT NOT NULL,
        number INTEGER NOT NULL, due_ms INTEGER, value BLOB NOT NULL,
        PRIMARY KEY (tenant, id)
    )""",
    "CREATE INDEX deliveries_by_number ON deliveries (tenant, number, id)",
    "CREATE INDEX deliveries_by_task ON deliveries (tenant, task_id, number, id)",
    "CREATE INDEX deliveries_by_moment ON deliveries (tenant, due_ms, number, id) WHERE due_ms IS NOT NULL",
    """CREATE TABLE media (
        tenant TEXT NOT NULL, url TEXT NOT NULL, value BLOB NOT NULL, PRIMARY KEY (tenant, url)
    )""",
    """CREATE TABLE journal (
        position INTEGER PRIMARY KEY, tenant TEXT NOT NULL, number INTEGER NOT NULL, task_id TEXT,
        has_violations INTEGER NOT NULL, value BLOB NOT NULL
    )""",
    "CREATE INDEX journal_by_number ON journal (tenant, number)",
    "CREATE INDEX journal_by_task ON journal (tenant, task_id, number) WHERE task_id IS NOT NULL",
    "CREATE INDEX journal_violations ON journal (tenant, number) WHERE has_violations = 1",
    "CREATE TABLE journal_sizes (tenant TEXT PRIMARY KEY, kept INTEGER NOT NULL, dropped INTEGER NOT NULL)",
)


def require_ours(connection: sqlite3.Connection) -> bool:
    """Whether the file has our tables; False where it is empty. Reads only.

    Raises ConfigurationError for another program's file, and for one of another version.
    """
    application_id, version = (
        connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("application_id", "user_version")
    )
    (objects,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    if application_id == 0 and version == 0 and objects == 0:
        return False
    if application_id != APPLICATION_ID:
        raise ConfigurationError("is a database of another program")
    if version != SCHEMA_VERSION:
        age = "a newer" if version > SCHEMA_VERSION else "an older"
        raise ConfigurationError(
            f"was written by {age} version of lipflap (schema {version}, this one reads {SCHEMA_VERSION})"
        )
    return True


def create(connection: sqlite3.Connection) -> None:
    """Make the tables, within the transaction that the caller began."""
    for statement in TABLES:
        connection.execute(statement)
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
