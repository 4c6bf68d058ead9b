"""A hundred thousand requests in a journal with a cap: the newest are kept, the rest counted, on both stores."""

from __future__ import annotations

import tracemalloc
from pathlib import Path

import pytest

from mock_server.core.journal import Entry, EntryKind
from mock_server.stores import open_store

CAP, REQUESTS, TENANTS = 1_000, 100_000, ("ada", "bob")


def entry(tenant: str, number: int) -> Entry:
    return Entry(tenant, number, number, EntryKind.EXCHANGE, "kling", "getLipSync", "GET", "/v1", 200)


@pytest.mark.parametrize("kind", ["memory", "sqlite"])
def test_the_newest_entries_are_kept_and_the_others_counted(kind: str, tmp_path: Path) -> None:
    store = open_store("memory" if kind == "memory" else f"sqlite:///{tmp_path}/j.db", journal_cap=CAP)
    store.open()
    tracemalloc.start()
    for number in range(1, REQUESTS // 2 + 1):
        for tenant in TENANTS:
            store.append(entry(tenant, number))
    grown_bytes = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    for tenant in TENANTS:
        page = store.journal(tenant, limit=2 * CAP)
        last = REQUESTS // 2
        assert [kept.number for kept in page.entries] == list(range(last - CAP + 1, last + 1))
        assert page.dropped == last - CAP
    assert grown_bytes < 5_000_000
    store.close()
