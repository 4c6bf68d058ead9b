"""Connections are counted by address, and those beyond the limits let go: the longest idle reader first."""

from __future__ import annotations

import asyncio

from mock_server.hosting.limits import Limits
from mock_server.hosting.vigil import Phase, Sight, Vigil
from mock_server.hosting.watch import Watch, Welcome
from mock_server.settings import Settings


class Guest:
    """A connection that notes what the watch does to it."""

    def __init__(
        self, limits: Limits, address: str = "192.0.2.1", phase: Phase = Phase.OURS, unsent: int = 0
    ):
        self.address = address
        self.vigil = Vigil(limits)
        self.seen = Sight(phase, None, 0, unsent)
        self.ended = asyncio.Event()
        self.done: list[str] = []

    def sight(self) -> Sight:
        return self.seen

    def time_out(self) -> None:
        self._end("time_out")

    def reset(self) -> None:
        self._end("reset")

    def _end(self, how: str) -> None:
        self.done.append(how)
        self.ended.set()


def limits_with(**settings: object) -> Limits:
    return Limits.of(Settings(**settings))  # type: ignore[arg-type]


def test_an_address_is_served_up_to_its_limit_then_told_why_and_then_cut() -> None:
    limits = limits_with(connections_per_address=2)

    async def run() -> None:
        watch = Watch(limits)
        guests = [Guest(limits) for _ in range(5)]
        assert [watch.enter(guest) for guest in guests] == [
            Welcome.SERVED,
            Welcome.SERVED,
            Welcome.REFUSED,
            Welcome.REFUSED,
            Welcome.CUT,
        ]
        assert watch.enter(Guest(limits, "192.0.2.2")) is Welcome.SERVED
        for guest in guests[1:]:
            watch.leave(guest)
        assert watch.enter(Guest(limits)) is Welcome.SERVED

    asyncio.run(run())


def test_leaving_twice_counts_once() -> None:
    limits = limits_with(connections_per_address=1)

    async def run() -> None:
        watch = Watch(limits)
        first, second = Guest(limits), Guest(limits)
        watch.enter(first)
        watch.enter(second)
        watch.leave(first)
        watch.leave(first)
        assert watch.enter(Guest(limits)) is Welcome.REFUSED

    asyncio.run(run())


def test_late_connections_are_told_and_stuck_ones_cut() -> None:
    limits = limits_with(idle_timeout_s=0.01, write_timeout_s=0.01)

    async def run() -> None:
        watch = Watch(limits)
        late, stuck = Guest(limits, phase=Phase.IDLE), Guest(limits, unsent=10)
        watch.enter(late)
        watch.enter(stuck)
        watch.begin()
        await asyncio.wait_for(asyncio.gather(late.ended.wait(), stuck.ended.wait()), 10)
        watch.end()
        assert (late.done[0], stuck.done[0]) == ("time_out", "reset")

    asyncio.run(run())


def test_more_stalled_readers_of_an_address_than_it_may_have_are_cut() -> None:
    limits = limits_with(stalled_per_address=1, idle_timeout_s=0.04)

    async def run() -> None:
        watch = Watch(limits)
        here = [Guest(limits, unsent=10) for _ in range(3)]
        elsewhere = Guest(limits, "192.0.2.2", unsent=10)
        for guest in (*here, elsewhere):
            watch.enter(guest)
        watch.begin()
        waiting = [asyncio.create_task(guest.ended.wait()) for guest in here]
        await asyncio.wait(waiting, timeout=10, return_when=asyncio.FIRST_COMPLETED)
        watch.end()
        for task in waiting:
            task.cancel()
        assert sorted(guest.done for guest in here) == [[], ["reset"], ["reset"]]
        assert elsewhere.done == []

    asyncio.run(run())


def test_all_but_one_can_be_reset() -> None:
    limits = limits_with()

    async def run() -> None:
        watch = Watch(limits)
        guests = [Guest(limits) for _ in range(3)]
        for guest in guests:
            watch.enter(guest)
        watch.reset_all(besides=guests[1])
        assert [guest.done for guest in guests] == [["reset"], [], ["reset"]]

    asyncio.run(run())
