"""The machine's own clocks and waits, kept under names that nobody replaces."""

from __future__ import annotations

import _thread
import itertools
import select
import time
from collections.abc import Iterator

allocate_lock = _thread.allocate_lock
monotonic = time.monotonic
sleep = time.sleep

SHORTEST_S = 0.000_5
LONGEST_S = 0.005
FIRST_LOOK_S = 0.004
"""An ordinary answer is there sooner, and nobody has to be asked whether it is on its way."""


def slices() -> Iterator[float]:
    """How long to wait between two looks, in seconds: short at first, and never long enough to be felt."""
    for turn in itertools.count():
        yield min(SHORTEST_S * 2 ** min(turn, 10), LONGEST_S)


def is_readable(descriptor: int, timeout_s: float) -> bool:
    """Whether a read would return at once, or within ``timeout_s`` of the machine's time."""
    if not hasattr(select, "poll"):
        return bool(select.select([descriptor], [], [], timeout_s)[0])
    poll = select.poll()
    poll.register(descriptor, select.POLLIN)
    return bool(poll.poll(timeout_s * 1000))
