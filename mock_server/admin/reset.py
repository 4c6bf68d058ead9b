"""Forget exactly what is named, of one tenant or of all."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from msgspec.structs import replace

from mock_server.admin.ask import KEY, Ask
from mock_server.admin.operation import Operation
from mock_server.admin.view import View
from mock_server.faults.counts import forget_counts
from mock_server.flow.till import forget_calls
from mock_server.stores.base import Part

if TYPE_CHECKING:
    from mock_server.admin.bodies import Reset

_PARTS = {"tasks": Part.TASKS, "journal": Part.JOURNAL, "media": Part.MEDIA}
_FIELDS = ("clock", "dialects", "faults")
"""Fields of a world that a word names."""


class ResetView(View):
    """What was forgotten; ``tenant`` is null where it was everybody's."""

    reset: tuple[str, ...]
    tenant: str | None


async def reset(ask: Ask, body: Reset) -> ResetView:
    """Forget exactly what is named, of the key's tenant, or without ``key`` of all.

    ``clock`` and ``dialects`` are again as a new tenant finds them. ``faults`` switches off what was switched on
    since, and counts from one again; without ``key`` the faults for all are again those that the server began with.
    Ids start again from the first once both tasks and journal are forgotten in one request.
    """
    tenant = ask.named_tenant
    if "all" in body.what:
        ask.store.reset(tenant, tuple(Part))
    else:
        parts = [part for word, part in _PARTS.items() if word in body.what]
        ask.store.reset(tenant, parts)
        if Part.TASKS in parts:
            for name in ask.tenants():
                forget_calls(ask.store, name)
        _restore_worlds(ask, body.what)
    if tenant is None and {"all", "faults"} & set(body.what):
        ask.house.faults.book.common = ask.house.faults.book.first
    ask.house.worker.wake(tenant)
    return ResetView(reset=tuple(dict.fromkeys(body.what)), tenant=tenant)


def _restore_worlds(ask: Ask, words: Collection[str]) -> None:
    # worlds are changed and not forgotten: forgetting one would take the dialects along with the clock
    fields = [word for word in _FIELDS if word in words]
    for tenant in ask.tenants() if fields else ():
        world = ask.store.world(tenant)
        if world is not None:
            fresh = ask.simulator.new_world(tenant)
            ask.store.save_world(replace(world, **{name: getattr(fresh, name) for name in fields}))
        if "faults" in fields:
            forget_counts(ask.store, tenant)


OPERATIONS = (Operation("POST", "/reset", reset, (KEY,)),)
