"""A running server for a clock that goes in step with its clients: is it at rest, what comes next, let time pass.

A client that sleeps need not be waited for: whoever holds its clock asks ``look``, and lets the time ``pass_time``.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import NamedTuple

from msgspec.structs import replace

from mock_server.core.clock import ClockMode
from mock_server.core.world import tenant_of
from mock_server.hosting.edge import Edge
from mock_server.house import House

_ROUNDS = 3
"""Turns of the loop until what a client has written before is read, and what we have written is on its way."""


class Moment(NamedTuple):
    """``next_ms`` is how long until something happens by time alone; None where nothing will.

    ``is_past`` says that the time that was to be skipped has passed.
    """

    is_at_work: bool
    next_ms: int | None
    is_past: bool = False


class Hands(NamedTuple):
    """How a clock went, and the moment on it in Unix ms."""

    mode: ClockMode
    rate: float
    now_ms: int


class Tempo:
    """Bound to one server; its coroutines run in that server's loop. ``guests`` counts exchanges without a socket."""

    def __init__(self, house: House, edge: Edge) -> None:
        self._house = house
        self._edge = edge
        self.guests = 0

    def tenant(self, key: str) -> str:
        """The tenant that ``key`` opens."""
        account = self._house.simulator.keyring.by_key(key)
        return account.tenant if account else tenant_of(key)

    @property
    def is_at_work(self) -> bool:
        """Whether an answer or a callback is on its way: a glance, good from any thread."""
        return self.guests > 0 or self._edge.watch.is_at_work or self._house.worker.is_at_work

    async def look(
        self, tenants: Sequence[str], skip_ms: int | None = None, may_skip: Callable[[], bool] = lambda: True
    ) -> Moment:
        """The server as it stands when all that it was sent before has been read.

        Where nothing happens in the next ``skip_ms``, and they may be skipped, they are.
        """
        for _ in range(_ROUNDS):
            await asyncio.sleep(0)
        waits = [wait for wait in [self._edge.waits.next_ms] if wait is not None]
        for tenant in tenants:
            waits += self._until_delivery(tenant)
        next_ms = min(waits, default=None)
        is_at_work = self.is_at_work or (next_ms is not None and next_ms <= 0)
        is_free = not is_at_work and skip_ms is not None and (next_ms is None or next_ms > skip_ms)
        if skip_ms is None or not is_free or not may_skip():
            return Moment(is_at_work, next_ms)
        await self.pass_time(tenants, skip_ms)
        return Moment(is_at_work=False, next_ms=next_ms, is_past=True)

    async def pass_time(self, tenants: Sequence[str], passed_ms: int) -> None:
        """Move the clocks on, and return when all that fell due has settled. Waits of wire scripts get shorter."""
        self._edge.waits.pass_time(passed_ms)
        simulator = self._house.simulator
        for tenant in tenants:
            world = simulator.world(tenant)
            await self._house.outbox.advance(world, simulator.now_ms(world) + passed_ms)
            if world.clock.rate:
                # a clock that stands has nothing that falls due by itself
                self._house.worker.wake(tenant)

    async def turn(self, tenant: str, mode: ClockMode, rate: float = 0.0) -> Hands:
        """Turn the tenant's clock to another mode from its present moment on; how it went before."""
        simulator = self._house.simulator
        world = simulator.world(tenant)
        now_ms = simulator.now_ms(world)
        turned = world.clock.turned_to(mode, rate, simulator.wall_ms())
        simulator.store.save_world(replace(world, clock=turned))
        self._house.worker.wake(tenant)
        return Hands(world.clock.mode, world.clock.rate, now_ms)

    def _until_delivery(self, tenant: str) -> list[int]:
        simulator = self._house.simulator
        delivery = simulator.store.next_delivery(tenant)
        if delivery is None or delivery.due_ms is None:
            return []
        return [delivery.due_ms - simulator.now_ms(simulator.world(tenant))]
