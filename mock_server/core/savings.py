"""What this server has spared its users: renders, minutes and money that no provider was paid."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal

from contracts.model import Price
from mock_server.core.ledger import OPERATION_OF_KIND, RENDERS
from mock_server.core.money import amount_text, cost_of
from mock_server.core.task import Task

_HOUR_MS = 3_600_000
_MINUTE_MS = 60_000


class Savings:
    """Counts jobs since the server began. Jobs that are planned to fail are free, and count as renders only."""

    def __init__(self) -> None:
        self._jobs: Counter[tuple[str, str, int]] = Counter()
        self.renders = 0
        self.video_ms = 0

    def add_task(self, task: Task) -> None:
        """One more accepted task."""
        duration_ms = task.video.duration_ms if task.video else 0
        if task.kind in RENDERS:
            self.renders += 1
            self.video_ms += duration_ms
        if task.plan.failure is None:
            self._jobs[task.provider, OPERATION_OF_KIND[task.kind], duration_ms] += 1

    def add_call(self, provider: str, operation: str) -> None:
        """One more call that was answered at once."""
        self._jobs[provider, operation, 0] += 1

    def money(self, prices_of: Callable[[str], Iterable[Price]]) -> Mapping[str, Decimal]:
        """Amounts by currency."""
        amounts: dict[str, Decimal] = {}
        for (provider, operation, duration_ms), count in self._jobs.items():
            prices = tuple(prices_of(provider))
            currency = next((price.currency for price in prices if price.operation == operation), "")
            amounts[currency] = (
                amounts.get(currency, Decimal(0)) + cost_of(prices, operation, duration_ms) * count
            )
        return amounts

    def sentence(self, prices_of: Callable[[str], Iterable[Price]]) -> str:
        """The closing line; empty where nothing was asked.

        Such as ``This run: 212 renders, 3.1 h of video, 118 units and 4.2 USD not spent.``
        """
        if not self._jobs and not self.renders:
            return ""
        renders = f"{self.renders} render{'' if self.renders == 1 else 's'}"
        money = " and ".join(
            f"{amount_text(amount)} {_plural(currency, amount)}"
            for currency, amount in sorted(self.money(prices_of).items())
            if amount
        )
        return f"This run: {renders}, {_length(self.video_ms)} of video, {money or 'nothing'} not spent."


def _plural(currency: str, amount: Decimal) -> str:
    return currency if currency.isupper() or amount == 1 else f"{currency}s"


def _length(duration_ms: int) -> str:
    if duration_ms >= _HOUR_MS:
        return f"{duration_ms / _HOUR_MS:.1f} h"
    return f"{duration_ms / _MINUTE_MS:.1f} min"
