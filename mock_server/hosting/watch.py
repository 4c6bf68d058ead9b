"""All open connections: counted by address, and looked at a few times a second."""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict
from enum import Enum, auto
from typing import Protocol

from mock_server.hosting.limits import Limits
from mock_server.hosting.vigil import Finding, Sight, Vigil

_PERIOD_S = 0.25


class Welcome(Enum):
    """How an address that has many connections is met: served, told why not, or cut off without a word."""

    SERVED = auto()
    REFUSED = auto()
    CUT = auto()


class Watched(Protocol):
    """A connection, as the watch knows it. ``address`` is the client's, without its port."""

    address: str
    vigil: Vigil

    @property
    def is_at_work(self) -> bool: ...
    def sight(self) -> Sight: ...
    def time_out(self) -> None: ...
    def reset(self) -> None: ...


class Watch:
    """Looks at connections between ``begin`` and ``end``."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._period_s = min(_PERIOD_S, limits.shortest_s / 4)
        self._connections: set[Watched] = set()
        self._by_address: Counter[str] = Counter()
        self._next: asyncio.TimerHandle | None = None

    def begin(self) -> None:
        loop = asyncio.get_running_loop()
        self._next = loop.call_later(self._period_s, self._look, loop)

    def end(self) -> None:
        if self._next is not None:
            self._next.cancel()

    def enter(self, connection: Watched) -> Welcome:
        """Watch ``connection`` from here on, whatever its welcome."""
        self._connections.add(connection)
        self._by_address[connection.address] += 1
        count = self._by_address[connection.address]
        if count <= self._limits.connections:
            return Welcome.SERVED
        return Welcome.REFUSED if count <= 2 * self._limits.connections else Welcome.CUT

    def leave(self, connection: Watched) -> None:
        if connection not in self._connections:
            return
        self._connections.remove(connection)
        self._by_address[connection.address] -= 1
        if not self._by_address[connection.address]:
            del self._by_address[connection.address]

    @property
    def is_at_work(self) -> bool:
        """Whether some client is about to get bytes without any time passing."""
        return any(connection.is_at_work for connection in tuple(self._connections))

    def reset_all(self, besides: Watched | None = None) -> None:
        """Break off every connection but one, as when a process dies."""
        for connection in self._connections - {besides}:
            connection.reset()

    def _look(self, loop: asyncio.AbstractEventLoop) -> None:
        self._next = loop.call_later(self._period_s, self._look, loop)
        now_s = loop.time()
        stalled: defaultdict[str, list[Watched]] = defaultdict(list)
        for connection in tuple(self._connections):
            finding = connection.vigil.look(now_s, connection.sight())
            if finding is Finding.LATE:
                connection.time_out()
            elif finding is Finding.STUCK:
                connection.reset()
            elif finding is Finding.STALLED:
                stalled[connection.address].append(connection)
        for connections in stalled.values():
            # whoever has waited longest is the least likely to come back
            connections.sort(key=lambda connection: connection.vigil.stalled_since_s, reverse=True)
            for connection in connections[self._limits.stalled :]:
                connection.reset()
