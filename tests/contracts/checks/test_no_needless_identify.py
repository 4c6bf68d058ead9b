"""When faces may be identified again."""

from __future__ import annotations

from contracts.checks.model import Verdict
from contracts.checks.no_needless_identify import CHECK


def test_once_is_enough(any_tape, verdict_of):
    assert verdict_of(CHECK, any_tape.happy().case()) is Verdict.PASS


def test_twice_is_too_much(any_tape, words_of):
    any_tape.identify()
    any_tape.wait(1_500).identify()
    assert words_of(CHECK, any_tape.case()) == ["#2 identified the same video 1.5 s after #1, which was fine"]


def test_another_video_is_another_matter(any_tape, verdict_of):
    any_tape.identify()
    any_tape.identify(video="https://cdn.test/b.mp4")
    assert verdict_of(CHECK, any_tape.case()) is Verdict.PASS


def test_a_refused_submit_is_a_reason(any_tape, verdict_of):
    any_tape.identify()
    any_tape.refusal(any_tape.submit, 400, "invalid-value")
    any_tape.identify()
    assert verdict_of(CHECK, any_tape.case()) is Verdict.PASS


def test_so_is_a_failed_task(make_tape, verdict_of):
    tape = make_tape("kirin")
    tape.identify()
    tape.submit()
    tape.poll(tape.failed)
    tape.identify()
    tape.task(stage="failed")
    assert verdict_of(CHECK, tape.case()) is Verdict.PASS


def test_so_is_an_identification_that_went_wrong(tape, verdict_of):
    tape.identify(status=502)
    tape.identify(faults=("stall-body",))
    tape.identify()
    assert verdict_of(CHECK, tape.case()) is Verdict.PASS


def test_a_session_may_be_lost_with_the_process(tape, verdict_of):
    tape.identify()
    tape.identify()
    assert verdict_of(CHECK, tape.case(is_resumed=True)) is Verdict.PASS
    tape.identify()
    assert verdict_of(CHECK, tape.case(is_resumed=True)) is Verdict.FAIL


def test_once_there_is_a_task_no_session_is_needed_any_more(tape, verdict_of):
    tape.identify()
    tape.submit()
    tape.identify()
    assert verdict_of(CHECK, tape.case(is_resumed=True)) is Verdict.FAIL


def test_without_one_nothing_is_judged(tape, verdict_of):
    tape.submit()
    assert verdict_of(CHECK, tape.case()) is Verdict.NOT_EXERCISED
