"""The parts of one running server, for those that stand on top: the application and the admin surface."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from mock_server.callbacks.outbox import Outbox
from mock_server.callbacks.worker import Worker
from mock_server.faults.engine import Engine
from mock_server.flow.simulator import Simulator
from mock_server.providers.base import Provider
from mock_server.results.shelf import Shelf


@dataclass(frozen=True)
class House:
    """Everything that the admin surface may touch."""

    simulator: Simulator
    outbox: Outbox
    worker: Worker
    providers: tuple[Provider, ...]
    shelf: Shelf
    faults: Engine
    closing: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when the server begins to stop: answers without an end of their own end then."""
