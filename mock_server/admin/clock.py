"""A tenant's clock: read it, turn it, move it on until everything that fell due has settled."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from msgspec.structs import replace

from mock_server.admin.ask import KEY, Ask
from mock_server.admin.operation import Operation
from mock_server.admin.paging import walk_deliveries, walk_tasks
from mock_server.admin.problem import Conflict
from mock_server.admin.view import View, iso
from mock_server.callbacks.outbox import AdvanceLimit
from mock_server.core.clock import ClockMode
from mock_server.core.delivery import DeliveryState
from mock_server.core.world import World

if TYPE_CHECKING:
    from mock_server.admin.bodies import Advance, ClockSetting


class ClockView(View):
    """``now_ms`` is Unix time on the tenant's clock, ``now`` the same as text; ``rate`` is 0 while it stands."""

    tenant: str
    now_ms: int
    now: str
    mode: ClockMode
    rate: float


class Settled(View):
    """What came about meanwhile: tasks that ended, attempts made, and deliveries by how they ended."""

    tasks: int
    attempts: int
    delivered: int
    exhausted: int
    refused: int
    lost: int


class AdvancedView(ClockView):
    """The clock after the advance."""

    settled: Settled


async def get_clock(ask: Ask) -> ClockView:
    """The tenant's clock."""
    return _view(ask, ask.world())


async def put_clock(ask: Ask, body: ClockSetting) -> ClockView:
    """Turn the tenant's clock to another mode.

    The clock goes on from its present moment: no mode jumps.
    """
    world = ask.world()
    clock = world.clock.turned_to(body.mode, body.rate or 0.0, ask.simulator.wall_ms())
    turned = replace(world, clock=clock)
    ask.store.save_world(turned)
    ask.house.worker.wake(turned.tenant)
    return _view(ask, turned)


async def advance_clock(ask: Ask, body: Advance) -> AdvancedView:
    """Move the tenant's clock on, and answer when everything that fell due has settled.

    Callbacks are sent in order of (due moment, number), each while the clock stands at its moment, retries that
    fall due on the way included. 409 says that the limit of one advance was reached: the clock stands at the last
    event it passed, and advancing again goes on.
    """
    world = ask.world()
    before = _tally(ask, world)
    target_ms = None if body.seconds is None else ask.simulator.now_ms(world) + round(body.seconds * 1000)
    try:
        moved = await ask.house.outbox.advance(world, target_ms)
    except AdvanceLimit as limit:
        raise Conflict(str(limit)) from None
    finally:
        ask.house.worker.wake(world.tenant)
    after = _tally(ask, moved)
    clock = _view(ask, moved)
    return AdvancedView(
        tenant=clock.tenant,
        now_ms=clock.now_ms,
        now=clock.now,
        mode=clock.mode,
        rate=clock.rate,
        settled=_difference(before, after),
    )


@dataclass(frozen=True, slots=True)
class _Tally:
    ended: int
    attempts: int
    states: tuple[DeliveryState, ...]


def _tally(ask: Ask, world: World) -> _Tally:
    now_ms = ask.simulator.now_ms(world)
    ended = attempts = 0
    for _, task in walk_tasks(ask.store, world.tenant):
        ended += task.plan.at(now_ms).stage.is_terminal
    states = []
    for _, delivery in walk_deliveries(ask.store, world.tenant):
        attempts += len(delivery.attempts)
        states.append(delivery.state)
    return _Tally(ended, attempts, tuple(states))


def _difference(before: _Tally, after: _Tally) -> Settled:
    """Never below zero: somebody may have reset the tenant meanwhile."""

    def more(state: DeliveryState) -> int:
        return max(0, after.states.count(state) - before.states.count(state))

    return Settled(
        tasks=max(0, after.ended - before.ended),
        attempts=max(0, after.attempts - before.attempts),
        delivered=more(DeliveryState.DELIVERED),
        exhausted=more(DeliveryState.EXHAUSTED),
        refused=more(DeliveryState.REFUSED),
        lost=more(DeliveryState.LOST),
    )


def _view(ask: Ask, world: World) -> ClockView:
    now_ms = ask.simulator.now_ms(world)
    return ClockView(
        tenant=world.tenant, now_ms=now_ms, now=iso(now_ms), mode=world.clock.mode, rate=world.clock.rate
    )


OPERATIONS = (
    Operation("GET", "/clock", get_clock, (KEY,)),
    Operation("PUT", "/clock", put_clock, (KEY,)),
    Operation("POST", "/clock/advance", advance_clock, (KEY,), errors=(409,)),
)
