"""The one place where the judge reads the machine's clock, or waits for it."""

from __future__ import annotations

import time


def unix_s() -> float:
    """Unix time."""
    return time.time()


def steady_s() -> float:
    """Seconds by a clock that never goes back, from some moment on."""
    return time.monotonic()


def worked_s() -> float:
    """Seconds for which this process has had a processor, all its threads together."""
    return time.process_time()


def pause(seconds: float) -> None:
    time.sleep(seconds)
