"""O1 at its edges: what may be repeated, and what must not."""

from __future__ import annotations

import pytest

from contracts.checks.model import Verdict
from contracts.checks.one_submit import CHECK
from contracts.witness.witnessed import Body

LOST = ("submit-accepted-reply-lost",)


def test_one_accepted_submit_passes(any_tape, verdict_of):
    assert verdict_of(CHECK, any_tape.happy().case()) is Verdict.PASS


def test_without_a_submit_nothing_is_judged(any_tape, verdict_of):
    any_tape.identify()
    assert verdict_of(CHECK, any_tape.gave_up()) is Verdict.NOT_EXERCISED


def test_an_identification_is_no_submit(any_tape, verdict_of):
    any_tape.identify()
    any_tape.identify()
    assert verdict_of(CHECK, any_tape.case()) is Verdict.NOT_EXERCISED


def test_a_lost_answer_must_not_be_repeated(any_tape, words_of):
    any_tape.submit("t1", faults=LOST)
    any_tape.wait(400).submit("t2")
    any_tape.task("t1"), any_tape.task("t2")
    (says,) = words_of(CHECK, any_tape.case())
    assert says.startswith("submit #2 came 0.4 s after #1, whose answer was lost")


def test_it_does_not_matter_that_nothing_had_been_stored(tape, verdict_of):
    tape.submit(None, status=0, faults=("conn-reset-headers",))
    tape.wait(400).submit("t1")
    tape.task("t1")
    assert verdict_of(CHECK, tape.case()) is Verdict.FAIL


def test_a_look_in_between_makes_a_repeat_right(any_tape, verdict_of):
    any_tape.submit(None, status=0)
    any_tape.wait(1_000).poll(task_id=None, status=404, error="not-found", response=Body())
    any_tape.wait(1_000).submit("t1")
    any_tape.task("t1")
    assert verdict_of(CHECK, any_tape.case()) is Verdict.PASS


def test_a_look_without_an_answer_is_none(tape, verdict_of):
    tape.submit(None, status=0)
    tape.poll(task_id=None, status=0, response=Body())
    tape.submit("t1")
    assert verdict_of(CHECK, tape.case()) is Verdict.FAIL


@pytest.mark.parametrize("operation", ["listLipSync", "listLegacyLipSync"])
def test_a_list_is_a_look(tape, verdict_of, operation):
    tape.submit(None, status=0)
    tape.add(operation, response=Body(text='{"code": 0, "data": []}'))
    tape.submit("t1")
    assert verdict_of(CHECK, tape.case()) is Verdict.PASS


@pytest.mark.parametrize(
    ("status", "error", "verdict"),
    [
        (400, "invalid-value", Verdict.PASS),
        (401, "auth-failed", Verdict.PASS),
        (408, None, Verdict.FAIL),
        (409, None, Verdict.FAIL),
        (429, "rate-limited", Verdict.PASS),
        (500, "internal", Verdict.FAIL),
        (502, None, Verdict.FAIL),
        (503, "unavailable", Verdict.PASS),
        (503, None, Verdict.PASS),
        (504, "timeout", Verdict.FAIL),
        (200, "rate-limited", Verdict.PASS),
        (200, "internal", Verdict.FAIL),
    ],
)
def test_what_the_first_answer_was_decides(tape, verdict_of, status, error, verdict):
    tape.refusal(tape.submit, status, error)
    tape.wait(2_000).submit("t1")
    tape.task("t1")
    assert verdict_of(CHECK, tape.case()) is verdict


def test_a_500_whose_row_is_final_was_not_taken(make_tape, verdict_of):
    tape = make_tape("gmi")
    tape.refusal(tape.submit, 500, "upstream-error")
    tape.submit("t1")
    assert verdict_of(CHECK, tape.case()) is Verdict.PASS


def test_a_connection_that_was_never_made_may_be_tried_again(tape, verdict_of):
    tape.submit(None, status=0, faults=("submit-refused-connect",))
    tape.submit("t1")
    assert verdict_of(CHECK, tape.case()) is Verdict.PASS


def test_an_unreadable_200_may_have_been_a_yes(tape, verdict_of):
    tape.submit(None, faults=("html-200",), response=Body(text="<html>"))
    tape.submit("t1")
    assert verdict_of(CHECK, tape.case()) is Verdict.FAIL


@pytest.mark.parametrize("fault", ["idem-key-reject"])
def test_a_refusal_that_says_it_is_there_already_is_no_reason_to_submit(tape, verdict_of, fault):
    tape.submit(None, status=422, faults=(fault,))
    tape.submit("t1")
    assert verdict_of(CHECK, tape.case()) is Verdict.FAIL


def test_an_accepted_submit_is_not_followed_by_another(any_tape, words_of):
    any_tape.submit("t1")
    any_tape.wait(12_000).submit("t2")
    any_tape.task("t1"), any_tape.task("t2")
    assert words_of(CHECK, any_tape.case()) == [
        "submit #2 came 12 s after #1, which had been accepted as task t1"
    ]


def test_a_job_may_begin_anew_after_a_failure_that_may_be_repeated(make_tape, verdict_of):
    tape = make_tape("kirin")
    tape.submit("t1")
    tape.wait(2_000).poll(tape.failed)
    tape.wait(2_000).submit("t2")
    tape.task("t1", "failed", failure="generation-failed"), tape.task("t2", "succeeded")
    assert verdict_of(CHECK, tape.case()) is Verdict.PASS
    tape.task("t1", "failed", failure="moderation")
    assert verdict_of(CHECK, tape.case()) is Verdict.FAIL


def test_submits_that_share_one_key_are_one(any_tape, verdict_of):
    for _ in range(2):
        any_tape.submit("t1", faults=LOST, headers=(("idempotency-key", "k"),))
    assert verdict_of(CHECK, any_tape.case()) is Verdict.PASS
    any_tape.submit("t2", headers=(("idempotency-key", "other"),))
    assert verdict_of(CHECK, any_tape.case()) is Verdict.FAIL


def test_the_callers_own_id_is_a_key_too(tape, verdict_of):
    tape.submit("t1", own_id="mine", faults=LOST)
    tape.submit(None, own_id="mine", status=400, error="invalid-value")
    assert verdict_of(CHECK, tape.case()) is Verdict.PASS


def test_two_paid_renders_are_one_too_many_however_they_came_about(tape, words_of):
    tape.submit("t1", faults=LOST)
    tape.poll(task_id=None, status=404, response=Body())
    tape.submit("t2")
    tape.task("t1", "succeeded"), tape.task("t2", "succeeded")
    assert words_of(CHECK, tape.case()) == [
        "2 renders are paid for one job, 2 of them finished; they were made by #1 and #3"
    ]
    tape.task("t1", "failed")
    assert words_of(CHECK, tape.case()) == []
