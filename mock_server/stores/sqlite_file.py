"""Opening the file of a SQLite store: ours alone, or not at all."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from mock_server.core.errors import ConfigurationError
from mock_server.stores.sqlite_schema import create, require_ours

_REASONS = {
    sqlite3.SQLITE_BUSY: "is in use by another process",
    sqlite3.SQLITE_LOCKED: "is in use by another process",
    sqlite3.SQLITE_NOTADB: "is not a SQLite database",
    sqlite3.SQLITE_CORRUPT: "is damaged",
    sqlite3.SQLITE_READONLY: "cannot be written",
    sqlite3.SQLITE_PERM: "cannot be written",
}


def open_file(path: Path) -> sqlite3.Connection:
    """The one connection to the store at ``path``, which is made where there is none.

    The connection is in autocommit mode and holds an exclusive lock until it is closed or the process dies.
    Commits are durable against loss of power (WAL with ``synchronous=FULL``).

    Raises ConfigurationError, one line that names the path, where the file is in use by another process,
    cannot be read or written, or is not a store of this version.

    The WAL-reset defect of SQLite 3.7.0 to 3.51.2 (sqlite.org/wal.html#walresetbug) needs two connections to
    one file. It cannot happen here: with the exclusive lock taken before the first use of the WAL, SQLite
    keeps the index of the WAL in this process's own memory and turns every other connection away.
    """
    try:
        connection = sqlite3.connect(path.absolute(), timeout=0, isolation_level=None)
    except sqlite3.Error as error:
        raise _refusal(path, error) from error
    try:
        _take(connection)
    except (sqlite3.Error, ConfigurationError) as error:
        connection.close()
        raise _refusal(path, error) from error
    return connection


def _take(connection: sqlite3.Connection) -> None:
    connection.execute("PRAGMA locking_mode = EXCLUSIVE")
    # before anything is written: a file that is not ours stays as it is
    has_tables = require_ours(connection)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("BEGIN IMMEDIATE")
    if not has_tables:
        create(connection)
    connection.execute("COMMIT")


def _refusal(path: Path, error: Exception) -> ConfigurationError:
    return ConfigurationError(f"store {path} {_reason(path, error)}")


def _reason(path: Path, error: Exception) -> str:
    """Why, in the words of whoever typed the path."""
    if isinstance(error, ConfigurationError):
        return str(error)
    # the low byte says what it is, the rest says more of it than we tell
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code == sqlite3.SQLITE_CANTOPEN:
        return f"cannot be opened: {_obstacle(path)}"
    return _REASONS.get(code, f"cannot be used: {error}")


def _obstacle(path: Path) -> str:
    if path.is_dir():
        return "it is a directory"
    if not path.absolute().parent.is_dir():
        return f"there is no directory {path.absolute().parent}"
    return "no permission"
