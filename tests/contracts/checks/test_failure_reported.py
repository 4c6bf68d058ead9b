"""O6: no false success, and no failure without its reason."""

from __future__ import annotations

import pytest

from contracts.checks.failure_reported import CHECK
from contracts.checks.model import Verdict
from contracts.witness.witnessed import Body, Outcome

REASON = "the face is not visible"
FINE = Outcome(exit_code=0)


def failed(tape):
    tape.submit()
    tape.wait(2_000).poll(tape.failed)
    tape.task(stage="failed", failure="task-failed", failure_message=REASON)
    return tape


def test_a_success_has_nothing_to_report(any_tape, verdict_of):
    assert verdict_of(CHECK, any_tape.happy().case()) is Verdict.NOT_APPLICABLE


def test_the_reason_must_be_on_standard_error(any_tape, verdict_of):
    failed(any_tape)
    assert verdict_of(CHECK, any_tape.gave_up(f"error: {REASON.upper()}\n")) is Verdict.PASS
    assert verdict_of(CHECK, any_tape.gave_up("error: the task failed")) is Verdict.FAIL
    assert verdict_of(CHECK, any_tape.gave_up("")) is Verdict.FAIL


def test_a_failure_is_no_success(any_tape, words_of):
    failed(any_tape)
    assert words_of(CHECK, any_tape.case(FINE)) == ["it exits with 0, though task t1 is failed"]


@pytest.mark.parametrize("expected", ["success", "failure", "either"])
def test_a_job_that_never_ended_is_no_success_whatever_is_expected(tape, verdict_of, expected):
    tape.submit()
    tape.task()
    assert verdict_of(CHECK, tape.case(FINE, expected=expected)) is Verdict.FAIL


def test_a_success_without_any_video_is_none(tape, verdict_of):
    tape.submit()
    tape.poll(tape.done)
    tape.task(stage="succeeded")
    assert verdict_of(CHECK, tape.case(FINE, expected="failure")) is Verdict.FAIL
    assert verdict_of(CHECK, tape.case(FINE, expected="either")) is Verdict.NOT_EXERCISED
    # what is wrong with a file that came is another check's question
    tape.download(faults=("media-is-html",))
    assert verdict_of(CHECK, tape.case(FINE, expected="failure")) is Verdict.NOT_EXERCISED


def test_a_failure_without_a_reason_needs_some_words(tape, verdict_of):
    tape.submit()
    tape.poll(response=Body(text='{"data": {"task_id": "t1", "task_status": "failed"}}'))
    tape.task(stage="failed")
    assert verdict_of(CHECK, tape.gave_up("it failed")) is Verdict.PASS
    assert verdict_of(CHECK, tape.gave_up(" \n")) is Verdict.FAIL


def test_a_refusal_that_the_scenario_is_about_is_quoted_too(any_tape, verdict_of):
    words = "the content policy refused the media"
    any_tape.refusal(any_tape.submit, 400, "moderation", words)
    told = {"expected": "failure", "scenario": {"expect": {"outcome": "failure", "reason": "moderation"}}}
    assert verdict_of(CHECK, any_tape.gave_up(f"not accepted: {words}", **told)) is Verdict.PASS
    assert verdict_of(CHECK, any_tape.gave_up("not accepted", **told)) is Verdict.FAIL


def test_who_was_told_and_had_to_be_killed_has_not_reported(tape, gone, verdict_of):
    assert verdict_of(CHECK, failed(tape).case(gone)) is Verdict.FAIL
    other = type(tape)()
    other.submit()
    assert verdict_of(CHECK, other.case(gone, expected="failure")) is Verdict.NOT_EXERCISED


def test_a_long_reason_may_be_cut(tape, verdict_of):
    words = "x" * 41
    tape.submit()
    tape.poll(response=Body(text=f'{{"data": {{"task_status": "failed", "task_status_msg": "{words}"}}}}'))
    tape.task(stage="failed")
    assert verdict_of(CHECK, tape.gave_up(words[:40])) is Verdict.PASS
    assert verdict_of(CHECK, tape.gave_up(words[:39])) is Verdict.FAIL
