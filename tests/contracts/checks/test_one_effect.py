"""O9: one effect for each task."""

from __future__ import annotations

import pytest

from contracts.checks.model import Verdict
from contracts.checks.one_effect import CHECK
from contracts.witness.witnessed import Outcome


def told(tape, copies=3):
    tape.happy()
    for _ in range(copies):
        tape.callback()
    return tape


@pytest.mark.parametrize(("count", "verdict"), [(0, "pass"), (1, "pass"), (2, "fail")])
def test_effects_are_counted_for_each_task(any_tape, verdict_of, count, verdict):
    outcome = Outcome(exit_code=0, effects={"t1": count})
    assert verdict_of(CHECK, told(any_tape).case(outcome)) == verdict


def test_a_finding_says_how_many_callbacks_there_were(tape, words_of):
    outcome = Outcome(exit_code=0, effects={"t1": 3})
    assert words_of(CHECK, told(tape).case(outcome)) == ["task t1 had 3 effects for 3 callbacks"]


def test_where_effects_are_not_counted_the_wire_tells(tape, verdict_of):
    told(tape)
    assert verdict_of(CHECK, tape.case()) is Verdict.PASS
    tape.download(status=206)
    tape.download(faults=("download-truncated",))
    assert verdict_of(CHECK, tape.case()) is Verdict.PASS
    tape.download()
    assert verdict_of(CHECK, tape.case()) is Verdict.FAIL


def test_without_callbacks_the_scenario_decides(tape, verdict_of):
    tape.happy()
    assert verdict_of(CHECK, tape.case()) is Verdict.NOT_APPLICABLE
    assert verdict_of(CHECK, tape.case(scenario={"with_callback": True})) is Verdict.NOT_EXERCISED
    tape.callback(status=0)
    assert verdict_of(CHECK, tape.case()) is Verdict.NOT_APPLICABLE
