"""``time``: its clocks show virtual time, and its sleep lets it pass."""

from __future__ import annotations

import functools
import queue
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from contracts.lockstep import locks
from contracts.lockstep.swap import Swaps

if TYPE_CHECKING:
    from contracts.lockstep.step import LockStep

_BOUND = ((threading, "_time"), (queue, "time"))
"""Where the standard library has taken ``monotonic`` by name."""


def replace(step: LockStep, swaps: Swaps) -> None:
    """Replace the functions in ``time``, and wherever a client has taken them by name."""
    monotonic_start, perf_start = time.monotonic_ns(), time.perf_counter_ns()

    def monotonic_ns() -> int:
        return monotonic_start + step.conductor.read_ns()

    def perf_ns() -> int:
        return perf_start + step.conductor.read_ns()

    functions: dict[object, Callable[..., object]] = {
        time.sleep: _sleep(step),
        time.time: _reads(step, time.time, lambda: step.unix_ns() / 1e9),
        time.time_ns: _reads(step, time.time_ns, step.unix_ns),
        time.monotonic: _reads(step, time.monotonic, lambda: monotonic_ns() / 1e9),
        time.monotonic_ns: _reads(step, time.monotonic_ns, monotonic_ns),
        time.perf_counter: _reads(step, time.perf_counter, lambda: perf_ns() / 1e9),
        time.perf_counter_ns: _reads(step, time.perf_counter_ns, perf_ns),
        time.gmtime: _from_seconds(step, time.gmtime),
        time.localtime: _from_seconds(step, time.localtime),
        time.ctime: _from_seconds(step, time.ctime),
    }
    swaps.everywhere(functions)
    for virtual in functions.values():
        swaps.put(time, virtual.__name__, virtual)
    for module, name in _BOUND:
        swaps.put(module, name, time.monotonic)


def _reads(step: LockStep, real: Callable[[], object], virtual: Callable[[], object]) -> Callable[[], object]:
    @functools.wraps(real)
    def read() -> object:
        return virtual() if step.governs() else real()

    return read


def _from_seconds(step: LockStep, real: Callable[..., object]) -> Callable[..., object]:
    @functools.wraps(real)
    def converted(seconds: float | None = None) -> object:
        if seconds is None and step.governs():
            seconds = step.unix_ns() / 1e9
        return real(seconds)

    return converted


def _sleep(step: LockStep) -> Callable[[float], None]:
    real = time.sleep

    @functools.wraps(real)
    def sleep(seconds: float) -> None:
        if step.governs() and seconds >= 0:
            locks.sleep(step, seconds)
        else:
            real(seconds)

    return sleep
