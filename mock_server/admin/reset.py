"""Forget exactly what is named, of one tenant or of all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from mock_server.admin.ask import KEY, Ask
from mock_server.admin.operation import Operation
from mock_server.admin.view import View
from mock_server.core.world import World
from mock_server.stores.base import Part

if TYPE_CHECKING:
    from mock_server.admin.bodies import Reset

_PARTS = {"tasks": Part.TASKS, "journal": Part.JOURNAL, "media": Part.MEDIA}


class ResetView(View):
    """What was forgotten; ``tenant`` is null where it was everybody's."""

    reset: tuple[str, ...]
    tenant: str | None


async def reset(ask: Ask, body: Reset) -> ResetView:
    """Forget exactly what is named, of the key's tenant, or without ``key`` of all.

    ``clock`` starts the clock again as the server was told to start clocks, ``dialects`` gives all switches back to
    the server's setting. Ids start again from the first once both tasks and journal are forgotten in one request.
    """
    tenant = ask.named_tenant
    if "all" in body.what:
        await ask.store.reset(tenant, tuple(Part))
    else:
        parts = [part for word, part in _PARTS.items() if word in body.what]
        await ask.store.reset(tenant, parts)
        await _restore_worlds(ask, clock="clock" in body.what, dialects="dialects" in body.what)
    ask.house.worker.wake(tenant)
    return ResetView(reset=tuple(dict.fromkeys(body.what)), tenant=tenant)


async def _restore_worlds(ask: Ask, *, clock: bool, dialects: bool) -> None:
    # worlds are changed and not forgotten: forgetting one would take the dialects along with the clock
    if not clock and not dialects:
        return
    for tenant in await ask.tenants():
        world = await ask.store.world(tenant)
        if world is not None:
            await ask.store.save_world(_restored(ask, world, clock=clock, dialects=dialects))


def _restored(ask: Ask, world: World, *, clock: bool, dialects: bool) -> World:
    simulator = ask.simulator
    return replace(
        world,
        clock=simulator.settings.first_clock(simulator.wall_ms()) if clock else world.clock,
        dialects={} if dialects else world.dialects,
    )


OPERATIONS = (Operation("POST", "/reset", reset, (KEY,)),)
