"""The dialect switches: what there is, what is in force, and setting them for a tenant."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Literal

from msgspec.structs import replace

from mock_server.admin.ask import KEY, PROVIDER, Ask
from mock_server.admin.operation import Operation
from mock_server.admin.problem import BadRequest
from mock_server.admin.view import View
from mock_server.core.dialect import Dialect, checked
from mock_server.core.errors import ConfigurationError
from mock_server.core.world import World

if TYPE_CHECKING:
    from mock_server.admin.bodies import DialectSetting


class DialectView(View):
    """One switch. ``value`` is in force; ``set_by`` says who chose it."""

    name: str
    value: str
    values: tuple[str, ...]
    default: str
    set_by: Literal["tenant", "server", "default"]
    says: str
    source: str


class DialectsView(View):
    """Every switch, by name."""

    tenant: str
    dialects: tuple[DialectView, ...]


async def get_dialects(ask: Ask) -> DialectsView:
    """The dialect switches with the values in force for the tenant."""
    return _view(ask, ask.world())


async def put_dialects(ask: Ask, body: DialectSetting) -> DialectsView:
    """Set switches for the tenant, from its next request on."""
    world = ask.world()
    given_back = {name for name, value in body.root.items() if value is None}
    chosen = {name: value for name, value in body.root.items() if value is not None}
    _check(ask, chosen, given_back)
    kept = {name: value for name, value in world.dialects.items() if name not in given_back}
    changed = replace(world, dialects={**kept, **chosen})
    ask.store.save_world(changed)
    return _view(ask, changed)


def _check(ask: Ask, chosen: Mapping[str, str], given_back: Collection[str]) -> None:
    """Raises BadRequest for a name or a value that does not exist."""
    table = ask.simulator.dialects
    unknown = sorted(set(given_back) - table.keys())
    if unknown:
        raise BadRequest(f"unknown dialect {unknown[0]!r}; known are {', '.join(sorted(table))}")
    try:
        checked(table.values(), chosen)
    except ConfigurationError as fault:
        raise BadRequest(str(fault)) from None


def _view(ask: Ask, world: World) -> DialectsView:
    provider = ask.get(PROVIDER)
    rows = (
        row
        for name, row in sorted(ask.simulator.dialects.items())
        if provider in {None, name.partition(".")[0]}
    )
    return DialectsView(tenant=world.tenant, dialects=tuple(_row(ask, world, row) for row in rows))


def _row(ask: Ask, world: World, row: Dialect) -> DialectView:
    is_servers = row.name in ask.simulator.settings.dialects
    return DialectView(
        name=row.name,
        value=ask.simulator.dialect(world, row.name),
        values=row.values,
        default=row.default,
        set_by="tenant" if row.name in world.dialects else "server" if is_servers else "default",
        says=row.says,
        source=row.source,
    )


OPERATIONS = (
    Operation("GET", "/dialects", get_dialects, (KEY, PROVIDER)),
    Operation("PUT", "/dialects", put_dialects, (KEY,)),
)
