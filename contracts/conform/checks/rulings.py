"""Whether what was tried under a label was accepted or refused, wherever the provider says so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum

from msgspec import Struct

from contracts.conform.exchange import Exchange
from contracts.conform.surfaces.surface import Surface, is_end


class Ruling(StrEnum):
    """What became of an attempt."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    """At once, or by a task that failed."""
    NOT_OVER = "not over yet"
    UNKNOWN = "unknown"
    """The answer is none that the contract has, which answer-shape tells of."""


class Ruled(Struct, frozen=True):
    """An attempt's end, and the exchanges that show it."""

    ruling: Ruling
    quotes: tuple[str, ...]


def rulings(surface: Surface, exchanges: Sequence[Exchange]) -> Mapping[str, Ruled]:
    """By label, in the order of the attempts; the last exchange under a label decides."""
    last: dict[str, Exchange] = {}
    first: dict[str, Exchange] = {}
    for exchange in exchanges:
        if exchange.label:
            first.setdefault(exchange.label, exchange)
            last[exchange.label] = exchange
    return {
        label: Ruled(_ruling(surface, exchange), _quotes(first[label], exchange))
        for label, exchange in last.items()
    }


def _ruling(surface: Surface, exchange: Exchange) -> Ruling:
    if exchange.status >= 400:
        return Ruling.REFUSED
    if surface.session_of(exchange.body):
        return Ruling.ACCEPTED
    told = surface.told(exchange.body)
    if told is None or told.word not in surface.ranks:
        return Ruling.UNKNOWN
    if told.word == surface.success:
        return Ruling.ACCEPTED
    return Ruling.REFUSED if is_end(surface, told.word) else Ruling.NOT_OVER


def _quotes(first: Exchange, last: Exchange) -> tuple[str, ...]:
    return (first.quote(),) if first is last else (first.quote(), last.quote())
