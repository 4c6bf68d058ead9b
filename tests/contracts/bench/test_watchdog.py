"""Who runs in circles is ended."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from contracts.bench.watchdog import Overdue, Watchdog


@pytest.fixture
def watchdog() -> Iterator[Watchdog]:
    made = Watchdog(0.1)
    yield made
    made.close()


def test_a_loop_without_end_is_ended(watchdog: Watchdog) -> None:
    def run_in_circles() -> None:
        while True:
            pass

    with pytest.raises(Overdue), watchdog.watching():
        run_in_circles()


def test_who_is_in_time_is_left_alone(watchdog: Watchdog) -> None:
    for _ in range(100):
        with watchdog.watching():
            pass
    assert sum(range(100_000)) == 4_999_950_000, "nothing is raised afterwards"
