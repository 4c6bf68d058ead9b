"""Deliveries: which ones a plan calls for, and what an attempt makes of one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from mock_server.core.delivery import RETRY_DELAYS_MS, Attempt, Delivery, DeliveryState, deliveries_of
from mock_server.core.plan import Plan, Stage, Step
from mock_server.core.task import Task, TaskKind

PLAN = Plan((Step(Stage.SUBMITTED, 0), Step(Stage.PROCESSING, 50), Step(Stage.SUCCEEDED, 100)))
TASK = Task("id", "tenant", "kling", TaskKind.LIP_SYNC, 7, PLAN, "http://host", callback_url="http://hook")
PENDING = Delivery("id.succeeded", "tenant", "kling", "id", 72, Stage.SUCCEEDED, "http://hook", 100)

statuses = st.none() | st.integers(100, 599)


def attempt(status: int | None, at_ms: int = 100, number: int = 1) -> Attempt:
    return Attempt(number, at_ms, status, None if status else "no answer")


@given(st.integers(200, 299))
def test_any_2xx_delivers(status: int) -> None:
    assert PENDING.after(attempt(status)).state is DeliveryState.DELIVERED


@given(statuses.filter(lambda status: status is None or not 200 <= status < 300))
def test_anything_else_is_tried_again_after_the_first_wait(status: int | None) -> None:
    after = PENDING.after(attempt(status, at_ms=130))
    assert (after.state, after.due_ms) == (DeliveryState.PENDING, 130 + RETRY_DELAYS_MS[0])


@given(st.lists(statuses, min_size=1, max_size=8))
def test_attempts_never_exceed_the_schedule_and_stop_at_the_first_success(answers: list[int | None]) -> None:
    delivery, now_ms, made = PENDING, 100, 0
    for status in answers:
        if delivery.state is not DeliveryState.PENDING:
            break
        assert delivery.due_ms is not None
        assert delivery.due_ms >= now_ms
        now_ms, made = delivery.due_ms, made + 1
        delivery = delivery.after(attempt(status, now_ms, made))
    assert len(delivery.attempts) == made <= 1 + len(RETRY_DELAYS_MS)
    is_delivered = delivery.state is DeliveryState.DELIVERED
    assert is_delivered == (delivery.attempts[-1].status in range(200, 300))
    if delivery.state is DeliveryState.PENDING:
        assert made <= len(RETRY_DELAYS_MS)


def test_the_waits_are_those_of_the_schedule() -> None:
    delivery, waits = PENDING, []
    for number in range(1, 5):
        assert delivery.due_ms is not None
        at_ms = delivery.due_ms
        delivery = delivery.after(attempt(500, at_ms, number))
        waits.append(
            delivery.due_ms - at_ms if delivery.state is DeliveryState.PENDING and delivery.due_ms else None
        )
    assert waits == [*RETRY_DELAYS_MS, None]
    assert delivery.state is DeliveryState.EXHAUSTED


def test_the_identity_of_an_event_outlives_its_attempts() -> None:
    after = PENDING.after(attempt(None))
    assert replace(after, due_ms=PENDING.due_ms, attempts=()) == PENDING


def test_put_back_by_hand_it_is_due_now_and_remembers() -> None:
    delivered = PENDING.after(attempt(204))
    again = delivered.again(900)
    assert (again.state, again.due_ms, again.attempts) == (DeliveryState.PENDING, 900, delivered.attempts)


def test_a_plan_calls_for_one_delivery_a_stage_that_is_announced() -> None:
    found = deliveries_of(replace(TASK, callback_stages=(Stage.PROCESSING, Stage.SUCCEEDED)))
    assert [(row.id, row.stage, row.due_ms) for row in found] == [
        ("id.processing", Stage.PROCESSING, 50),
        ("id.succeeded", Stage.SUCCEEDED, 100),
    ]
    assert all(
        (row.tenant, row.provider, row.task_id, row.url) == ("tenant", "kling", "id", "http://hook")
        for row in found
    )


def test_deliveries_of_one_task_come_before_those_of_the_next() -> None:
    every = (Stage.SUBMITTED, Stage.PROCESSING, Stage.SUCCEEDED)
    first = deliveries_of(replace(TASK, callback_stages=every))
    second = deliveries_of(replace(TASK, callback_stages=every, number=8))
    numbers = [row.number for row in (*first, *second)]
    assert numbers == sorted(set(numbers))


def test_a_plan_computed_again_calls_for_the_same_deliveries() -> None:
    waiting = replace(TASK, plan=Plan((Step(Stage.SUBMITTED, 0), Step(Stage.SUCCEEDED, None, 1))))
    before, after = deliveries_of(waiting), deliveries_of(waiting.polled(40))
    assert [(row.id, row.number, row.due_ms) for row in before] == [("id.succeeded", 71, None)]
    assert [(row.id, row.number, row.due_ms) for row in after] == [("id.succeeded", 71, 40)]


@pytest.mark.parametrize("url", [None, ""])
def test_nobody_is_called_who_did_not_ask(url: str | None) -> None:
    assert deliveries_of(replace(TASK, callback_url=url)) == ()


@pytest.mark.parametrize(("until_ms", "state"), [(400, DeliveryState.PENDING), (None, DeliveryState.LOST)])
def test_kept_back_it_remembers_by_whom_and_counts_no_attempt(
    until_ms: int | None, state: DeliveryState
) -> None:
    held = PENDING.held("one", 200).held("two", until_ms)
    assert (held.state, held.attempts, held.held_by) == (state, (), ("one", "two"))
    assert held.due_ms == (until_ms or 200)
    assert held.again(900).due_ms == 900


def test_a_task_without_an_end_announces_no_end() -> None:
    endless = replace(TASK, plan=Plan(PLAN.steps[:2]), callback_stages=(Stage.PROCESSING, Stage.SUCCEEDED))
    assert [(item.stage, item.due_ms) for item in deliveries_of(endless)] == [(Stage.PROCESSING, 50)]
