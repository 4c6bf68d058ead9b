"""What a run would have cost."""

from __future__ import annotations

from contracts.witness.savings import Spending, sentence


def test_money_is_added_by_currency():
    spent = [
        Spending("USD", "0.10", 1, 30_000),
        Spending("USD", "0.20", 1, 30_000),
        Spending("unit", "3", 2, 60_000),
    ]
    assert sentence(spent) == "4 renders, 2.0 min of video, 0.3 USD and 3 units not spent"


def test_nothing_rendered_is_nothing_to_say():
    assert sentence([]) == ""
    assert sentence([Spending("USD", "0", 0, 0)]) == ""


def test_failed_renders_cost_nothing():
    assert sentence([Spending("USD", "0", 1, 6_000)]) == "1 render, 0.1 min of video, nothing not spent"
