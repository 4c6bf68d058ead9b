"""The ledger follows from the tasks: held, charged, refunded; the same intent paid twice is seen."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from contracts.model import Price
from mock_server.core.ledger import (
    Funds,
    Payment,
    intent_of,
    line_of_calls,
    line_of_task,
    paid_twice,
    shortage,
    spent,
)
from mock_server.core.media import MediaFacts, MediaFormat
from mock_server.core.plan import Failure, Plan, Stage, Step
from mock_server.core.task import Clip, Task, TaskKind

PRICES = (Price("identify", "0.05", 0, "unit", "test"), Price("lip-sync", "0.5", 5, "unit", "test"))
VIDEO = MediaFacts(MediaFormat.MP4, 9_000, 1_000, "d1")
SOUND = MediaFacts(MediaFormat.MP3, 6_000, 1_000, "d2")


def a_task(last: Stage = Stage.SUCCEEDED, task_id: str = "1", **more: object) -> Task:
    plan = Plan(
        (Step(Stage.SUBMITTED, 0), Step(last, 1_000)),
        Failure("task-failed", "no") if last is Stage.FAILED else None,
    )
    clip = Clip("0", SOUND, 0, 3_000, 1_000)
    task = Task(
        task_id, "t", "kling", TaskKind.LIP_SYNC, int(task_id), plan, "http://h", video=VIDEO, clips=(clip,)
    )
    return replace(task, video_url="https://cdn.test/a.mp4", **more)


@pytest.mark.parametrize(
    ("last", "now_ms", "payment"),
    [
        (Stage.SUCCEEDED, 999, Payment.HELD),
        (Stage.SUCCEEDED, 1_000, Payment.CHARGED),
        (Stage.FAILED, 999, Payment.HELD),
        (Stage.FAILED, 1_000, Payment.REFUNDED),
        (Stage.CANCELLED, 1_000, Payment.REFUNDED),
    ],
)
def test_a_job_holds_its_price_until_it_ends(last: Stage, now_ms: int, payment: Payment) -> None:
    line = line_of_task(a_task(last), PRICES, now_ms)
    assert (line.payment, line.amount, line.video_ms) == (payment, Decimal(1), 9_000)


def test_a_plan_without_an_end_holds_its_price_for_ever() -> None:
    plan = Plan((Step(Stage.SUBMITTED, 0), Step(Stage.PROCESSING, 10)))
    assert line_of_task(a_task(plan=plan), PRICES, 10**12).payment is Payment.HELD


def test_two_submits_of_the_same_video_and_clips_have_one_intent() -> None:
    first, again = a_task(task_id="1"), a_task(task_id="2")
    other = a_task(task_id="3", clips=(Clip("0", SOUND, 0, 3_000, 2_000),))
    assert intent_of(first) == intent_of(again) != intent_of(other)
    lines = [line_of_task(task, PRICES, 2_000) for task in (first, again, other)]
    assert [line.task_id for line in paid_twice(lines)[intent_of(first)]] == ["1", "2"]
    assert len(paid_twice(lines)) == 1


def test_a_refunded_job_is_not_paid_twice() -> None:
    lines = [line_of_task(task, PRICES, 2_000) for task in (a_task(), a_task(Stage.FAILED, "2"))]
    assert paid_twice(lines) == {}


def test_calls_that_are_no_tasks_are_charged_by_their_number() -> None:
    assert line_of_calls("identify", 3, PRICES).amount == Decimal("0.15")


@given(st.lists(st.sampled_from(list(Payment)), max_size=20))
def test_every_amount_is_in_exactly_one_sum(payments: list[Payment]) -> None:
    lines = [replace(line_of_calls("identify", 1, PRICES), payment=payment) for payment in payments]
    whole = sum((line.amount for line in lines), Decimal(0))
    assert spent(lines) + spent(lines, Payment.REFUNDED) == whole
    assert spent(lines) == spent(lines, Payment.HELD) + spent(lines, Payment.CHARGED)


@pytest.mark.parametrize(
    ("funds", "already", "reason"),
    [
        (Funds("1"), "0.5", ""),
        (Funds("1"), "0.51", "exhausted"),
        (Funds("1", expires_ms=1_001), "0", ""),
        (Funds("1", expires_ms=1_000), "0", "expired"),
        (Funds("1", in_arrears=True), "0", "arrears"),
    ],
)
def test_what_an_account_cannot_pay(funds: Funds, already: str, reason: str) -> None:
    assert shortage(funds, Decimal(already), Decimal("0.5"), 1_000) == reason
