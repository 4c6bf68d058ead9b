"""Counters: 1, 2, 3, … while the process lives, and never a number twice."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from mock_server.stores import Part, Store
from mock_server.stores.sqlite_counters import BLOCK, Counters
from mock_server.stores.sqlite_file import open_file

NAME = ("t", "request")


def test_nothing_is_given_before_its_reservation_is_committed(tmp_path: Path) -> None:
    with closing(open_file(tmp_path / "store.db")) as connection:
        counters = Counters()
        connection.execute("BEGIN")
        counters.reserve(connection, NAME)
        connection.execute("ROLLBACK")
        assert counters.take(NAME) is None
        counters.accept(NAME, counters.reserve(connection, NAME))
        assert [counters.take(NAME) for _ in range(3)] == [1, 2, 3]


def test_after_a_crash_numbers_are_skipped_and_never_repeated(tmp_path: Path) -> None:
    given = []
    for _ in range(3):
        with closing(open_file(tmp_path / "store.db")) as connection:
            # forgotten without give_back, as in a crash
            counters = Counters()
            counters.accept(NAME, counters.reserve(connection, NAME))
            given += [counters.take(NAME), counters.take(NAME)]
    assert given == [1, 2, BLOCK + 1, BLOCK + 2, 2 * BLOCK + 1, 2 * BLOCK + 2]


def test_counters_of_two_tenants_and_of_two_names_are_apart(sqlite_store: Callable[[], Store]) -> None:
    store = sqlite_store()
    for name in (("a", "task"), ("a", "request"), ("b", "task")):
        assert [store.next_number(*name) for _ in range(BLOCK + 1)] == list(range(1, BLOCK + 2))


def test_a_reset_of_one_tenant_leaves_the_others_counting(sqlite_store: Callable[[], Store]) -> None:
    store = sqlite_store()
    for tenant in ("a", "b"):
        store.next_number(tenant, "task")
    store.reset("a", {Part.TASKS, Part.JOURNAL})
    store = sqlite_store()
    assert (store.next_number("a", "task"), store.next_number("b", "task")) == (1, 2)
