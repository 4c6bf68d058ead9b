"""What is due is sent, remembered and tried again."""

from __future__ import annotations

import asyncio
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_server.callbacks.outbox import MAX_JUMP_MS, AdvanceLimit
from mock_server.callbacks.sender import Outcome
from mock_server.core.clock import MANUAL_EPOCH_MS, ClockMode
from mock_server.core.delivery import RETRY_DELAYS_MS, DeliveryState

if TYPE_CHECKING:
    from tests.callbacks.conftest import Office

pytestmark = pytest.mark.anyio

T0 = MANUAL_EPOCH_MS
OK = Outcome(200, None)
FAILED = Outcome(500, "answered 500")
URL = "http://r.test/"


async def test_only_what_is_due_is_sent(office: Office) -> None:
    office.open_world()
    office.add([0, 10, 11, None])
    await office.outbox.settle("t", T0 + 10)
    assert office.story() == [("t/a.0", 0), ("t/a.1", 10)]
    assert [sent.body for sent in office.sent] == [b"processing", b"processing"]
    states = [office.delivery(f"t/a.{n}").state for n in range(4)]
    assert states == [DeliveryState.DELIVERED] * 2 + [DeliveryState.PENDING] * 2


async def test_a_failure_is_tried_again_on_the_schedule_and_then_given_up(office: Office) -> None:
    office.answers[URL] = [FAILED]
    office.open_world()
    office.add([5])
    await office.outbox.settle("t", T0 + 1_000_000)
    assert office.story() == [("t/a.0", at_ms) for at_ms in (5, 1_005, 3_005, 7_005)]
    exhausted = office.delivery("t/a.0")
    assert exhausted.state is DeliveryState.EXHAUSTED
    assert [attempt.number for attempt in exhausted.attempts] == [1, 2, 3, 4]
    assert {attempt.error for attempt in exhausted.attempts} == {"answered 500"}


