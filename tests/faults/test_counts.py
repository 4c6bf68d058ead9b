"""Counts are read from the store's tallies, and forgotten rule by rule."""

from __future__ import annotations

from mock_server.core.fault import FaultRule
from mock_server.faults.book import FIRED, SEEN
from mock_server.faults.counts import Counts, counts_of, forget_counts
from mock_server.stores import open_store


def test_occasions_are_summed_over_tasks_and_other_tallies_are_left_alone() -> None:
    store = open_store("memory", journal_cap=10)
    for name in (
        f"{SEEN} f1 a",
        f"{SEEN} f1 a",
        f"{SEEN} f1 b",
        f"{FIRED} f1",
        f"{SEEN} f2 ",
        "calls x y",
    ):
        store.tally("t", name)
    assert counts_of(store, "t") == Counts({"f1": 3, "f2": 1}, {"f1": 1})
    assert counts_of(store, "nobody") == Counts({}, {})
    forget_counts(store, "t", {"f1"})
    assert counts_of(store, "t") == Counts({"f2": 1}, {})
    forget_counts(store, "t")
    assert store.tallies("t") == {"calls x y": 1}


def test_a_rule_that_is_spent_has_fired_as_often_as_it_may() -> None:
    counts = Counts({}, {"f1": 5})
    assert counts.fired_by(FaultRule("f1", "x")) == 5
    assert counts.fired_by(FaultRule("f1", "x", times=2)) == 2
    assert counts.fired_by(FaultRule("f2", "x", times=2)) == 0
