"""O10 at its edges."""

from __future__ import annotations

import pytest

from contracts.checks.gives_up_in_time import CHECK, MOST_HOPS
from contracts.checks.model import Verdict
from contracts.witness.witnessed import Outcome


@pytest.mark.parametrize(("took_ms", "verdict"), [(600_000, "pass"), (600_001, "fail")])
def test_the_deadline_is_on_the_servers_clock(any_tape, verdict_of, took_ms, verdict):
    any_tape.happy()
    assert verdict_of(CHECK, any_tape.case(Outcome(exit_code=1, took_ms=took_ms))) == verdict


def test_who_has_to_be_killed_has_not_given_up(tape, gone, words_of):
    tape.submit()
    says = "it did not end by itself and was killed after 700 s on the server's clock"
    assert words_of(CHECK, tape.case(gone)) == [says]


@pytest.mark.parametrize(("hops", "verdict"), [(MOST_HOPS, Verdict.PASS), (MOST_HOPS + 1, Verdict.FAIL)])
def test_redirects_are_followed_so_far(tape, verdict_of, hops, verdict):
    tape.submit()
    tape.task(stage="succeeded")
    for _ in range(hops):
        tape.download(status=302)
    assert verdict_of(CHECK, tape.gave_up()) is verdict


def test_a_pause_or_an_answer_begins_a_new_chain(tape, verdict_of):
    tape.submit()
    tape.task(stage="succeeded")
    for hop in range(3 * MOST_HOPS):
        tape.wait(1_001 if hop % MOST_HOPS == 0 else 0).download(status=302)
    tape.download(status=404)
    tape.download(status=302)
    assert verdict_of(CHECK, tape.gave_up()) is Verdict.PASS


def test_where_time_is_faster_hops_are_slower_and_still_one_chain(tape, verdict_of):
    tape.submit()
    tape.task(stage="succeeded")
    for hop in range(MOST_HOPS + 1):
        tape.wait(1_400 if hop % 10 == 0 else 400).download(status=302)
    assert verdict_of(CHECK, tape.gave_up()) is Verdict.FAIL
