"""asyncio's timers pass virtually, in their order, and its I/O is waited for really."""

from __future__ import annotations

import asyncio
import contextlib
import threading
import time
from typing import TYPE_CHECKING

import anyio
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine
    from contextlib import AbstractContextManager

    from contracts.lockstep import LockStep
    from tests.contracts.lockstep.conftest import Begin

A_LITTLE_S = 0.01


async def timed(work: Coroutine[object, object, object]) -> float:
    loop = asyncio.get_running_loop()
    start_s = loop.time()
    with contextlib.suppress(TimeoutError):
        await work
    return round(loop.time() - start_s, 2)


async def wait_for_ever() -> None:
    await asyncio.Event().wait()


async def bounded() -> None:
    with anyio.fail_after(25):
        await anyio.sleep(100)


@pytest.mark.parametrize(
    ("work", "takes_s"),
    [
        (lambda: asyncio.sleep(1800), 1800),
        (lambda: asyncio.wait_for(wait_for_ever(), 60), 60),
        (lambda: asyncio.wait([asyncio.ensure_future(asyncio.sleep(90))], timeout=30), 30),
        (bounded, 25),
        (lambda: asyncio.to_thread(time.sleep, 40), 40),
        (lambda: asyncio.gather(asyncio.sleep(5), asyncio.to_thread(time.sleep, 8)), 8),
    ],
)
def test_a_wait_takes_its_time(step: LockStep, work: object, takes_s: float) -> None:
    async def run() -> float:
        return await timed(work())  # type: ignore[operator]

    assert asyncio.run(run()) == takes_s


def test_a_timer_is_called_at_its_moment(step: LockStep) -> None:
    async def run() -> float:
        loop = asyncio.get_running_loop()
        called = loop.create_future()
        start_s = loop.time()
        loop.call_later(12, lambda: called.set_result(loop.time()))
        return float(await called) - start_s

    assert asyncio.run(run()) == pytest.approx(12, abs=A_LITTLE_S)


def test_a_thread_wakes_a_loop_at_its_moment(step: LockStep) -> None:
    async def run() -> float:
        loop, rung = asyncio.get_running_loop(), asyncio.Event()
        threading.Timer(33, loop.call_soon_threadsafe, [rung.set]).start()
        return await timed(asyncio.wait_for(rung.wait(), 1000))

    assert asyncio.run(run()) == 33


def test_bytes_on_their_way_are_waited_for(step: LockStep) -> None:
    async def answer(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(20)
        writer.write(b"late")
        writer.close()

    async def run() -> tuple[bytes, float]:
        server = await asyncio.start_server(answer, "127.0.0.1", 0)
        async with server:
            start_s = time.monotonic()
            reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
            async with asyncio.timeout(60):
                told = await reader.read()
            writer.close()
            return told, round(time.monotonic() - start_s, 2)

    assert asyncio.run(run()) == (b"late", 20)


def test_a_loop_that_was_made_before_is_in_step_too(alone: Begin) -> None:
    with asyncio.Runner() as runner:
        runner.run(asyncio.sleep(0))
        with alone() as step:
            runner.run(asyncio.sleep(500))
            assert step.elapsed_s == pytest.approx(500, abs=A_LITTLE_S)
        runner.run(asyncio.sleep(0))


@given(pauses=st.lists(st.integers(0, 10_000_000), max_size=20))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_timers_fire_in_the_order_of_their_moments(alone: Begin, pauses: list[int]) -> None:
    woken: list[int] = []

    async def sleeper(pause_ms: int) -> None:
        await asyncio.sleep(pause_ms / 1000)
        woken.append(pause_ms)

    async def run() -> None:
        await asyncio.gather(*map(sleeper, pauses))

    with alone() as step:
        asyncio.run(run())
        assert step.elapsed_s == pytest.approx(max(pauses, default=0) / 1000, abs=A_LITTLE_S)
    assert woken == sorted(pauses)


def test_a_loop_that_was_closed_while_another_thread_asks_about_it_is_not_at_rest(
    step: LockStep, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Callable[[], bool]] = []
    real_waiting = step.conductor.waiting

    def waiting(
        seconds: float | None, poke: Callable[[], None], is_ready: Callable[[], bool]
    ) -> AbstractContextManager[object]:
        asked.append(is_ready)
        return real_waiting(seconds, poke, is_ready)

    monkeypatch.setattr(step.conductor, "waiting", waiting)
    asyncio.run(asyncio.sleep(5))
    assert asked
    assert all(is_ready() for is_ready in asked)
