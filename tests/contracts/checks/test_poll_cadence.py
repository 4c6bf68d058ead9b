"""O4: floor, ceiling, jitter, backoff, and the gaps that are nobody's choice."""

from __future__ import annotations

from random import Random

import pytest

from contracts.checks.model import Verdict
from contracts.checks.poll_cadence import CHECK, IN_STEP, LONG_SERIES
from contracts.witness.witnessed import Body

FLOOR, CEILING = 900, 60_000


def polled(tape, *gaps_ms):
    tape.submit()
    tape.task()
    tape.poll()
    for gap_ms in gaps_ms:
        tape.wait(gap_ms).poll()
    return tape.case()


@pytest.mark.parametrize(
    ("gaps_ms", "verdict"),
    [
        ((2_000,), Verdict.NOT_EXERCISED),
        ((FLOOR, 2_000), Verdict.PASS),
        ((FLOOR - 1, 2_000), Verdict.FAIL),
        ((2_000, CEILING), Verdict.PASS),
        ((2_000, CEILING + 1), Verdict.FAIL),
    ],
)
def test_gaps_lie_between_floor_and_ceiling(any_tape, verdict_of, gaps_ms, verdict):
    assert verdict_of(CHECK, polled(any_tape, *gaps_ms)) is verdict


def test_a_finding_says_how_many_and_which(tape, words_of):
    assert words_of(CHECK, polled(tape, 100, 2_000, 50)) == [
        "2 of 3 pauses between polls took less than 0.9 s: #3 came 0.1 s after #2"
    ]


@pytest.mark.parametrize("factor", [1.0, 1.5])
def test_a_clockwork_has_no_jitter(tape, verdict_of, factor):
    gaps = [round(2_000 * factor**step) for step in range(IN_STEP)]
    assert verdict_of(CHECK, polled(tape, *gaps[:-1])) is Verdict.PASS
    assert verdict_of(CHECK, polled(type(tape)(), *gaps)) is Verdict.FAIL


def test_a_clockwork_is_told_as_far_as_the_machine_keeps_quiet(make_tape, words_of):
    def said(noise_ms, *gaps):
        tape = make_tape()
        polled(tape, *gaps)
        return words_of(CHECK, tape.case(noise_ms=noise_ms))

    quiet, noisy = [30_000] * IN_STEP, [30_000, 30_350] * IN_STEP
    slow_jitter = [30_000, 31_500] * IN_STEP
    short = [3_000] * IN_STEP
    assert [bool(said(0, *gaps)) for gaps in (quiet, noisy, slow_jitter, short)] == [True, False, False, True]
    assert [bool(said(400, *gaps)) for gaps in (quiet, noisy, slow_jitter, short)] == [
        True,
        True,
        False,
        False,
    ]


def test_backoff_with_jitter_passes_for_every_seed(make_tape, verdict_of):
    for seed in range(50):
        draw, base, gaps = Random(seed), 1_000.0, []
        for _ in range(30):
            gaps.append(round(base * draw.uniform(1, 1.25)))
            base = min(base * 1.5, 20_000)
        assert verdict_of(CHECK, polled(make_tape(), *gaps)) is Verdict.PASS, seed


def test_a_quick_pace_has_to_slow_down(tape, words_of):
    draw = Random(1)
    gaps = [draw.randint(1_000, 1_400) for _ in range(LONG_SERIES)]
    (says,) = words_of(CHECK, polled(tape, *gaps))
    assert says.startswith("after 21 polls it still asks every ")
    assert words_of(CHECK, polled(type(tape)(), *gaps[:-1])) == []
    assert words_of(CHECK, polled(type(tape)(), *(gap * 5 for gap in gaps))) == []


@pytest.mark.parametrize("changes", [{"status": 0, "response": Body()}, {"status": 401, "response": Body()}])
def test_after_a_lost_answer_one_repeat_is_free(tape, verdict_of, changes):
    tape.submit()
    tape.task()
    tape.poll(**changes)
    tape.wait(10).poll(**changes)
    tape.wait(2_000).poll()
    assert verdict_of(CHECK, tape.case()) is Verdict.PASS


def test_two_repeats_in_a_row_are_not(tape, verdict_of):
    tape.submit()
    tape.task()
    for _ in range(3):
        tape.wait(10).poll(status=0, response=Body())
    assert verdict_of(CHECK, tape.case()) is Verdict.FAIL


@pytest.mark.parametrize("event", ["callback", "download"])
def test_what_comes_between_may_cut_a_gap_short(tape, verdict_of, event):
    tape.submit()
    tape.task()
    tape.poll()
    tape.wait(2_000).poll()
    getattr(tape.wait(100), event)()
    tape.wait(100).poll()
    assert verdict_of(CHECK, tape.case()) is Verdict.PASS


def test_one_gap_of_a_client_that_was_started_again_is_free(make_tape, verdict_of):
    assert verdict_of(CHECK, polled(make_tape(), 10, 2_000)) is Verdict.FAIL
    for gaps, verdict in (((10, 2_000), Verdict.PASS), ((10, 10), Verdict.FAIL)):
        tape = make_tape()
        polled(tape, *gaps)
        assert verdict_of(CHECK, tape.case(is_resumed=True)) is verdict


def test_retry_after_may_make_a_gap_long(tape, verdict_of):
    tape.submit()
    tape.task()
    tape.poll()
    tape.wait(2_000).poll(status=429, response=Body(), response_headers=(("retry-after", "90"),))
    tape.wait(95_000).poll()
    assert verdict_of(CHECK, tape.case()) is Verdict.PASS
