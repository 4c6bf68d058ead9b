"""Following a journal: everything once, whatever the order of arrival."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_server.admin import follower
from mock_server.admin.follower import Trail
from mock_server.core.journal import Entry, EntryKind
from mock_server.stores.base import Part
from mock_server.stores.memory import MemoryStore


def entry(number: int) -> Entry:
    return Entry("t", number, 0, EntryKind.EXCHANGE, "kling", "", "GET", "/", 200)


def told(store: MemoryStore, trail: Trail, *arrivals: int) -> list[int]:
    """The numbers that are news once these have arrived."""
    for number in arrivals:
        store.append(entry(number))
    return [found.number for found in trail.news(store)]


@given(st.permutations(range(1, 13)), st.lists(st.integers(1, 4), min_size=12, max_size=12))
def test_every_entry_is_told_once_in_whatever_order_they_arrive(order: list[int], sizes: list[int]) -> None:
    def follow() -> list[int]:
        store, trail = MemoryStore(journal_cap=100), Trail("t", 0)
        found, waiting = [], list(order)
        for size in sizes:
            now, waiting = waiting[:size], waiting[size:]
            found += told(store, trail, *now)
        return found

    assert sorted(follow()) == sorted(order)


@given(st.sets(st.integers(1, 400), min_size=1))
def test_numbers_that_never_come_do_not_hold_up_the_others(numbers: set[int]) -> None:
    def follow() -> list[int]:
        store, trail = MemoryStore(journal_cap=1_000), Trail("t", 0)
        return [found for number in sorted(numbers) for found in told(store, trail, number)]

    assert follow() == sorted(numbers)


def test_a_gap_is_not_waited_for_without_end() -> None:
    def follow() -> int:
        store, trail = MemoryStore(journal_cap=10_000), Trail("t", 0)
        for number in range(2, 2 + 3 * follower.PATIENCE):
            told(store, trail, number)
        return trail._floor + len(trail._ahead)

    assert follow() == 1 + 3 * follower.PATIENCE


def test_a_trail_begins_behind_the_entry_that_it_is_given() -> None:
    def follow() -> list[list[int]]:
        store = MemoryStore(journal_cap=100)
        told(store, Trail("t", 0), 1, 2, 3)
        trail = Trail("t", 2)
        return [told(store, trail), told(store, trail), told(store, trail, 4)]

    assert follow() == [[3], [], [4]]


@pytest.mark.parametrize("parts", [{Part.JOURNAL}, {Part.JOURNAL, Part.TASKS}])
def test_after_the_journal_was_emptied_it_is_told_from_its_first_entry(parts: set[Part]) -> None:
    def follow() -> list[list[int]]:
        store, trail = MemoryStore(journal_cap=100), Trail("t", 0)
        before = told(store, trail, 1, 2, 3)
        store.reset("t", parts)
        return [before, told(store, trail, 1), told(store, trail, 2)]

    assert follow() == [[1, 2, 3], [1], [2]]


def test_entries_that_the_cap_pushed_out_are_not_missed() -> None:
    def follow() -> list[int]:
        store, trail = MemoryStore(journal_cap=2), Trail("t", 0)
        told(store, trail, 1)
        return told(store, trail, 2, 3, 4, 5)

    assert follow() == [4, 5]


def test_more_than_one_batch_is_told_in_several_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(follower, "BATCH", 3)

    def follow() -> list[list[int]]:
        store, trail = MemoryStore(journal_cap=100), Trail("t", 0)
        first = told(store, trail, 1, 2, 3, 4, 5)
        return [first, told(store, trail), told(store, trail)]

    assert follow() == [[1, 2, 3], [4, 5], []]
