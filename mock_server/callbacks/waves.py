"""Many parcels for one receiver: those of a wave at once, waves one after the other."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from itertools import groupby
from operator import attrgetter
from typing import Protocol

from mock_server.callbacks.sender import Outcome
from mock_server.core.parcel import Parcel

MAX_AT_ONCE = 64
"""Connections that one attempt may have open, however many parcels it sends."""

_wave = attrgetter("wave")


class Sends(Protocol):
    """What the outbox needs of a sender."""

    async def send(self, url: str, parcel: Parcel) -> Outcome: ...


def in_waves(parcels: Sequence[Parcel]) -> list[Parcel]:
    """The parcels in the order in which they leave; those of one wave as they came."""
    return sorted(parcels, key=_wave)


async def send_waves(sender: Sends, url: str, parcels: Sequence[Parcel]) -> list[Outcome]:
    """Send ``parcels``, which stand in order of their waves; their outcomes, in the same order."""
    if len(parcels) == 1:
        return [await sender.send(url, parcels[0])]
    slots = asyncio.Semaphore(MAX_AT_ONCE)

    async def send(parcel: Parcel) -> Outcome:
        async with slots:
            return await sender.send(url, parcel)

    outcomes: list[Outcome] = []
    for _, wave in groupby(parcels, key=_wave):
        outcomes += await asyncio.gather(*map(send, wave))
    return outcomes
