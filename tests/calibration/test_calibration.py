"""The judge, judged: good clients are green, and each flaw is red where it shows and nowhere else."""

from __future__ import annotations

from contracts.checks import CHECKS

ABOUT_NO_FLAW = {"bounded-growth", "contract-obeyed", "no-request-after-end"}


def test_the_judge_sees_what_it_should_and_nothing_else(rig, expected, provider, played, tmp_path):
    cells = rig.judged(expected.name, played, tmp_path)
    seen = rig.reds(cells)
    assert len(seen) == len(played)
    assert not expected.differences(seen), rig.evidence(cells)


def test_what_is_played_each_time_shows_every_row_and_its_absence(rig, entrants):
    always = [place for place in entrants if place[1] in rig.each_time()]
    for name in rig.flaws():
        expected = rig.table()[name]
        assert expected.red, name
        for row in expected.red:
            assert any(map(row.has, always)), (name, row.why)
        for provider in expected.providers:
            green = [place for place in always if place[0] == provider and not expected.red_at(place)]
            assert green, (name, provider)


def test_rows_name_checks_that_exist_and_every_oracle_of_the_flaw(rig):
    oracle_of = {check.id: check.oracle for check in CHECKS}
    for name, flaw in rig.flaws().items():
        checks = {check for row in rig.table()[name].red for check in row.checks}
        assert checks <= set(oracle_of), name
        assert set(flaw.red) <= {oracle_of[check] for check in checks}, name


def test_every_check_but_those_that_no_flaw_is_about_is_red_somewhere(rig):
    shown = {check for expected in rig.table().values() for row in expected.red for check in row.checks}
    assert {check.id for check in CHECKS} - shown == ABOUT_NO_FLAW


def test_a_row_that_matches_no_place_is_stale(rig, entrants):
    for name in rig.flaws():
        for row in rig.table()[name].red:
            for pattern in (*row.at, *row.but):
                alone = rig.Row((pattern,), row.checks, row.why, row.providers)
                assert any(alone.has(place) for place in entrants), (name, pattern)


def test_what_is_played_each_time_is_there_to_be_played(rig, entrants):
    assert set(rig.each_time()) <= {scenario for _, scenario in entrants}


def test_a_judge_that_sees_less_or_more_is_found(rig):
    row = rig.Row(("fault/*",), frozenset({"one-submit"}), "because", ("kling",), ("fault/b",))
    expected = rig.Expected("flaw", ("kling",), (row,))
    both = frozenset({"one-submit", "survives"})
    seen = {
        ("kling", "fault/a"): frozenset({"one-submit"}),
        ("kling", "fault/b"): frozenset(),
        ("gmi", "fault/a"): frozenset(),
    }
    assert expected.differences(seen) == []
    assert expected.differences({("kling", "fault/a"): frozenset()}) == [
        "flaw: kling fault/a: not red, and should be: one-submit"
    ]
    assert expected.differences({("kling", "fault/a"): both}) == [
        "flaw: kling fault/a: red, and should not be: survives"
    ]
