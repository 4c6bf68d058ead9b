"""The state of a test session, and of one test in it: servers, tenants, what they would have cost."""

from __future__ import annotations

import hashlib
import os
import socket
from collections.abc import Iterator
from contextlib import ExitStack
from typing import TYPE_CHECKING

from contracts.plugin.server import PluginServer
from contracts.plugin.tenant import Lipflap

if TYPE_CHECKING:
    from contracts.plugin.stepping import LipflapClock
    from contracts.witness.savings import Spending

KEY_DIGITS = 24


class TestTenants:
    """The tenants of one test. ``clock`` is set while the test has ``lipflap_clock``."""

    __test__ = False

    def __init__(self, server: PluginServer, nodeid: str, spent: list[Spending]) -> None:
        self._server = server
        self._name = nodeid
        self._spent = spent
        self._stack = ExitStack()
        self.all: list[Lipflap] = []
        self.clock: LipflapClock | None = None

    def make(self, settings: dict[str, object] | None = None) -> Lipflap:
        """Another tenant; with ``settings`` on a server of its own. Raises ConfigurationError."""
        server = self._stack.enter_context(PluginServer.started(settings)) if settings else self._server
        lipflap = Lipflap(server, _key(self._name, len(self.all), is_shared=server.background is None))
        lipflap.begin()
        self.all.append(lipflap)
        if self.clock is not None and server.background is not None:
            self.clock.join(server.background, lipflap.key)
        return lipflap

    def unused_faults(self) -> list[str]:
        """Faults that were to fire and have not, in words."""
        return [rule.said() for lipflap in self.all for rule in lipflap.faults.unused()]

    def timelines(self) -> Iterator[tuple[str, str]]:
        """A heading and a story for each tenant that was asked anything."""
        for position, lipflap in enumerate(self.all):
            if len(lipflap.journal):
                number = f" of tenant {position + 1}" if position else ""
                yield f"lipflap timeline{number}", lipflap.timeline()

    def close(self) -> None:
        for lipflap in self.all:
            self._spent.extend(lipflap.spending)
            lipflap.close()
        self._stack.close()


def _key(nodeid: str, position: int, *, is_shared: bool) -> str:
    """The same for the same test, so that ids are; on a server that others use too, for the same process."""
    where = f"{socket.gethostname()}/{os.getpid()}/" if is_shared else ""
    name = f"{where}{nodeid}/{position}"
    return f"lipflap-{hashlib.sha256(name.encode()).hexdigest()[:KEY_DIGITS]}"
