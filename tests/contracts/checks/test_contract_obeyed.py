"""The shape is the client's own; the files and the moment may be the scenario's."""

from __future__ import annotations

import pytest

from contracts.checks.contract_obeyed import CHECK
from contracts.checks.model import Verdict
from contracts.witness.witnessed import Body


def test_a_job_without_violations_passes(any_tape, verdict_of):
    assert verdict_of(CHECK, any_tape.happy().case()) is Verdict.PASS


def test_each_violation_is_named_with_its_path(any_tape, violation, words_of):
    both = (violation("face_choose[0].face_id", "required"), violation("session_id", "type"))
    line = any_tape.submit(status=400, violations=both)
    (says,) = words_of(CHECK, any_tape.case())
    start = f"#1 ({line.operation}) breaks the contract: "
    assert says == f"{start}face_choose[0].face_id is required; session_id is required"


@pytest.mark.parametrize(
    ("rule", "changes", "verdict"),
    [
        ("required", {"scenario": {"media": {"video": {"faces": 0}}}}, Verdict.FAIL),
        ("video-length", {}, Verdict.FAIL),
        ("video-length", {"scenario": {"media": {"video": {"faces": 0}}}}, Verdict.PASS),
        ("video-length", {"scenario": {"media": {}}}, Verdict.FAIL),
        ("session-age", {"faults": {"face-session-expired": {}}}, Verdict.PASS),
        ("session-age", {"faults": {"gateway-502-html": {}}}, Verdict.FAIL),
    ],
)
def test_what_the_scenario_breaks_does_not_count(tape, violation, verdict_of, rule, changes, verdict):
    tape.submit(None, status=400, violations=(violation("x", rule),))
    assert verdict_of(CHECK, tape.case(**changes)) is verdict


def test_hints_in_the_clients_media_are_on_purpose(tape, violation, verdict_of):
    hinted = Body(text='{"video_url": "https://cdn.test/a.mp4?lipflap.duration_ms=61000"}')
    tape.identify(status=400, request=hinted, violations=(violation("video_url", "video-length"),))
    assert verdict_of(CHECK, tape.case()) is Verdict.PASS


def test_what_a_fault_answers_is_not_the_clients(tape, violation, verdict_of):
    tape.submit(None, status=400, faults=("error:invalid-value",), violations=(violation("x", "required"),))
    assert verdict_of(CHECK, tape.case()) is Verdict.PASS


def test_ones_own_id_may_be_sent_twice_to_be_safe(tape, violation, verdict_of):
    taken = {"status": 400, "violations": (violation("external_task_id", "external-id"),)}
    tape.submit(None, own_id="mine", **taken)
    assert verdict_of(CHECK, tape.case()) is Verdict.FAIL
    other = type(tape)()
    other.submit("t1", own_id="mine", faults=("submit-accepted-reply-lost",))
    other.submit(None, own_id="mine", **taken)
    assert verdict_of(CHECK, other.case()) is Verdict.PASS


def test_without_a_request_nothing_is_judged(tape, verdict_of):
    assert verdict_of(CHECK, tape.case()) is Verdict.NOT_EXERCISED
