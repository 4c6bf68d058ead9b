"""The background worker, on a wall that the test moves."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import pytest

from mock_server.callbacks.sender import Outcome
from mock_server.callbacks.worker import MAX_SENDS_AT_ONCE, RECOVERY_MS, Worker, wait_for
from mock_server.core.clock import ClockMode
from mock_server.core.delivery import DeliveryState

if TYPE_CHECKING:
    from tests.callbacks.conftest import Office

pytestmark = pytest.mark.anyio

FAILED = Outcome(500, "answered 500")
URL = "http://r.test/"


class Shift:
    """A worker at work. ``waits`` are the seconds that it asked for, None where it would wait for ever."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.waits: list[float | None] = []
        self.worker = Worker(office.outbox, office.store, lambda: office.wall_ms, self._wait)
        self._alarm = asyncio.Event()

    async def _wait(self, event: asyncio.Event, timeout_s: float | None) -> None:
        self.waits.append(timeout_s)
        waiting = [asyncio.create_task(each.wait()) for each in (event, self._alarm)]
        await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        self._alarm.clear()
        for task in waiting:
            task.cancel()

    async def rest(self) -> None:
        """Let everything happen that needs no time."""
        for _ in range(200):
            await asyncio.sleep(0)

    async def pass_ms(self, duration_ms: int) -> None:
        """Move the wall, and end the worker's wait."""
        self.office.wall_ms += duration_ms
        self._alarm.set()
        await self.rest()


@asynccontextmanager
async def at_work(office: Office) -> AsyncIterator[Shift]:
    shift = Shift(office)
    run = asyncio.create_task(shift.worker.run())
    await shift.rest()
    yield shift
    await shift.worker.stop(0)
    await run


def hang_for(*tenants: str) -> Callable[[str], Awaitable[None]]:
    async def hang(tenant: str) -> None:
        if tenant in tenants:
            await asyncio.Event().wait()

    return hang


async def test_what_an_earlier_run_left_is_sent_at_start(office: Office) -> None:
    for tenant in ("t", "u"):
        office.open_world(tenant)
        office.add([0], tenant=tenant)
    async with at_work(office):
        assert office.story() == [("t/a.0", 0), ("u/a.0", 0)]


async def test_it_waits_until_the_next_delivery_is_due(office: Office) -> None:
    office.open_world(mode=ClockMode.REAL)
    office.add([2_000])
    async with at_work(office) as shift:
        assert shift.waits[-1] == 2.001
        assert office.sent == []
        await shift.pass_ms(2_001)
        assert office.story() == [("t/a.0", 2_001)]
        assert shift.waits[-1] is None


async def test_retries_keep_their_gaps_on_a_scaled_clock(office: Office) -> None:
    office.answers[URL] = [FAILED]
    office.open_world(mode=ClockMode.SCALED, rate=1_000)
    office.add([0])
    async with at_work(office) as shift:
        for _ in range(20):
            await shift.pass_ms(1)
        assert [at_ms for _, at_ms in office.story()] == [0, 2_000, 5_000, 10_000]
        assert shift.waits[-1] is None


async def test_a_wake_brings_what_was_added_since(office: Office) -> None:
    office.open_world("t")
    office.open_world("u")
    async with at_work(office) as shift:
        office.add([0], tenant="t")
        shift.worker.wake("t")
        await shift.rest()
        office.add([0], tenant="u")
        shift.worker.wake()
        await shift.rest()
        assert office.story() == [("t/a.0", 0), ("u/a.0", 0)]


async def test_a_wake_during_a_send_is_not_lost(office: Office) -> None:
    office.open_world()
    office.add([0])
    is_first = True
    async with at_work(office) as shift:

        async def add_another(tenant: str) -> None:
            nonlocal is_first
            if is_first:
                is_first = False
                office.add([0], tenant=tenant, task="b")
                shift.worker.wake(tenant)

        office.during_send = add_another
        office.add([0], task="c")
        shift.worker.wake("t")
        await shift.rest()
        assert [delivery_id for delivery_id, _ in office.story()] == ["t/a.0", "t/c.0", "t/b.0"]


