"""O13: what is final."""

from __future__ import annotations

import pytest

from contracts.checks.model import Verdict
from contracts.checks.terminal_stays import CHECK
from contracts.witness.witnessed import Outcome


def ended(tape, stage="succeeded"):
    tape.submit()
    tape.wait(2_000).poll(tape.done if stage == "succeeded" else tape.failed)
    tape.task(stage=stage)
    return tape


def test_without_a_word_against_it_nothing_is_judged(tape, verdict_of):
    assert verdict_of(CHECK, tape.happy().case()) is Verdict.NOT_APPLICABLE
    assert verdict_of(CHECK, tape.case(faults={"terminal-regress": {}})) is Verdict.NOT_EXERCISED


def test_a_success_stays_one_when_a_poll_takes_it_back(any_tape, verdict_of):
    ended(any_tape).wait(2_000).poll()
    any_tape.download()
    assert verdict_of(CHECK, any_tape.case()) is Verdict.PASS
    assert verdict_of(CHECK, any_tape.gave_up()) is Verdict.FAIL


def test_nobody_waits_on_for_what_has_ended(tape, words_of):
    ended(tape).wait(2_000).poll()
    tape.wait(2_000).poll()
    says = "#2 told 'succeed'; 2 s later #3 said 'processing', and the client went on asking"
    assert words_of(CHECK, tape.case()) == [says]


@pytest.mark.parametrize(("code", "verdict"), [(0, Verdict.PASS), (1, Verdict.FAIL)])
def test_a_callback_does_not_overrule_a_poll(any_tape, verdict_of, code, verdict):
    ended(any_tape).callback(any_tape.failed)
    assert verdict_of(CHECK, any_tape.case(Outcome(exit_code=code))) is verdict


@pytest.mark.parametrize(("code", "verdict"), [(0, Verdict.PASS), (1, Verdict.FAIL)])
def test_nor_does_it_where_no_poll_has_asked(tape, verdict_of, code, verdict):
    tape.submit()
    tape.callback(tape.failed)
    tape.task(stage="succeeded")
    assert verdict_of(CHECK, tape.case(Outcome(exit_code=code))) is verdict


def test_a_success_is_not_made_of_a_failure(tape, verdict_of):
    ended(tape, "failed").callback(tape.done)
    assert verdict_of(CHECK, tape.case(Outcome(exit_code=0))) is Verdict.FAIL
    assert verdict_of(CHECK, tape.gave_up()) is Verdict.PASS


def test_a_callback_that_was_refused_said_nothing(tape, verdict_of):
    ended(tape).callback(tape.failed, status=401)
    assert verdict_of(CHECK, tape.gave_up()) is Verdict.NOT_APPLICABLE


def test_an_earlier_stage_is_against_the_end_only_behind_it(tape, verdict_of):
    tape.submit()
    tape.callback(tape.running)
    tape.task(stage="succeeded")
    assert verdict_of(CHECK, tape.case()) is Verdict.NOT_APPLICABLE
    tape.callback(tape.done)
    tape.callback(tape.running)
    assert verdict_of(CHECK, tape.case()) is Verdict.PASS


def test_a_failed_download_is_another_matter(tape, verdict_of):
    ended(tape).callback(tape.failed)
    tape.download(status=422)
    assert verdict_of(CHECK, tape.gave_up()) is Verdict.PASS
