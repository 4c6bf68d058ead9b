"""Ends a function of this process that neither returns nor lets virtual time pass: Python code in a loop of its own."""

from __future__ import annotations

import ctypes
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from contracts.witness.wall import steady_s, worked_s

LOOK_EVERY_S = 0.25
IDLE_FACTOR = 3
"""Who does not even work is waited for so many times longer: a busy machine gives it little to work with."""


class Overdue(BaseException):
    """The function has worked, or waited, for too long."""


class Watchdog:
    """Watches one thread at a time. What waits in the system, and not in Python, it cannot end.

    ``limit_s`` is how long the process may work, so that a machine that is busy with other things decides nothing.
    """

    def __init__(self, limit_s: float) -> None:
        self._limit_s = limit_s
        self._lock = threading.Lock()
        self._until: _Limit | None = None
        self._thread_id = 0
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="lipflap watchdog", daemon=True)
        self._thread.start()

    @contextmanager
    def watching(self) -> Iterator[None]:
        """The calling thread has so long for this block; then Overdue is raised in it."""
        with self._lock:
            self._thread_id, self._until = threading.get_ident(), _Limit(self._limit_s)
        try:
            yield
        finally:
            with self._lock:
                was_fired, self._until = self._until is None, None
            if was_fired:
                self._catch_up()

    def close(self) -> None:
        self._ended.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._ended.wait(LOOK_EVERY_S):
            with self._lock:
                if self._until is not None and self._until.is_over:
                    self._until = None
                    _raise_in(self._thread_id, Overdue)

    @staticmethod
    def _catch_up() -> None:
        """What was raised may not have come yet: it comes between two steps of Python code."""
        with suppress(Overdue):
            for _ in range(1_000):
                pass


class _Limit:
    def __init__(self, limit_s: float) -> None:
        self._works_until_s = worked_s() + limit_s
        self._waits_until_s = steady_s() + limit_s * IDLE_FACTOR

    @property
    def is_over(self) -> bool:
        return worked_s() > self._works_until_s or steady_s() > self._waits_until_s


def _raise_in(thread_id: int, kind: type[BaseException]) -> None:
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread_id), ctypes.py_object(kind))
