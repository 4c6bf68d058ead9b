"""What faults make of an attempt: other parcels, a callback put off, one that is never sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from mock_server.callbacks.sender import Outcome
from mock_server.core.clock import MANUAL_EPOCH_MS
from mock_server.core.delivery import Delivery, DeliveryState
from mock_server.core.parcel import Held, Mail, Parcel

if TYPE_CHECKING:
    from tests.callbacks.conftest import Office

pytestmark = pytest.mark.anyio

T0 = MANUAL_EPOCH_MS
OK = Outcome(200, None)
FAILED = Outcome(500, "answered 500")
URL = "http://r.test/"


def held(fault: str, wait_ms: int | None, *, only: str = "t/a.0") -> object:
    def tamper(delivery: Delivery, parcel: Parcel, _at_ms: int) -> Mail | Held:
        is_kept = delivery.id == only and fault not in delivery.held_by
        return Held(fault, wait_ms) if is_kept else Mail((parcel,))

    return tamper


def copies(count: int, *faults: str) -> object:
    return lambda _, parcel, __: Mail(tuple(replace(parcel, wave=n) for n in range(count)), faults)


async def test_every_post_is_noted_with_the_faults_at_work(office: Office) -> None:
    office.tamper = copies(3, "callback-duplicate", "another")
    office.open_world()
    office.add([0])
    await office.outbox.settle("t", T0)
    assert [sent.parcel.wave for sent in office.sent] == [0, 1, 2]
    assert [parcel.wave for _, _, parcel in office.notes if parcel] == [0, 1, 2]
    assert office.faults == [("callback-duplicate", "another")] * 3


async def test_the_first_parcel_decides_what_becomes_of_the_delivery(office: Office) -> None:
    office.tamper = copies(3)
    office.answers[URL] = [FAILED, OK, OK, OK, FAILED, FAILED]
    office.open_world()
    office.add([0])
    await office.outbox.settle("t", T0 + 60_000)
    found = office.delivery("t/a.0")
    assert found.state is DeliveryState.DELIVERED
    assert [(attempt.number, attempt.status) for attempt in found.attempts] == [(1, 500), (2, 200)]
    assert [(attempt.number, attempt.status) for _, attempt, _ in office.notes] == [
        (1, 500),
        (1, 200),
        (1, 200),
        (2, 200),
        (2, 500),
        (2, 500),
    ]


async def test_the_first_parcel_is_the_first_of_the_first_wave(office: Office) -> None:
    office.tamper = lambda _, parcel, __: Mail((replace(parcel, wave=1, body=b"late"), parcel))
    office.answers[URL] = [OK, FAILED]
    office.open_world()
    office.add([0])
    await office.outbox.settle("t", T0)
    assert [sent.body for sent in office.sent] == [b"processing", b"late"]
    assert office.delivery("t/a.0").state is DeliveryState.DELIVERED


async def test_what_is_put_off_comes_later_and_no_attempt_is_counted(office: Office) -> None:
    office.tamper = held("late", 5_000)
    world = office.open_world()
    office.add([10, 20])
    await office.outbox.advance(world, T0 + 100)
    waiting = office.delivery("t/a.0")
    assert (waiting.state, waiting.due_ms, waiting.attempts) == (DeliveryState.PENDING, T0 + 5_010, ())
    assert office.story() == [("t/a.1", 20)]
    await office.outbox.advance(world, None)
    assert office.story() == [("t/a.1", 20), ("t/a.0", 5_010)]
    assert [sent.clock_ms for sent in office.sent] == [20, 5_010]
    assert office.faults == [(), ("late",)]


async def test_what_is_lost_is_never_sent_and_has_no_attempt(office: Office) -> None:
    office.tamper = held("lost", None)
    world = office.open_world()
    office.add([10, 20])
    await office.outbox.advance(world, None)
    lost = office.delivery("t/a.0")
    assert (lost.state, lost.attempts, lost.held_by) == (DeliveryState.LOST, (), ("lost",))
    assert office.story() == [("t/a.1", 20)]
    assert office.outbox.wall_wait_ms("t") is None


async def test_what_was_lost_can_be_sent_again_by_hand(office: Office) -> None:
    office.tamper = held("lost", None)
    world = office.open_world()
    office.add([10])
    await office.outbox.advance(world, None)
    await office.outbox.redeliver("t", "t/a.0", T0 + 10)
    await office.outbox.settle("t", T0 + 10)
    assert office.delivery("t/a.0").state is DeliveryState.DELIVERED


async def test_a_delivery_that_was_put_off_is_tried_again_like_any_other(office: Office) -> None:
    office.tamper = held("late", 5_000)
    office.answers[URL] = [FAILED, OK]
    office.open_world()
    office.add([0])
    await office.outbox.settle("t", T0 + 60_000)
    assert office.story() == [("t/a.0", 5_000), ("t/a.0", 6_000)]


@given(
    due_ms=st.lists(st.integers(0, 9_000), min_size=1, max_size=5),
    wait_ms=st.integers(1, 9_000),
    jumps_ms=st.lists(st.integers(0, 6_000), max_size=5),
)
async def test_the_order_is_the_same_however_the_clock_is_moved(
    due_ms: list[int], wait_ms: int, jumps_ms: list[int], office_factory: type[Office]
) -> None:
    stepwise, at_once = office_factory(), office_factory()
    for office in (stepwise, at_once):
        office.tamper = held("late", wait_ms)
        office.add(due_ms)
    world = stepwise.open_world()
    for jump_ms in jumps_ms:
        world = await stepwise.outbox.advance(world, T0 + stepwise.now_ms() + jump_ms)
    await stepwise.outbox.advance(world, T0 + 60_000)
    await at_once.outbox.advance(at_once.open_world(), T0 + 60_000)
    assert stepwise.story() == at_once.story()
    moments = [at_ms for _, at_ms in at_once.story()]
    assert moments == sorted(moments)
    assert sorted(moments) == sorted([due_ms[0] + wait_ms, *due_ms[1:]])


async def test_a_refused_target_is_refused_for_every_parcel(office: Office) -> None:
    office.tamper = copies(2)
    office.answers[URL] = [Outcome(None, "refused by policy", is_refused=True)]
    office.open_world()
    office.add([0])
    await office.outbox.settle("t", T0 + 60_000)
    refused = office.delivery("t/a.0")
    assert refused.state is DeliveryState.REFUSED
    assert len(refused.attempts) == 1
