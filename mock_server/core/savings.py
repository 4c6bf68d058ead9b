"""What this server has spared its users: renders, minutes and money that no provider was paid."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal

from contracts.model import Price
from mock_server.core.ledger import OPERATION_OF_KIND, RENDERS
from mock_server.core.money import amount_text, cost_of
from mock_server.core.task import Task, TaskKind

_HOUR_MS = 3_600_000
_MINUTE_MS = 60_000


class Savings:
    """Counts jobs since the server began. Jobs that are planned to fail are free, and count as renders only."""

    def __init__(self) -> None:
        self._tasks: dict[tuple[str, TaskKind, int, bool], int] = {}
        self._calls: dict[tuple[str, str], int] = {}

    def add_task(self, task: Task) -> None:
        """One more accepted task."""
        video = task.video
        key = (task.provider, task.kind, video.duration_ms if video else 0, task.plan.failure is None)
        self._tasks[key] = self._tasks.get(key, 0) + 1

    def add_call(self, provider: str, operation: str) -> None:
        """One more call that was answered at once."""
        key = (provider, operation)
        self._calls[key] = self._calls.get(key, 0) + 1

    @property
    def renders(self) -> int:
        return sum(count for (_, kind, _, _), count in self._tasks.items() if kind in RENDERS)

    @property
    def video_ms(self) -> int:
        """The length of the videos that were asked for."""
        return sum(length * count for (_, kind, length, _), count in self._tasks.items() if kind in RENDERS)

    def money(self, prices_of: Callable[[str], Iterable[Price]]) -> Mapping[str, Decimal]:
        """Amounts by currency."""
        amounts: dict[str, Decimal] = {}
        for provider, operation, duration_ms, count in self._paid():
            prices = tuple(prices_of(provider))
            currency = next((price.currency for price in prices if price.operation == operation), "")
            amounts[currency] = (
                amounts.get(currency, Decimal(0)) + cost_of(prices, operation, duration_ms) * count
            )
        return amounts

    def _paid(self) -> Iterator[tuple[str, str, int, int]]:
        for (provider, kind, duration_ms, is_paid), count in self._tasks.items():
            if is_paid:
                yield provider, OPERATION_OF_KIND[kind], duration_ms, count
        for (provider, operation), count in self._calls.items():
            yield provider, operation, 0, count

    def sentence(self, prices_of: Callable[[str], Iterable[Price]]) -> str:
        """The closing line; empty where nothing was asked.

        Such as ``This run: 212 renders, 3.1 h of video, 118 units and 4.2 USD not spent.``
        """
        if not self._tasks and not self._calls:
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
