"""What a run would have cost at the providers, in one sentence."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from msgspec import Struct

from contracts.witness.admin import Admin

_MINUTE_MS = 60_000


class Spending(Struct, frozen=True):
    """What one tenant's jobs would have cost at one provider."""

    currency: str
    spent: str
    renders: int
    video_ms: int


class _Ledger(Struct):
    accounts: tuple[Spending, ...]


def ledger_of(admin: Admin, provider: str) -> tuple[Spending, ...]:
    """What the tenant's jobs would have cost at ``provider``. Raises AdminError."""
    return admin.read("ledger", _Ledger, provider=provider).accounts


def sentence(spent: Iterable[Spending]) -> str:
    """Such as ``165 renders, 22.0 min of video, 13.2 USD not spent``; empty where nothing was rendered."""
    renders, video_ms, amounts = 0, 0, dict[str, Decimal]()
    for one in spent:
        renders += one.renders
        video_ms += one.video_ms
        amounts[one.currency] = amounts.get(one.currency, Decimal(0)) + Decimal(one.spent)
    if not renders:
        return ""
    count = f"{renders} render{'' if renders == 1 else 's'}"
    money = " and ".join(
        f"{amount.normalize():f} {_plural(currency, amount)}"
        for currency, amount in sorted(amounts.items())
        if amount
    )
    return f"{count}, {video_ms / _MINUTE_MS:.1f} min of video, {money or 'nothing'} not spent"


def _plural(currency: str, amount: Decimal) -> str:
    return currency if currency.isupper() or amount == 1 else f"{currency}s"