async def test_a_wake_between_the_last_look_and_the_plan_is_not_lost(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.open_world(mode=ClockMode.REAL)
    office.add([0, 60_000])
    async with at_work(office) as shift:
        look = office.outbox.wall_wait_ms

        def look_too_early(tenant: str) -> int | None:
            monkeypatch.undo()
            wait_ms = look(tenant)
            office.add([0], task="late")
            shift.worker.wake(tenant)
            return wait_ms

        monkeypatch.setattr(office.outbox, "wall_wait_ms", look_too_early)
        shift.worker.wake("t")
        await shift.rest()
        assert office.story() == [("t/a.0", 0), ("t/late.0", 0)]


async def test_a_tenant_is_served_by_one_task_however_often_it_is_woken(office: Office) -> None:
    office.open_world()
    office.add([0])
    office.during_send = hang_for("t")
    async with at_work(office) as shift:
        for _ in range(3):
            shift.worker.wake("t")
            await shift.rest()
        names = [task.get_name() for task in asyncio.all_tasks()]
        assert names.count("callbacks of t") == 1


async def test_a_manual_clock_is_not_waited_for(office: Office) -> None:
    office.open_world()
    office.add([1])
    async with at_work(office) as shift:
        await shift.pass_ms(1_000_000)
        assert office.sent == []
        assert shift.waits[-1] is None


async def test_a_hanging_receiver_blocks_no_other_tenant(office: Office) -> None:
    for tenant in ("stuck", "t"):
        office.open_world(tenant)
        office.add([0, 0], tenant=tenant)
    office.during_send = hang_for("stuck")
    async with at_work(office):
        assert office.story() == [("t/a.0", 0), ("t/a.1", 0)]


async def test_no_more_than_sixteen_sends_at_once(office: Office) -> None:
    tenants = [f"t{n}" for n in range(MAX_SENDS_AT_ONCE + 4)]
    for tenant in tenants:
        office.open_world(tenant)
        office.add([0], tenant=tenant)
    office.during_send = hang_for(*tenants)
    async with at_work(office):
        assert len(office.sent) == MAX_SENDS_AT_ONCE


async def test_an_error_of_ours_is_logged_and_healed(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    for tenant in ("bad", "t"):
        office.open_world(tenant)
        office.add([0], tenant=tenant)

    async def fail(tenant: str) -> None:
        if tenant == "bad":
            raise RuntimeError("the disk is full")

    office.during_send = fail
    with caplog.at_level(logging.ERROR):
        async with at_work(office) as shift:
            assert office.story() == [("t/a.0", 0)]
            assert shift.waits[-1] == RECOVERY_MS / 1000
            office.during_send = None
            await shift.pass_ms(RECOVERY_MS)
            assert office.story() == [("t/a.0", 0), ("bad/a.0", 0)]
    assert "the disk is full" in caplog.text


async def test_a_store_that_cannot_be_read_is_tried_again(
    office: Office, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.open_world()
    office.add([0])

    def fail() -> tuple[str, ...]:
        raise OSError("locked")

    with monkeypatch.context() as patch:
        patch.setattr(office.store, "tenants_with_pending_deliveries", fail)
        shift = Shift(office)
        run = asyncio.create_task(shift.worker.run())
        await shift.rest()
        assert shift.waits == [RECOVERY_MS / 1000]
    await shift.pass_ms(RECOVERY_MS)
    assert office.story() == [("t/a.0", 0)]
    await shift.worker.stop()
    await run
    assert "locked" in caplog.text


async def test_stopping_breaks_off_what_hangs_and_leaves_it_pending(office: Office) -> None:
    office.open_world()
    office.add([0])
    office.during_send = hang_for("t")
    async with at_work(office):
        assert len(office.sent) == 1
    left = office.delivery("t/a.0")
    assert (left.state, left.attempts) == (DeliveryState.PENDING, ())


async def test_stopping_lets_an_attempt_under_way_end_and_begins_no_other(office: Office) -> None:
    office.open_world()
    office.add([0, 0])
    answered = asyncio.Event()

    async def wait(_tenant: str) -> None:
        await answered.wait()

    office.during_send = wait
    shift = Shift(office)
    run = asyncio.create_task(shift.worker.run())
    await shift.rest()
    stop = asyncio.create_task(shift.worker.stop(60))
    await shift.rest()
    answered.set()
    await asyncio.gather(stop, run)
    assert office.story() == [("t/a.0", 0)]


async def test_a_wait_ends_with_the_event_or_the_time() -> None:
    event = asyncio.Event()
    await wait_for(event, 0)
    event.set()
    await wait_for(event, None)
