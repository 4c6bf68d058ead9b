"""What every request needs: settings, store, clock, files, keys. One object a server."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from mock_server.core.account import Keyring
from mock_server.core.dialect import Dialect
from mock_server.core.pace import Pace, pace_named
from mock_server.core.savings import Savings
from mock_server.core.world import World
from mock_server.flow.library import Library
from mock_server.media.blobs import BlobFolder
from mock_server.settings import Settings
from mock_server.stores.base import Store

ANONYMOUS = "anonymous"
"""The tenant of requests whose key could not be read: their journal is kept under this name."""

WallClock = Callable[[], int]
"""Unix time in milliseconds that never goes back."""


@dataclass(slots=True)
class Simulator:
    """The parts of one server.

    ``wake_outbox`` is called with a tenant whose deliveries may have become due. ``furnish`` makes a new world what
    the server's scenario wants it to be.
    """

    settings: Settings
    store: Store
    blobs: BlobFolder
    keyring: Keyring
    library: Library
    wall_ms: WallClock
    dialects: Mapping[str, Dialect]
    savings: Savings = field(default_factory=Savings)
    wake_outbox: Callable[[str], None] = field(default=lambda _: None)
    furnish: Callable[[World], World] = field(default=lambda world: world)
    _chosen: dict[str, str] = field(init=False, repr=False)
    """Each switch as the server was started, else the default of its row."""

    def __post_init__(self) -> None:
        self._chosen = {name: row.default for name, row in self.dialects.items()} | dict(
            self.settings.dialects
        )

    def pace(self, world: World) -> Pace:
        """The world's own pace, else the server's."""
        return pace_named(world.pace or self.settings.pace)

    def world(self, tenant: str) -> World:
        """The tenant's world; a tenant seen for the first time gets a new one."""
        world = self.store.world(tenant)
        if world is None:
            world = self.new_world(tenant)
            self.store.save_world(world)
        return world

    def new_world(self, tenant: str) -> World:
        """A world as a new tenant finds it: the server's clock, seed and scenario."""
        return self.furnish(World(tenant, self.settings.seed, self.settings.first_clock(self.wall_ms())))

    def now_ms(self, world: World) -> int:
        return world.clock.now_ms(self.wall_ms())

    def dialect(self, world: World, name: str) -> str:
        """The switch as the tenant set it, else as the server was started, else the default of its row."""
        return world.dialects.get(name) or self._chosen[name]


def table_of(dialects: Iterable[Dialect]) -> Mapping[str, Dialect]:
    """Dialects by name. Raises ValueError where two share one."""
    table: dict[str, Dialect] = {}
    for dialect in dialects:
        if dialect.name in table:
            raise ValueError(f"two dialects are called {dialect.name}")
        table[dialect.name] = dialect
    return table
