"""Servers of Python's own library, such as a receiver of callbacks: whoever stops one waits until it looks whether to.

It looks by the machine's clock, half a second apart if nothing is said, and that is no time that a client asks for.
"""

from __future__ import annotations

import functools
import socketserver
from typing import TYPE_CHECKING

from contracts.lockstep.swap import Swaps

if TYPE_CHECKING:
    from contracts.lockstep.step import LockStep

LOOK_EVERY_S = 0.005


def replace(step: LockStep, swaps: Swaps) -> None:
    """Replace ``serve_forever``: the client's servers look more often."""
    real = socketserver.BaseServer.serve_forever

    @functools.wraps(real)
    def serve_forever(server: socketserver.BaseServer, poll_interval: float = 0.5) -> None:
        real(server, min(poll_interval, LOOK_EVERY_S) if step.governs() else poll_interval)

    swaps.put(socketserver.BaseServer, "serve_forever", serve_forever)
