"""What was told of each task, in the order in which it was told."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from contracts.conform.exchange import Caller, Exchange
from contracts.conform.surfaces.surface import Told
from contracts.conform.verdict import Evidence


class Seen(Struct, frozen=True):
    """One answer about a task."""

    exchange: Exchange
    told: Told


def stories(evidence: Evidence) -> Mapping[str, list[Seen]]:
    """Answers that are about one task of ours, by its id: the create and every poll."""
    found: dict[str, list[Seen]] = {}
    for exchange in evidence.exchanges:
        told = evidence.surface.told(exchange.body) if exchange.is_fine else None
        if told is not None and exchange.caller is Caller.OWN:
            found.setdefault(told.id, []).append(Seen(exchange, told))
    return found
