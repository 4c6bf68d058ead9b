"""O14: what a receiver must refuse."""

from __future__ import annotations

import pytest

from contracts.checks.forged_callback import CHECK
from contracts.checks.model import Verdict
from contracts.witness.witnessed import Body, Outcome

FORGED = ("callback-bad-signature",)


@pytest.mark.parametrize("fault", ["callback-bad-signature", "callback-stale-timestamp"])
@pytest.mark.parametrize(
    ("status", "verdict"), [(401, "pass"), (400, "pass"), (500, "pass"), (200, "fail"), (204, "fail")]
)
def test_only_a_2xx_accepts(tape, verdict_of, fault, status, verdict):
    tape.happy()
    tape.callback(status=status, faults=(fault,))
    assert verdict_of(CHECK, tape.case()) == verdict


def test_a_finding_counts_what_was_taken(tape, words_of):
    tape.happy()
    tape.callback(status=401, faults=FORGED)
    tape.callback(status=200, faults=FORGED)
    says = "1 of 2 forged callbacks (callback-bad-signature) were answered 200: #7"
    assert words_of(CHECK, tape.case()) == [says]


def test_of_a_replay_only_the_copy_is_forged(tape, verdict_of):
    tape.happy()
    mark = ("webhook-signature", "v1,same")
    tape.callback(faults=("callback-replay-new-id",), headers=(("webhook-id", "a"), mark))
    assert verdict_of(CHECK, tape.case()) is Verdict.NOT_APPLICABLE
    tape.callback(faults=("callback-replay-new-id",), headers=(("webhook-id", "b"), mark), status=401)
    assert verdict_of(CHECK, tape.case()) is Verdict.PASS
    tape.callback(faults=("callback-replay-new-id",), headers=(("webhook-id", "c"), mark))
    assert verdict_of(CHECK, tape.case()) is Verdict.FAIL


def test_a_forged_callback_has_no_effect(tape, verdict_of):
    tape.happy()
    tape.callback(status=401, faults=FORGED)
    acted = Outcome(exit_code=0, effects={"t1": 1})
    assert verdict_of(CHECK, tape.case(acted)) is Verdict.FAIL
    tape.callback()
    assert verdict_of(CHECK, tape.case(acted)) is Verdict.PASS


def test_a_result_is_not_fetched_on_its_word(tape, verdict_of):
    tape.submit()
    tape.callback(status=401, faults=FORGED)
    tape.task(stage="succeeded")
    tape.wait(2_000).poll(tape.done)
    tape.download()
    assert verdict_of(CHECK, tape.case()) is Verdict.PASS
    early = type(tape)()
    early.submit()
    early.callback(status=401, faults=FORGED)
    early.download()
    early.task(stage="succeeded")
    assert verdict_of(CHECK, early.case()) is Verdict.FAIL


def test_who_may_have_read_a_poll_in_an_odd_dress_needed_no_callback(tape, verdict_of):
    tape.submit()
    tape.poll(tape.done, faults=("gzip-surprise",), response=Body(base64="H4sIAAAAAAAC/w=="))
    tape.callback(status=401, faults=FORGED)
    tape.download()
    tape.task(stage="succeeded")
    assert verdict_of(CHECK, tape.case()) is Verdict.PASS


def test_where_none_came_the_scenario_decides(tape, verdict_of):
    tape.happy()
    assert verdict_of(CHECK, tape.case()) is Verdict.NOT_APPLICABLE
    assert verdict_of(CHECK, tape.case(faults={"callback-bad-signature": {}})) is Verdict.NOT_EXERCISED
