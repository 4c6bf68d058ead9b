"""Waits of threads pass virtually, in the order of their moments, and end early where somebody wakes them."""

from __future__ import annotations

import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor, wait
from queue import Empty, Queue
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

if TYPE_CHECKING:
    from collections.abc import Callable

    from contracts.lockstep import LockStep
    from tests.contracts.lockstep.conftest import Begin

A_LITTLE_S = 0.01
seconds = st.integers(0, 10_000_000).map(lambda ms: ms / 1000)


def elapsed(since_s: float) -> float:
    return round(time.monotonic() - since_s, 2)


@pytest.mark.parametrize(
    "wait",
    [
        lambda timeout: threading.Event().wait(timeout),
        lambda timeout: threading.Semaphore(0).acquire(timeout=timeout),
        lambda timeout: wait([Future()], timeout=timeout).done,
    ],
)
def test_a_wait_for_nothing_takes_its_timeout(step: LockStep, wait: Callable[[float], object]) -> None:
    start_s = time.monotonic()
    assert not wait(600)
    assert elapsed(start_s) == 600


def test_an_empty_queue_is_waited_for(step: LockStep) -> None:
    start_s = time.monotonic()
    with pytest.raises(Empty):
        Queue().get(timeout=90)
    assert elapsed(start_s) == 90


def test_a_condition_can_be_waited_for_with_a_predicate(step: LockStep) -> None:
    start_s, condition = time.monotonic(), threading.Condition()
    with condition:
        assert not condition.wait_for(lambda: False, timeout=45)
    assert elapsed(start_s) == 45


def test_who_is_woken_goes_on_at_that_moment(step: LockStep) -> None:
    start_s, event, queue = time.monotonic(), threading.Event(), Queue[str]()
    threading.Timer(7, event.set).start()
    threading.Timer(11, queue.put, ["news"]).start()
    assert event.wait(1000)
    assert elapsed(start_s) == 7
    assert queue.get(timeout=1000) == "news"
    assert elapsed(start_s) == 11


def test_a_wait_without_a_timeout_lets_others_time_pass(step: LockStep) -> None:
    start_s, event = time.monotonic(), threading.Event()
    threading.Timer(300, event.set).start()
    assert event.wait()
    assert elapsed(start_s) == 300


def test_a_join_is_a_wait(step: LockStep) -> None:
    start_s = time.monotonic()
    sleeper = threading.Thread(target=time.sleep, args=(100,), daemon=True)
    sleeper.start()
    sleeper.join(timeout=40)
    assert sleeper.is_alive()
    assert elapsed(start_s) == 40
    sleeper.join()
    assert elapsed(start_s) == 100


def test_a_pool_of_threads_sleeps_side_by_side(step: LockStep) -> None:
    start_s = time.monotonic()
    with ThreadPoolExecutor(4) as pool:
        futures = [pool.submit(time.sleep, pause_s) for pause_s in (50, 20, 30, 40)]
        assert [future.result(timeout=60) for future in futures] == [None] * 4
    assert elapsed(start_s) == 50


def test_time_stands_while_anybody_has_something_to_do(step: LockStep) -> None:
    results: Queue[int] = Queue()
    threading.Thread(target=lambda: results.put(sum(range(3_000_000))), daemon=True).start()
    start_s = time.monotonic()
    assert results.get(timeout=0.5) == sum(range(3_000_000))
    assert elapsed(start_s) == 0


def test_threads_of_others_keep_the_machines_time(alone: Begin) -> None:
    asked, answers = threading.Semaphore(0), Queue[float]()

    def answer() -> None:
        while asked.acquire():
            answers.put(time.monotonic())

    threading.Thread(target=answer, daemon=True).start()
    before_s = time.monotonic()
    with alone() as step:
        time.sleep(100_000)
        asked.release()
        with step.on_real_time():
            assert answers.get(timeout=60) - before_s < 60


def test_who_still_waits_at_the_end_is_woken(alone: Begin) -> None:
    has_ended = threading.Event()

    def work() -> None:
        threading.Event().wait()
        has_ended.set()

    with alone():
        worker = threading.Thread(target=work, daemon=True)
        worker.start()
    assert has_ended.wait(60)


@given(pauses=st.lists(seconds, max_size=30))
@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_virtual_time_is_the_sum_of_what_was_slept(alone: Begin, pauses: list[float]) -> None:
    with alone() as step:
        start_s = time.monotonic()
        for pause_s in pauses:
            time.sleep(pause_s)
        assert time.monotonic() - start_s == pytest.approx(sum(pauses), abs=A_LITTLE_S)
        assert step.elapsed_s >= sum(pauses) - 1e-6


@given(programs=st.lists(st.lists(st.integers(1, 1000), min_size=1, max_size=4), min_size=1, max_size=4))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_threads_wake_in_the_order_of_their_moments(alone: Begin, programs: list[list[int]]) -> None:
    woken: list[int] = []

    def run(pauses: list[int]) -> None:
        for pause_s in pauses:
            time.sleep(pause_s)
            woken.append(round(step.elapsed_s))

    with alone() as step:
        threads = [threading.Thread(target=run, args=(pauses,)) for pauses in programs]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert round(step.elapsed_s) == max(map(sum, programs))
    assert woken == sorted(sum(pauses[: count + 1]) for pauses in programs for count in range(len(pauses)))
