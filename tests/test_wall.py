"""The machine's clock, read in one place."""

from __future__ import annotations

import time
from itertools import pairwise

from mock_server.wall import wall_ms


def test_the_wall_tells_unix_time_in_milliseconds() -> None:
    assert abs(wall_ms() - time.time() * 1000) < 5_000


def test_the_wall_never_goes_back() -> None:
    assert all(earlier <= later for earlier, later in pairwise(wall_ms() for _ in range(1_000)))


def test_the_wall_goes_with_the_monotonic_clock() -> None:
    before = wall_ms() - time.monotonic_ns() // 1_000_000
    after = wall_ms() - time.monotonic_ns() // 1_000_000
    assert abs(after - before) <= 1
