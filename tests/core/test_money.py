"""What a job costs: once, or for each begun unit of video."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.model import Price
from mock_server.core.money import amount_text, cost_of

PRICES = (Price("identify", "0.05", 0, "units", "page"), Price("lip-sync", "0.5", 5, "units", "page"))
amounts = st.decimals(min_value=0, max_value=10**9, places=4)


@pytest.mark.parametrize(
    ("duration_ms", "amount"),
    [(0, "0"), (1, "0.5"), (4_999, "0.5"), (5_000, "0.5"), (5_001, "1"), (60_000, "6")],
)
def test_each_begun_unit_counts(duration_ms: int, amount: str) -> None:
    assert amount_text(cost_of(PRICES, "lip-sync", duration_ms)) == amount


@given(st.integers(0, 10**6))
def test_a_price_for_the_call_ignores_the_length(duration_ms: int) -> None:
    assert cost_of(PRICES, "identify", duration_ms) == Decimal("0.05")


def test_what_has_no_price_is_free() -> None:
    assert cost_of(PRICES, "speech", 5_000) == 0


@given(amounts)
def test_an_amount_is_written_plainly_and_exactly(amount: Decimal) -> None:
    text = amount_text(amount)
    assert Decimal(text) == amount
    assert "E" not in text
    assert text == "0" or "." not in text or text[-1] not in "0."


@pytest.mark.parametrize(
    ("amount", "text"), [("100", "100"), ("0.50", "0.5"), ("0.00", "0"), ("1E+2", "100")]
)
def test_amounts_have_no_exponent_and_no_needless_zeros(amount: str, text: str) -> None:
    assert amount_text(Decimal(amount)) == text
