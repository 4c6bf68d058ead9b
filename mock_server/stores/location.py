"""Which store a URL means."""

from __future__ import annotations

from pathlib import Path

from mock_server.core.errors import ConfigurationError
from mock_server.stores.base import Store
from mock_server.stores.memory import MemoryStore

JOURNAL_CAP = 10_000
"""Entries that a tenant's journal keeps where nobody says otherwise."""

_SQLITE = "sqlite:///"


def open_store(url: str, *, journal_cap: int = JOURNAL_CAP) -> Store:
    """The store at ``url``, still to be opened: ``memory``, or ``sqlite:///FILE``.

    Three slashes and a relative path, or four and an absolute one.
    Raises ConfigurationError for anything else.
    """
    if url == "memory":
        return MemoryStore(journal_cap)
    file = url.removeprefix(_SQLITE)
    if file not in {"", url} and "\0" not in file:
        # a server that forgets starts without SQLite
        from mock_server.stores.sqlite import SqliteStore

        return SqliteStore(Path(file), journal_cap)
    if url.partition(":")[0] in {"redis", "rediss", "valkey"}:
        raise ConfigurationError(
            "a redis store is not available in this version; use memory or sqlite:///FILE"
        )
    raise ConfigurationError(f"store must be memory or sqlite:///FILE, not {url!r}")
