"""Waits of wire scripts end by themselves, or sooner where time is let pass."""

from __future__ import annotations

import asyncio

from mock_server.hosting.waits import Wait, Waits

LONG_MS = 3_600_000


def test_a_wait_ends_by_itself() -> None:
    async def run() -> int | None:
        waits = Waits()
        await waits.hold(Wait(1))
        return waits.next_ms

    assert asyncio.run(run()) is None


def test_time_that_is_let_pass_counts_for_every_wait_and_ends_those_that_are_over() -> None:
    async def run() -> list[int | None]:
        waits = Waits()
        held = [asyncio.create_task(waits.hold(Wait(wait_ms))) for wait_ms in (LONG_MS, 5_000, 5_000)]
        await asyncio.sleep(0)
        seen = [waits.next_ms]
        for passed_ms in (4_000, 1_000):
            waits.pass_time(passed_ms)
            seen.append(waits.next_ms)
        await asyncio.gather(*held[1:])
        seen.append(waits.next_ms)
        waits.pass_time(LONG_MS)
        await asyncio.gather(*held)
        return [*seen, waits.next_ms]

    assert asyncio.run(run()) == [5_000, 1_000, 0, LONG_MS - 5_000, None]


def test_who_gives_up_waiting_is_forgotten() -> None:
    async def run() -> int | None:
        waits = Waits()
        held = asyncio.create_task(waits.hold(Wait(LONG_MS)))
        await asyncio.sleep(0)
        held.cancel()
        await asyncio.gather(held, return_exceptions=True)
        return waits.next_ms

    assert asyncio.run(run()) is None
