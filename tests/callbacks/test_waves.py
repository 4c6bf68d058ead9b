"""Those of a wave leave at once, waves one after the other, and never too many at a time."""

from __future__ import annotations

import asyncio

import pytest
from msgspec.structs import replace

from mock_server.callbacks.packing import Packer
from mock_server.callbacks.sender import Outcome
from mock_server.callbacks.waves import MAX_AT_ONCE, in_waves, send_waves
from mock_server.core.parcel import Parcel

pytestmark = pytest.mark.anyio

PARCEL = Packer().pack("8001.processing", b"{}", 0)


def parcels(*waves: int) -> list[Parcel]:
    return [replace(PARCEL, id=f"{position}", wave=wave) for position, wave in enumerate(waves)]


class Receiver:
    """Takes a few turns of the loop for each parcel, and answers with 200 and its number."""

    def __init__(self) -> None:
        self.story: list[str] = []
        self.open = self.most_open = 0

    async def send(self, url: str, parcel: Parcel) -> Outcome:
        self.open += 1
        self.most_open = max(self.open, self.most_open)
        self.story.append(f"{url} {parcel.id}")
        for _ in range(3):
            await asyncio.sleep(0)
        self.open -= 1
        self.story.append(f"answered {parcel.id}")
        return Outcome(200 + int(parcel.id), None)


def test_parcels_stand_in_order_of_their_waves_and_else_as_they_came() -> None:
    assert [parcel.id for parcel in in_waves(parcels(1, 0, 1, 0))] == ["1", "3", "0", "2"]


async def test_a_wave_leaves_when_the_one_before_is_answered() -> None:
    receiver = Receiver()
    outcomes = await send_waves(receiver, "u", parcels(0, 0, 1))
    assert receiver.story == ["u 0", "u 1", "answered 0", "answered 1", "u 2", "answered 2"]
    assert [outcome.status for outcome in outcomes] == [200, 201, 202]


async def test_a_wave_has_a_limit_of_open_connections() -> None:
    receiver = Receiver()
    outcomes = await send_waves(receiver, "u", parcels(*[0] * (3 * MAX_AT_ONCE)))
    assert receiver.most_open == MAX_AT_ONCE
    assert [outcome.status for outcome in outcomes] == [200 + n for n in range(3 * MAX_AT_ONCE)]
