"""Durations, shares and endings in words."""

from __future__ import annotations

import pytest

from contracts.cells.result import Coverage, Run
from contracts.report import words
from contracts.witness.witnessed import Outcome


@pytest.mark.parametrize(
    ("ms", "text"),
    [
        (0, "0 s"),
        (7, "7 ms"),
        (999, "999 ms"),
        (1_000, "1 s"),
        (4_460, "4.5 s"),
        (12_000, "12 s"),
        (59_499, "59 s"),
        (60_000, "1 min"),
        (80_000, "1 min 20 s"),
        (601_000, "10 min 1 s"),
        (7_500_000, "2 h 5 min"),
        (432_000_000, "120 h"),
    ],
)
def test_durations_are_as_long_as_they_help(ms, text):
    assert words.lasted(ms) == text


@pytest.mark.parametrize(("share", "text"), [(1.0, "100 %"), (0.9999, "99 %"), (0.29, "29 %"), (0.0, "0 %")])
def test_a_hundred_per_cent_means_all(share, text):
    assert words.percent(share) == text


@pytest.mark.parametrize(
    ("outcome", "says"),
    [
        (
            Outcome(0, took_ms=42_000, output_bytes=184_320),
            "exit code 0 (success) after 42 s; it left a file of 184",
        ),
        (Outcome(1, took_ms=900), "exit code 1 (failure) after 900 ms; it left no file."),
        (Outcome(None, is_killed=True, took_ms=600_000), "was killed after 10 min; it left no file."),
        (Outcome(None), "It has no exit code; it left no file."),
    ],
)
def test_an_ending_says_what_became_of_the_client(outcome, says):
    assert says in words.ending(outcome)


def test_what_survived_is_counted_and_where_it_was(sample_run, green_run):
    assert words.survival(sample_run) == "14 of 20 scenarios survived"
    assert words.survival(Run("c", green_run.cells[:1])) == "1 of 1 scenario survived"
    assert words.where(sample_run) == "Kling, GMI Cloud and Kirin"
    assert words.where(green_run) == "Kling"
    assert words.where(Run("c", ())) == ""


def test_coverage_counts_only_what_is_documented():
    coverage = Coverage(("a", "b", "c"), ("a", "surprise"))
    assert words.coverage_words("gmi", coverage) == "GMI Cloud: 1 of 3 documented outcomes met (33 %)"
    assert words.unmet(coverage) == ("b", "c")
