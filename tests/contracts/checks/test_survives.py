"""The outcome against what is expected of a good client."""

from __future__ import annotations

import pytest

from contracts.checks.model import Verdict
from contracts.checks.survives import CHECK
from contracts.witness.witnessed import Outcome

WITH_FILE = Outcome(exit_code=0, output_bytes=9, output_digest="d" * 32)
WITHOUT = Outcome(exit_code=0)
FAILED = Outcome(exit_code=1, stderr="error: HTTP 502")


@pytest.mark.parametrize(
    ("expected", "outcome", "verdict"),
    [
        ("success", WITH_FILE, Verdict.PASS),
        ("success", WITHOUT, Verdict.FAIL),
        ("success", FAILED, Verdict.FAIL),
        ("failure", WITH_FILE, Verdict.PASS),
        ("failure", WITHOUT, Verdict.FAIL),
        ("failure", FAILED, Verdict.PASS),
        ("either", WITH_FILE, Verdict.PASS),
        ("either", WITHOUT, Verdict.FAIL),
        ("either", FAILED, Verdict.PASS),
    ],
)
def test_every_expectation_meets_every_outcome(any_tape, verdict_of, expected, outcome, verdict):
    assert verdict_of(CHECK, any_tape.happy().case(outcome, expected=expected)) is verdict


@pytest.mark.parametrize("expected", ["success", "failure", "either"])
def test_who_has_to_be_killed_never_survives(tape, gone, verdict_of, expected):
    assert verdict_of(CHECK, tape.happy().case(gone, expected=expected)) is Verdict.FAIL


def test_who_prints_a_link_is_spared_by_what_waits_for_its_download(tape, verdict_of):
    tape.happy(result_url="http://h/r.mp4")
    waiting = {"expected": "failure", "faults": {"media-no-moov": {}}}
    printed = Outcome(exit_code=0, stdout="http://h/r.mp4")
    assert verdict_of(CHECK, tape.case(printed, **waiting)) is Verdict.NOT_EXERCISED
    assert verdict_of(CHECK, tape.case(WITHOUT, **waiting)) is Verdict.FAIL
    tape.download(faults=("media-no-moov",))
    assert verdict_of(CHECK, tape.case(printed, **waiting)) is Verdict.FAIL


def test_a_printed_link_is_as_good_as_a_file(any_tape, verdict_of):
    any_tape.happy(result_url="http://h/r.mp4")
    assert verdict_of(CHECK, any_tape.case(Outcome(exit_code=0, stdout="http://h/r.mp4"))) is Verdict.PASS
    assert verdict_of(CHECK, any_tape.case(Outcome(exit_code=0, stdout="http://h/x.mp4"))) is Verdict.FAIL


def test_the_wrong_file_is_no_video(tape, verdict_of):
    wrong = Outcome(exit_code=0, output_bytes=4, output_digest="0" * 32)
    assert verdict_of(CHECK, tape.happy().case(wrong)) is Verdict.FAIL


def test_a_finding_quotes_the_last_words(tape, words_of):
    says = "it exits with 1, saying 'error: HTTP 502', where a good client ends with the video"
    assert words_of(CHECK, tape.happy().case(FAILED)) == [says]
