"""Waits on a lock: ``sleep``, and every wait of ``threading`` and ``queue``, which all are waits of a Condition.

A Condition makes a lock for each wait, by a name in ``threading`` that is replaced here; a Timer, an Event, a
Semaphore, a Barrier, a Queue and a Future are made of Conditions.
"""

from __future__ import annotations

import threading
from contextlib import suppress
from typing import TYPE_CHECKING

from contracts.lockstep import real
from contracts.lockstep.swap import Swaps

if TYPE_CHECKING:
    from contracts.lockstep.step import LockStep


def replace(step: LockStep, swaps: Swaps) -> None:
    """Have the Conditions of client threads wait on virtual time."""

    def allocate_lock() -> object:
        return WaiterLock(step) if step.governs() else real.allocate_lock()

    swaps.put(threading, "_allocate_lock", allocate_lock)


def sleep(step: LockStep, seconds: float) -> None:
    """Let ``seconds`` of virtual time pass for the calling thread."""
    never = WaiterLock(step)
    never.acquire()
    never.acquire(timeout=seconds)


class WaiterLock:
    """A lock for one wait: taken twice by the one who waits, and released by whoever wakes it."""

    def __init__(self, step: LockStep) -> None:
        self._step = step
        self._lock = real.allocate_lock()
        self._is_taken = False
        self._is_released = False

    def acquire(self, blocking: bool = True, timeout: float = -1) -> bool:
        """The first is at once; the second waits for ``release``, for ``timeout`` at most (below 0: without end)."""
        if not self._is_taken:
            self._is_taken = True
            self._lock.acquire()
            return True
        if blocking and not self._is_released:
            self._wait(None if timeout < 0 else timeout)
        return self._is_released

    def release(self) -> None:
        """Wake who waits."""
        self._is_released = True
        self._poke()

    def _poke(self) -> None:
        with suppress(RuntimeError):  # it is awake already
            self._lock.release()

    def _wait(self, seconds: float | None) -> None:
        conductor = self._step.conductor
        with conductor.waiting(seconds, self._poke, lambda: self._is_released) as wait:
            for slice_s in real.slices():
                conductor.step()
                if self._is_released or conductor.is_over(wait):
                    return
                self._lock.acquire(timeout=slice_s)
                if self._is_released or conductor.is_over(wait):
                    return
