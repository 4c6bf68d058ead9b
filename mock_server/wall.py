"""The one place that reads the machine's clock."""

from __future__ import annotations

import time

_START_MS = time.time_ns() // 1_000_000
_START_MONOTONIC_NS = time.monotonic_ns()


def wall_ms() -> int:
    """Unix time in milliseconds, counted from the process's start by a clock that never goes back."""
    return _START_MS + (time.monotonic_ns() - _START_MONOTONIC_NS) // 1_000_000
