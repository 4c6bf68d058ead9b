"""What the connections of one server share: limits, the names it goes by, the watch, the entrance."""

from __future__ import annotations

from mock_server.hosting.departures import Departures
from mock_server.hosting.entrance import Entrance
from mock_server.hosting.hosts import AllowedHosts
from mock_server.hosting.limits import Limits
from mock_server.hosting.waits import Waits
from mock_server.hosting.watch import Watch, Watched
from mock_server.settings import Settings


class Edge:
    """Made before the server listens; ``entrance`` is given once it does."""

    def __init__(self, settings: Settings) -> None:
        self.limits = Limits.of(settings)
        self.hosts = AllowedHosts.of(settings)
        self.watch = Watch(self.limits)
        self.waits = Waits()
        self.departures = Departures()
        self.entrance: Entrance | None = None
        self.is_stopping = False
        """Set when the server begins to stop: connections end with the answers that they wait for."""

    def refuse_connections(self, for_s: float) -> None:
        """Have the system refuse connections for so long. A server that stops anyway stays as it is."""
        if self.entrance is not None and not self.is_stopping:
            self.entrance.shut(for_s)

    def reset_others(self, than: Watched) -> None:
        """Break off all connections but one."""
        self.watch.reset_all(besides=than)
