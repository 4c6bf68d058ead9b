"""O11: words for doubt, and words that cost money."""

from __future__ import annotations

import pytest

from contracts.checks.ambiguous_words import CHECK
from contracts.checks.model import Verdict
from contracts.witness.witnessed import Body

LOST = ("submit-accepted-reply-lost",)


def lost(tape, **changes):
    tape.submit("t1", own_id="mine-1", faults=LOST, **changes)
    tape.task("t1")
    return tape


@pytest.mark.parametrize(
    ("words", "verdict"),
    [
        ("a task may be running, and no second one was submitted", "pass"),
        ("the answer was lost; it might have been accepted", "pass"),
        ("unknown whether the job was accepted", "pass"),
        ("see external_task_id mine-1", "pass"),
        ("connection reset by peer", "fail"),
        ("", "fail"),
        ("the job may be running, please try again", "fail"),
        ("submit failed (mine-1): retry later", "fail"),
        ("it may be running; do not submit again", "pass"),
        ("mine-1 may be running: never send it again, nor try again", "pass"),
        ("mine-1: not found. Please resubmit", "fail"),
    ],
)
def test_after_a_lost_answer_the_words_count(tape, verdict_of, words, verdict):
    assert verdict_of(CHECK, lost(tape).gave_up(words)) == verdict


def test_every_provider_has_a_name_for_the_job(any_tape, verdict_of):
    lost(any_tape)
    assert verdict_of(CHECK, any_tape.gave_up("look for session s1-of-mine")) is Verdict.FAIL
    assert verdict_of(CHECK, any_tape.gave_up("task t1: HTTP 500, still processing")) is Verdict.PASS


def test_a_finding_quotes_the_last_words(tape, words_of):
    (says,) = words_of(CHECK, lost(tape).gave_up("a note\nerror: broken pipe\n"))
    assert says == "a task may be running, submitted with #1; it says only 'error: broken pipe'"


def test_a_task_that_was_left_running_is_in_doubt_too(any_tape, words_of):
    any_tape.submit()
    any_tape.wait(90_000).poll()
    any_tape.task()
    (says,) = words_of(CHECK, any_tape.gave_up("error: timeout"))
    assert says == (
        "a task may be running, submitted with #1, and last asked about with #2, 90 s later; "
        "it says only 'error: timeout'"
    )


def test_a_failure_leaves_no_doubt(any_tape, verdict_of):
    any_tape.submit()
    any_tape.poll(any_tape.failed)
    any_tape.task(stage="failed")
    assert verdict_of(CHECK, any_tape.gave_up("error: please try again")) is Verdict.NOT_APPLICABLE


def test_a_video_that_could_not_be_fetched_needs_no_name_and_no_new_job(tape, verdict_of):
    tape.submit()
    tape.poll(tape.done)
    tape.download(status=403)
    tape.task(stage="succeeded")
    assert verdict_of(CHECK, tape.gave_up("error: HTTP 403")) is Verdict.PASS
    assert verdict_of(CHECK, tape.gave_up("error: HTTP 403, please try again")) is Verdict.FAIL


def test_a_refused_submit_may_be_repeated_by_hand(tape, verdict_of):
    tape.refusal(tape.submit, 429, "rate-limited")
    assert verdict_of(CHECK, tape.gave_up("try again later")) is Verdict.NOT_APPLICABLE


def test_the_providers_own_words_are_not_the_clients(make_tape, verdict_of):
    tape = make_tape("gmi")
    tape.submit("t-123")
    words = "Backend error (400). Please try again."
    tape.poll(
        task_id="t-123", status=500, error="upstream-error", response=Body(text=f'{{"error": "{words}"}}')
    )
    tape.task("t-123")
    assert verdict_of(CHECK, tape.gave_up(f"task t-123: {words}")) is Verdict.PASS


def test_who_found_the_task_again_is_in_doubt_no_more(tape, verdict_of):
    lost(tape).wait(1_000).poll(tape.failed)
    tape.task("t1", "failed")
    assert verdict_of(CHECK, tape.gave_up("the face is not visible")) is Verdict.NOT_APPLICABLE


def test_who_polls_the_task_has_found_it_even_if_no_answer_is_beyond_doubt(tape, verdict_of):
    lost(tape).wait(1_000).poll(tape.failed, faults=("gzip-surprise",))
    tape.task("t1", "failed")
    assert verdict_of(CHECK, tape.gave_up("the face is not visible")) is Verdict.NOT_APPLICABLE


def test_without_last_words_the_scenario_decides(tape, gone, verdict_of):
    lost(tape)
    for case in (tape.case(), tape.case(gone)):
        assert verdict_of(CHECK, case) is Verdict.NOT_APPLICABLE
    assert verdict_of(CHECK, tape.case(gone, faults={LOST[0]: {}})) is Verdict.NOT_EXERCISED
