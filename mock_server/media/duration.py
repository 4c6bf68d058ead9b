"""Lengths of time, from a count of units to milliseconds, within the bounds that a file may claim."""

from __future__ import annotations

from mock_server.core.errors import ProbeError

MAX_DURATION_MS = 24 * 60 * 60 * 1000
"""Nothing longer is believed: hostile headers claim weeks (reliability.md § 0.11)."""


def duration_ms(units: int, per_second: int) -> int:
    """``units`` at ``per_second`` > 0 in ms, to the nearest. Raises ProbeError outside 0 to 24 hours."""
    length_ms = (units * 1000 + per_second // 2) // per_second
    if not 0 <= length_ms <= MAX_DURATION_MS:
        raise ProbeError("the file claims a duration outside 0 to 24 hours")
    return length_ms
