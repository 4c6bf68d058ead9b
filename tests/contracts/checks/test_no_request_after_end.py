"""Only the file may be asked for after the end."""

from __future__ import annotations

import pytest

from contracts.checks.model import Verdict
from contracts.checks.no_request_after_end import CHECK


def test_the_file_may_be_asked_for(any_tape, verdict_of):
    assert verdict_of(CHECK, any_tape.happy().case()) is Verdict.PASS


@pytest.mark.parametrize("ask", ["identify", "submit"])
def test_nothing_else_may(any_tape, words_of, ask):
    any_tape.happy()
    line = getattr(any_tape.wait(3_000), ask)()
    (says,) = words_of(CHECK, any_tape.case())
    assert says.endswith(f"the first, #6 ({line.operation}), 3 s later")


def test_what_may_begin_anew_may_ask(make_tape, verdict_of):
    tape = make_tape("kirin")
    tape.submit()
    tape.poll(tape.failed)
    tape.wait(2_000).identify()
    tape.task(stage="failed", failure="generation-failed")
    assert verdict_of(CHECK, tape.gave_up()) is Verdict.PASS
    tape.task(stage="failed", failure="moderation")
    assert verdict_of(CHECK, tape.gave_up()) is Verdict.FAIL


def test_the_end_of_an_identification_is_not_the_jobs(make_tape, verdict_of):
    tape = make_tape("kirin")
    tape.identify(task_id="i1")
    tape.poll(tape.done, task_id="i1")
    tape.wait(2_000).submit()
    tape.task("i1", "succeeded", kind="identify"), tape.task("t1")
    assert verdict_of(CHECK, tape.gave_up()) is Verdict.NOT_EXERCISED
