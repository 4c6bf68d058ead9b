"""O5 at its edges."""

from __future__ import annotations

from email.utils import formatdate

import pytest

from contracts.checks.model import Verdict
from contracts.checks.retry_after import CHECK, DATE_SLACK_MS, SLACK_MS, wait_ms
from contracts.witness.witnessed import Body


def asked(tape, value, status=429):
    return tape.poll(status=status, response=Body(), response_headers=(("Retry-After", value),))


@pytest.mark.parametrize(
    ("waited_ms", "verdict"), [(7_000 - SLACK_MS, "pass"), (7_000 - SLACK_MS - 1, "fail")]
)
def test_seconds_are_kept_but_for_what_clocks_differ(tape, verdict_of, waited_ms, verdict):
    tape.submit()
    asked(tape, "7")
    tape.wait(waited_ms).poll()
    tape.task()
    assert verdict_of(CHECK, tape.case()) == verdict


@pytest.mark.parametrize(
    ("waited_ms", "verdict"), [(9_000 - DATE_SLACK_MS, "pass"), (9_000 - DATE_SLACK_MS - 1, "fail")]
)
def test_a_date_is_kept_to_the_second(tape, verdict_of, waited_ms, verdict):
    tape.submit()
    asked(tape, formatdate(tape.now_ms / 1000 + 9, usegmt=True))
    tape.wait(waited_ms).poll()
    tape.task()
    assert verdict_of(CHECK, tape.case()) == verdict


def test_a_finding_names_both_times(tape, words_of):
    tape.submit()
    asked(tape, "7")
    tape.wait(500).submit(None, status=503)
    tape.task()
    assert words_of(CHECK, tape.case()) == ["#3 came 0.5 s after #2, whose answer (429) asked for 7 s"]


def test_whoever_gives_up_has_obeyed(tape, verdict_of):
    tape.submit()
    asked(tape, "86400")
    tape.task()
    assert verdict_of(CHECK, tape.gave_up()) is Verdict.PASS


def test_a_download_is_no_call_of_the_api(tape, verdict_of):
    tape.submit()
    asked(tape, "7")
    tape.wait(100).download()
    tape.task()
    assert verdict_of(CHECK, tape.case()) is Verdict.PASS


@pytest.mark.parametrize("value", ["soon", "", "-5", "1.5", "Tue, 99 Foo 2026"])
def test_what_is_no_time_asks_for_nothing(tape, value):
    assert wait_ms(asked(tape, value)) is None


def test_a_date_that_is_past_asks_for_no_wait(tape):
    assert wait_ms(asked(tape, "Thu, 01 Jan 1970 00:00:00 GMT")) == 0


def test_where_nobody_was_asked_the_scenario_decides(tape, verdict_of):
    tape.happy()
    assert verdict_of(CHECK, tape.case()) is Verdict.NOT_APPLICABLE
    assert verdict_of(CHECK, tape.case(faults={"rate-429-seconds": {}})) is Verdict.NOT_EXERCISED