async def test_every_attempt_has_the_same_id_and_its_own_timestamp(office: Office) -> None:
    office.answers[URL] = [FAILED, FAILED, OK]
    office.open_world()
    office.add([0])
    await office.outbox.settle("t", T0 + 10_000)
    assert [(sent.delivery_id, sent.timestamp_s - T0 // 1000) for sent in office.sent] == [
        ("t/a.0", 0),
        ("t/a.0", 1),
        ("t/a.0", 3),
    ]


@given(
    due_ms=st.lists(st.integers(0, 9_000), min_size=1, max_size=6),
    failures=st.integers(0, 5),
    jumps_ms=st.lists(st.integers(0, 6_000), max_size=6),
)
async def test_gaps_and_order_are_the_same_however_the_clock_is_moved(
    due_ms: list[int], failures: int, jumps_ms: list[int], office_factory: type[Office]
) -> None:
    stepwise, at_once = office_factory(), office_factory()
    for office in (stepwise, at_once):
        office.add(due_ms)
        office.answers[URL] = [FAILED] * failures + [OK]
    world = stepwise.open_world()
    for jump_ms in jumps_ms:
        world = await stepwise.outbox.advance(world, T0 + stepwise.now_ms() + jump_ms)
    await stepwise.outbox.advance(world, T0 + 60_000)
    await at_once.outbox.advance(at_once.open_world(), T0 + 60_000)
    assert stepwise.story() == at_once.story()
    moments = [at_ms for _, at_ms in at_once.story()]
    assert moments == sorted(moments)
    for position, first_ms in enumerate(due_ms):
        attempts = at_once.delivery(f"t/a.{position}").attempts
        assert attempts[0].at_ms == T0 + first_ms
        gaps = tuple(later.at_ms - earlier.at_ms for earlier, later in pairwise(attempts))
        assert gaps == RETRY_DELAYS_MS[: len(gaps)]


async def test_equal_moments_go_by_number(office: Office) -> None:
    office.open_world()
    office.add([7, 7, 3, 7])
    await office.outbox.settle("t", T0 + 7)
    assert office.story() == [("t/a.2", 3), ("t/a.0", 7), ("t/a.1", 7), ("t/a.3", 7)]


async def test_what_was_missed_is_sent_at_the_present(office: Office) -> None:
    office.answers[URL] = [FAILED, OK]
    world = office.open_world(mode=ClockMode.REAL)
    office.add([0, 100])
    office.wall_ms += 5_000
    await office.outbox.settle(world.tenant, T0 + 5_000)
    assert office.story() == [("t/a.0", 5_000), ("t/a.1", 5_000)]
    assert office.delivery("t/a.0").due_ms == T0 + 6_000


async def test_an_advance_stops_at_every_event(office: Office) -> None:
    office.answers[URL] = [FAILED, OK]
    world = office.open_world()
    office.add([10, 500, 99_999])
    moved = await office.outbox.advance(world, T0 + 2_000)
    assert [sent.clock_ms for sent in office.sent] == [10, 500, 1_010]
    assert moved == office.store.world("t")
    assert office.now_ms() == 2_000


async def test_what_is_due_at_the_target_itself_is_sent(office: Office) -> None:
    world = office.open_world()
    office.add([10, 11])
    await office.outbox.advance(world, T0 + 10)
    assert office.story() == [("t/a.0", 10)]


async def test_an_advance_until_idle_passes_transitions_and_retries(office: Office) -> None:
    office.answers[URL] = [FAILED]
    office.transitions = [50, 9_000]
    world = office.open_world()
    office.add([100, None])
    await office.outbox.advance(world, None)
    assert [at_ms for _, at_ms in office.story()] == [100, 1_100, 3_100, 7_100]
    assert office.now_ms() == 9_000
    await office.outbox.advance(world, None)
    assert office.now_ms() == 9_000


async def test_a_clock_is_never_moved_back(office: Office) -> None:
    world = await office.outbox.advance(office.open_world(), T0 + 500)
    assert (await office.outbox.advance(world, T0 + 100)).clock.now_ms(0) == T0 + 500


async def test_an_advance_keeps_what_changed_meanwhile(office: Office) -> None:
    world = office.open_world()
    office.add([10])

    async def change_dialect(tenant: str) -> None:
        current = office.store.world(tenant)
        assert current is not None
        office.store.save_world(type(current)(tenant, 2, current.clock, {"a": "b"}))

    office.during_send = change_dialect
    moved = await office.outbox.advance(world, T0 + 20)
    assert (moved.seed, moved.dialects) == (2, {"a": "b"})


async def test_an_advance_has_a_limit_of_events_and_goes_on_from_there(office_factory: type[Office]) -> None:
    office = office_factory(max_events=2)
    world = office.open_world()
    office.add([1, 2, 3, 4])
    with pytest.raises(AdvanceLimit, match="2 events"):
        await office.outbox.advance(world, T0 + 10)
    assert office.now_ms() == 2
    await office.outbox.advance(world, T0 + 10)
    assert [at_ms for _, at_ms in office.story()] == [1, 2, 3, 4]
    assert office.now_ms() == 10


async def test_an_advance_has_a_limit_of_length(office: Office) -> None:
    world = office.open_world()
    with pytest.raises(AdvanceLimit):
        await office.outbox.advance(world, T0 + MAX_JUMP_MS + 1)
    assert office.now_ms() == 0
    await office.outbox.advance(world, T0 + MAX_JUMP_MS)
    assert office.now_ms() == MAX_JUMP_MS


async def test_a_refused_target_is_not_tried_again(office: Office) -> None:
    office.answers[URL] = [Outcome(None, "refused by policy: callbacks are off", is_refused=True)]
    office.open_world()
    office.add([0])
    await office.outbox.settle("t", T0 + 60_000)
    refused = office.delivery("t/a.0")
    assert refused.state is DeliveryState.REFUSED
    assert [attempt.error for attempt in refused.attempts] == ["refused by policy: callbacks are off"]


async def test_a_delivery_whose_task_is_gone_is_dropped_unsent(office: Office) -> None:
    office.gone = {"a"}
    office.open_world()
    office.add([0])
    await office.outbox.settle("t", T0 + 60_000)
    dropped = office.delivery("t/a.0")
    assert dropped.state is DeliveryState.EXHAUSTED
    assert [attempt.error for attempt in dropped.attempts] == ["the task is gone"]
    assert office.sent == []
    assert office.notes == [(dropped, dropped.attempts[0], None)]


async def test_a_redelivery_is_one_more_try_at_the_present(office: Office) -> None:
    office.answers[URL] = [FAILED]
    world = office.open_world()
    office.add([0])
    await office.outbox.advance(world, T0 + 60_000)
    again = await office.outbox.redeliver("t", "t/a.0", T0 + 60_000)
    assert again == office.delivery("t/a.0")
    assert again.state is DeliveryState.PENDING
    office.answers[URL] = [OK]
    await office.outbox.settle("t", T0 + 60_000)
    delivered = office.delivery("t/a.0")
    assert delivered.state is DeliveryState.DELIVERED
    assert [attempt.at_ms - T0 for attempt in delivered.attempts] == [0, 1_000, 3_000, 7_000, 60_000]


async def test_an_unknown_delivery_cannot_be_redelivered(office: Office) -> None:
    office.open_world()
    office.add([0])
    assert await office.outbox.redeliver("t", "t/a.9", T0) is None
    assert await office.outbox.redeliver("other", "t/a.0", T0) is None


async def test_settling_twice_at_once_sends_nothing_twice(office: Office) -> None:
    office.open_world()
    office.add(list(range(20)))

    async def step_aside(_tenant: str) -> None:
        await asyncio.sleep(0)

    office.during_send = step_aside
    advance = office.outbox.advance(office.open_world(), T0 + 100)
    await asyncio.gather(advance, *(office.outbox.settle("t", T0 + 100) for _ in range(3)))
    assert office.story() == [(f"t/a.{n}", n) for n in range(20)]


async def test_a_crash_between_sending_and_saving_sends_again(office: Office) -> None:
    office.open_world()
    office.add([0])

    async def crash(_tenant: str) -> None:
        raise RuntimeError

    office.during_send = crash
    with pytest.raises(RuntimeError):
        await office.outbox.settle("t", T0)
    office.during_send = None
    office.restart()
    await office.outbox.settle("t", T0)
    assert [sent.delivery_id for sent in office.sent] == ["t/a.0", "t/a.0"]
    assert len(office.delivery("t/a.0").attempts) == 1


async def test_only_those_that_sign_are_signed(office: Office) -> None:
    office.unsigned = {"kling"}
    office.open_world()
    office.add([0])
    await office.outbox.settle("t", T0)
    assert [sent.parcel.secrets for sent in office.sent] == [()]
    assert "webhook-signature" not in office.sent[0].parcel.headers


async def test_a_tenant_without_a_world_sends_nothing(office: Office) -> None:
    office.add([0])
    await office.outbox.settle("t", T0)
    assert office.sent == []
    assert office.outbox.wall_wait_ms("t") is None


@pytest.mark.parametrize(
    ("mode", "rate", "due_ms", "wait_ms"),
    [
        (ClockMode.MANUAL, 0, 500, None),
        (ClockMode.MANUAL, 0, 0, 0),
        (ClockMode.REAL, 1, 0, 0),
        (ClockMode.REAL, 1, 500, 501),
        (ClockMode.SCALED, 60, 60_000, 1_001),
        (ClockMode.REAL, 1, None, None),
    ],
)
def test_the_wall_waits_as_long_as_the_clock_takes(
    mode: ClockMode, rate: float, due_ms: int | None, wait_ms: int | None, office: Office
) -> None:
    office.open_world(mode=mode, rate=rate)
    office.add([due_ms])
    assert office.outbox.wall_wait_ms("t") == wait_ms
