"""O3: where polling ends."""

from __future__ import annotations

import pytest

from contracts.checks.model import Verdict
from contracts.checks.no_poll_after_end import CHECK
from contracts.witness.witnessed import Body


def test_a_job_that_stops_at_the_end_passes(any_tape, verdict_of):
    assert verdict_of(CHECK, any_tape.happy().case()) is Verdict.PASS


def test_without_a_known_end_nothing_is_judged(any_tape, verdict_of):
    any_tape.submit()
    any_tape.poll()
    any_tape.task()
    assert verdict_of(CHECK, any_tape.gave_up()) is Verdict.NOT_EXERCISED


def test_a_poll_after_a_failure_is_one_too_many(any_tape, words_of):
    any_tape.submit()
    any_tape.poll(any_tape.failed)
    any_tape.wait(2_000).poll(any_tape.failed)
    any_tape.task(stage="failed")
    (says,) = words_of(CHECK, any_tape.gave_up())
    assert says == "1 poll came after #2 had told that the task is 'failed': the first, #3, 2 s later"


def test_a_poll_of_the_same_instant_may_have_been_on_its_way(tape, verdict_of):
    tape.submit()
    tape.poll(tape.done)
    tape.poll(tape.done)
    tape.task(stage="succeeded")
    assert verdict_of(CHECK, tape.case()) is Verdict.PASS
    tape.wait(1).poll(tape.done)
    assert verdict_of(CHECK, tape.case()) is Verdict.FAIL


@pytest.mark.parametrize(
    ("changes", "verdict"),
    [
        ({"status": 403}, Verdict.PASS),
        ({"status": 0}, Verdict.PASS),
        ({"faults": ("download-truncated",)}, Verdict.PASS),
        ({}, Verdict.FAIL),
        ({"status": 302}, Verdict.PASS),
    ],
)
def test_only_a_download_that_failed_or_led_away_is_a_reason_to_ask_again(tape, verdict_of, changes, verdict):
    tape.submit()
    tape.poll(tape.done)
    tape.download(**changes)
    tape.wait(2_000).poll(tape.done)
    tape.task(stage="succeeded")
    assert verdict_of(CHECK, tape.case()) is verdict


def test_whoever_was_started_again_may_ask_once(tape, verdict_of):
    tape.submit()
    tape.poll(tape.done)
    tape.wait(2_000).poll(tape.done)
    tape.task(stage="succeeded")
    assert verdict_of(CHECK, tape.case(is_resumed=True)) is Verdict.PASS
    tape.wait(2_000).poll(tape.done)
    assert verdict_of(CHECK, tape.case(is_resumed=True)) is Verdict.FAIL


def test_whoever_was_started_again_asks_until_it_is_told(tape, verdict_of):
    tape.submit()
    tape.poll(tape.done)
    for odd in ({"status": 502}, {"faults": ("wrong-content-type",)}):
        tape.wait(2_000).poll(**odd)
    tape.wait(2_000).poll(tape.done)
    tape.task(stage="succeeded")
    assert verdict_of(CHECK, tape.case(is_resumed=True)) is Verdict.PASS
    assert verdict_of(CHECK, tape.case()) is Verdict.FAIL


def test_one_failed_download_is_a_reason_for_one_poll(tape, verdict_of):
    tape.submit()
    tape.poll(tape.done)
    tape.download(status=403)
    tape.wait(2_000).poll(tape.done)
    tape.wait(2_000).poll(tape.done)
    tape.task(stage="succeeded")
    assert verdict_of(CHECK, tape.case()) is Verdict.FAIL


@pytest.mark.parametrize(
    "changes",
    [
        {"faults": ("stall-body",)},
        {"faults": ("wrong-content-type",)},
        {"status": 0, "response": Body()},
        {"response": Body(text='{"data": {"task_id": "t1", "task_status": "succeed", "task_result": {}}}')},
        {"response": Body(text='{"data": {"task_id": "t1", "task_status": "COMPLETED"}}')},
    ],
)
def test_an_end_that_some_clients_cannot_know_is_none(tape, verdict_of, changes):
    tape.submit()
    tape.poll(tape.done, **changes)
    tape.wait(2_000).poll()
    tape.task(stage="succeeded")
    assert verdict_of(CHECK, tape.case()) is Verdict.NOT_EXERCISED
