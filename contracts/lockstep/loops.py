"""Selectors. A loop of asyncio with nothing to do waits in one, there for I/O really, and for time virtually.

Another thread, such as a server's that waits for callers, waits really, and is seen to wait.
"""

from __future__ import annotations

import asyncio
import functools
import selectors
from collections.abc import Callable
from typing import TYPE_CHECKING

from contracts.lockstep import real
from contracts.lockstep.swap import Swaps

if TYPE_CHECKING:
    from contracts.lockstep.step import LockStep

_Events = list[tuple[selectors.SelectorKey, int]]
_Select = Callable[[selectors.BaseSelector, float | None], _Events]
_NAMES = ("SelectSelector", "PollSelector", "EpollSelector", "DevpollSelector", "KqueueSelector")


def replace(step: LockStep, swaps: Swaps) -> None:
    """Replace ``select`` of every selector of this system."""
    for kind in (getattr(selectors, name, None) for name in _NAMES):
        if kind is not None:
            swaps.put(kind, "select", _select(step, kind.select))


def _select(step: LockStep, select: _Select) -> _Select:
    @functools.wraps(select)
    def selected(selector: selectors.BaseSelector, timeout: float | None = None) -> _Events:
        if (timeout is not None and timeout <= 0) or not step.governs():
            return select(selector, timeout)
        loop = asyncio._get_running_loop()  # noqa: SLF001 - the public one raises, and this is asked for every turn
        if loop is not None and getattr(loop, "_selector", None) is selector:
            return select(selector, 0) or _waited(step, loop, selector, select, timeout)
        return _seen_to_wait(step, selector, select, timeout)

    return selected


def _seen_to_wait(
    step: LockStep, selector: selectors.BaseSelector, select: _Select, timeout: float | None
) -> _Events:
    """Waits on the machine's time. Who asks whether all are at rest need not watch this thread to know that it is."""
    keys = tuple((selector.get_map() or {}).values())
    if any(key.events != selectors.EVENT_READ for key in keys):
        return select(selector, timeout)

    def is_ready() -> bool:
        # not by the selector itself, which one thread alone may ask
        return any(real.is_readable(key.fd, 0) for key in keys)

    with step.conductor.waiting(None, _nothing, is_ready) as wait:
        events = select(selector, timeout)
        wait.is_awake = True
        return events


def _nothing() -> None:
    """It looks by itself."""


def _waited(
    step: LockStep,
    loop: asyncio.AbstractEventLoop | None,
    selector: selectors.BaseSelector,
    select: _Select,
    timeout: float | None,
) -> _Events:
    conductor = step.conductor
    wake: Callable[[], None] = loop._write_to_self  # type: ignore[union-attr]  # noqa: SLF001 - what call_soon_threadsafe does
    with conductor.waiting(timeout, wake, lambda: _is_ready(select, selector)) as wait:
        if step.crew.took_note_of_sending() and (events := select(selector, _first_look_s(timeout))):
            return events
        for slice_s in real.slices():
            conductor.step()
            events = select(selector, 0 if conductor.is_over(wait) else slice_s)
            if events or conductor.is_over(wait):
                return events
    return []


def _is_ready(select: _Select, selector: selectors.BaseSelector) -> bool:
    """Whether the loop has something to do. Others ask this too, and its thread may close it meanwhile."""
    try:
        return bool(select(selector, 0))
    except (ValueError, OSError):
        return True


def _first_look_s(timeout: float | None) -> float:
    return real.FIRST_LOOK_S if timeout is None else min(real.FIRST_LOOK_S, timeout)
