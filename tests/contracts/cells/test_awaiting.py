"""Work in other threads is waited for."""

from __future__ import annotations

import threading
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress

import pytest

from contracts.cells import awaiting
from contracts.cells.awaiting import await_all


def test_all_are_waited_for() -> None:
    gate, done = threading.Event(), list[int]()

    def work(number: int) -> None:
        gate.wait(20)
        done.append(number)

    with ThreadPoolExecutor(3) as threads:
        futures = [threads.submit(work, number) for number in range(3)]
        gate.set()
        await_all(futures)
        assert sorted(done) == [0, 1, 2]


def test_what_one_raises_is_raised_before_the_others_are_done() -> None:
    never: Future[None] = Future()
    broken: Future[None] = Future()
    broken.set_exception(ZeroDivisionError())
    with pytest.raises(ZeroDivisionError):
        await_all([never, broken])


def test_a_wait_is_never_long(monkeypatch: pytest.MonkeyPatch) -> None:
    waits = list[float]()

    def looked(pending: set[Future[None]], timeout_s: float, _: object) -> object:
        waits.append(timeout_s)
        if len(waits) == 3:
            raise KeyboardInterrupt
        return set(), pending

    monkeypatch.setattr(awaiting, "wait", looked)
    with suppress(KeyboardInterrupt):
        await_all([Future()])
    assert len(waits) == 3
    assert max(waits) < 1
