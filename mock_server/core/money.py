"""What a job costs, from the provider's price table."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from functools import lru_cache

from contracts.model import Price


def cost_of(prices: Iterable[Price], operation: str, duration_ms: int = 0) -> Decimal:
    """The amount for one job: the price, times the begun units of video where it is by length; 0 where none stands."""
    for price in prices:
        if price.operation == operation:
            units = -(-duration_ms // (price.per_s * 1000)) if price.per_s else 1
            return Decimal(price.amount) * units
    return Decimal(0)


@lru_cache(maxsize=4096)
def price_text(prices: tuple[Price, ...], operation: str, duration_ms: int = 0) -> str:
    """``cost_of`` as text."""
    return amount_text(cost_of(prices, operation, duration_ms))


def amount_text(amount: Decimal) -> str:
    """``0.05``, ``1``, ``0``: no exponent, no trailing zeros."""
    return format(amount.normalize(), "f")
