"""The judge, judged: good clients are green, and each flaw is red where it shows and nowhere else."""

from __future__ import annotations

import pytest

from contracts.checks import CHECKS


@pytest.mark.e2e
def test_the_judge_sees_what_it_should_and_nothing_else(rig, bench_at, expected):
    cells = bench_at(expected.rate).judged(expected.name, expected.quick)
    seen = rig.reds(cells)
    assert set(seen) == set(expected.quick)
    assert not expected.differences(seen), rig.evidence(cells)


def test_every_flaw_has_its_row(rig):
    assert set(rig.table()) == {*rig.GOOD, *rig.flaws()}


def test_rows_name_checks_that_exist_and_the_oracles_of_the_flaw(rig):
    oracle_of = {check.id: check.oracle for check in CHECKS}
    for name, flaw in rig.flaws().items():
        checks = {check for row in rig.table()[name].red for check in row.checks}
        assert checks <= set(oracle_of), name
        assert set(flaw.red) & {oracle_of[check] for check in checks}, name


def test_what_is_played_each_time_shows_the_flaw_and_its_absence(rig):
    for name in rig.flaws():
        expected = rig.table()[name]
        red = [place for place in expected.quick if expected.must(place)]
        green = [place for place in expected.quick if not expected.may(place)]
        assert red, name
        assert len(green) >= 4, name
        assert not set(expected.quick) - set(red) - set(green), "what may be red proves nothing"


def test_a_row_that_matches_no_place_is_stale(rig, bench_at):
    known = bench_at(rig.RATE).known
    for name in rig.flaws():
        for row in rig.table()[name].red:
            for pattern in row.at:
                assert any(rig.Row((pattern,), row.checks, row.why).has(place) for place in known), pattern


def test_a_judge_that_sees_less_or_more_is_found(rig):
    row = rig.Row(("kling fault/*",), frozenset({"one-submit"}), "because")
    expected = rig.Expected("flaw", (), (row,))
    both = frozenset({"one-submit", "survives"})
    assert (
        expected.differences(
            {("kling", "fault/a"): frozenset({"one-submit"}), ("gmi", "fault/a"): frozenset()}
        )
        == []
    )
    assert expected.differences({("kling", "fault/a"): frozenset()}) == [
        "flaw: kling fault/a: not red, and should be: one-submit"
    ]
    assert expected.differences({("kling", "fault/a"): both}) == [
        "flaw: kling fault/a: red, and should not be: survives"
    ]
