"""Threads that a client starts are the client's; and to join one is to wait."""

from __future__ import annotations

import functools
import threading
from typing import TYPE_CHECKING

from contracts.lockstep import real
from contracts.lockstep.swap import Swaps

if TYPE_CHECKING:
    from contracts.lockstep.step import LockStep


def replace(step: LockStep, swaps: Swaps) -> None:
    """Replace ``Thread.start`` and ``Thread.join``."""
    real_start, real_join = threading.Thread.start, threading.Thread.join

    @functools.wraps(real_start)
    def start(thread: threading.Thread) -> None:
        if step.governs():
            step.crew.start(thread, real_start)
        else:
            real_start(thread)

    @functools.wraps(real_join)
    def join(thread: threading.Thread, timeout: float | None = None) -> None:
        if not step.governs() or thread is threading.current_thread():
            real_join(thread, timeout)
            return
        patience_s = None if timeout is None else max(0.0, timeout)
        with step.conductor.waiting(patience_s, _nothing, lambda: not thread.is_alive()) as wait:
            for slice_s in real.slices():
                real_join(thread, slice_s)
                if not thread.is_alive() or step.conductor.is_over(wait):
                    return
                step.conductor.step()

    swaps.put(threading.Thread, "start", start)
    swaps.put(threading.Thread, "join", join)


def _nothing() -> None:
    """A join looks by itself."""
