"""O2: a paid task is neither lost nor confused with another."""

from __future__ import annotations

import pytest

from contracts.checks.model import Verdict
from contracts.checks.same_task import CHECK
from contracts.witness.witnessed import Outcome


def test_a_job_that_ends_with_its_own_task_passes(any_tape, verdict_of):
    assert verdict_of(CHECK, any_tape.happy().case()) is Verdict.PASS


@pytest.mark.parametrize("stage", ["submitted", "processing", "succeeded"])
def test_a_task_that_is_given_up_while_it_is_well_is_lost(any_tape, words_of, stage):
    any_tape.submit()
    any_tape.wait(2_500).poll()
    any_tape.task(stage=stage, created_ms=any_tape.now_ms - 2_500)
    (says,) = words_of(CHECK, any_tape.gave_up("error: HTTP 502"))
    assert "left it 2.5 s after it was accepted, saying 'error: HTTP 502'" in says


@pytest.mark.parametrize(
    ("stage", "expected", "verdict"),
    [
        ("processing", "success", Verdict.FAIL),
        ("failed", "success", Verdict.NOT_EXERCISED),
        ("processing", "either", Verdict.NOT_EXERCISED),
        ("processing", "failure", Verdict.NOT_APPLICABLE),
    ],
)
def test_giving_up_is_judged_where_a_good_client_would_not(tape, verdict_of, stage, expected, verdict):
    tape.submit()
    tape.task(stage=stage)
    assert verdict_of(CHECK, tape.gave_up(expected=expected)) is verdict


def test_without_a_render_there_is_nothing_to_lose(tape, verdict_of):
    tape.identify()
    assert verdict_of(CHECK, tape.gave_up()) is Verdict.NOT_EXERCISED


def test_the_result_of_another_task_is_no_success(tape, words_of):
    tape.submit("t1", faults=("submit-accepted-reply-lost",))
    tape.download("t2")
    tape.task("t1", "succeeded"), tape.task("t2", "failed")
    (says,) = words_of(CHECK, tape.case())
    assert says == "it reports success and has reached t2, while task t1 was the one that succeeded"


def test_a_success_without_having_looked_is_none(tape, verdict_of):
    tape.submit()
    tape.task(stage="succeeded", result_url="http://x/1.mp4")
    assert verdict_of(CHECK, tape.case()) is Verdict.FAIL
    printed = Outcome(exit_code=0, stdout="http://x/1.mp4\n")
    assert verdict_of(CHECK, tape.case(printed)) is Verdict.PASS
