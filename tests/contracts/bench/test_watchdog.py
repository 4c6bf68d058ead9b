"""Who runs in circles is ended."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from contracts.bench.watchdog import IDLE_FACTOR, Overdue, Watchdog, _Limit


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


def test_who_waits_is_waited_for_longer(monkeypatch: pytest.MonkeyPatch) -> None:
    worked, now = [0.0], [0.0]
    monkeypatch.setattr("contracts.bench.watchdog.worked_s", lambda: worked[0])
    monkeypatch.setattr("contracts.bench.watchdog.steady_s", lambda: now[0])
    limit = _Limit(10.0)
    now[0] = 10.0 * IDLE_FACTOR
    assert not limit.is_over, "it has hardly had a processor"
    worked[0] = 10.1
    assert limit.is_over
    worked[0], now[0] = 0.0, 10.1 * IDLE_FACTOR
    assert limit.is_over


def test_who_is_in_time_is_left_alone(watchdog: Watchdog) -> None:
    for _ in range(100):
        with watchdog.watching():
            pass
    assert sum(range(100_000)) == 4_999_950_000, "nothing is raised afterwards"
