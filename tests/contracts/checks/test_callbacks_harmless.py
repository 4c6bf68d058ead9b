"""Odd callbacks and the outcome."""

from __future__ import annotations

import pytest

from contracts.checks.callbacks_harmless import CHECK
from contracts.checks.model import Verdict

FAULT = {"callback-duplicate": {"layer": "callback"}}


def odd(tape, kind):
    tape.happy()
    if kind == "copies":
        tape.callback()
        tape.callback()
    elif kind == "contradicts":
        tape.callback(tape.failed)
    else:
        tape.callback(faults=("callback-stale-timestamp",), status=401)
    return tape


@pytest.mark.parametrize("kind", ["copies", "contradicts", "forged"])
def test_odd_callbacks_change_nothing(any_tape, verdict_of, kind):
    odd(any_tape, kind)
    assert verdict_of(CHECK, any_tape.case(faults=FAULT)) is Verdict.PASS
    assert verdict_of(CHECK, any_tape.gave_up(faults=FAULT)) is Verdict.FAIL


def test_a_finding_names_them(tape, words_of):
    (says,) = words_of(CHECK, odd(tape, "contradicts").gave_up("error: failed", faults=FAULT))
    assert says.startswith("after #6, callbacks that should change nothing, it exits with 1")


def test_ordinary_callbacks_are_not_odd(tape, verdict_of):
    tape.happy().callback()
    assert verdict_of(CHECK, tape.gave_up()) is Verdict.NOT_APPLICABLE
    assert verdict_of(CHECK, tape.gave_up(scenario={"with_callback": True})) is Verdict.NOT_EXERCISED


def test_where_something_else_goes_wrong_too_nobody_can_tell(tape, verdict_of):
    faults = {**FAULT, "gateway-502-html": {"layer": "http"}}
    assert verdict_of(CHECK, odd(tape, "copies").gave_up(faults=faults)) is Verdict.NOT_APPLICABLE
