"""The matrix and the list of broken rules add up to the run."""

from __future__ import annotations

from collections import Counter

from msgspec.structs import replace

from contracts.cells.result import Run
from contracts.checks.model import Finding, Judgement, Verdict
from contracts.checks.table import CHECK_BY_ID
from contracts.report.tally import GLYPHS, MEANINGS, Mark, check_title, mark_of, matrix_of, problems


def test_every_cell_has_a_row_and_groups_stay_with_their_provider(sample_run):
    matrix = matrix_of(sample_run)
    rows = [row for group in matrix.groups for row in group.rows]
    assert Counter(id(row.cell) for row in rows) == Counter(map(id, sample_run.cells))
    assert [group.title.partition(":")[0] for group in matrix.groups] == ["Kling"] * 3 + ["GMI Cloud"] * 3 + [
        "Kirin"
    ] * 3
    assert sum(group.green for group in matrix.groups) == 14


def test_columns_are_the_checks_that_some_scenario_could_show_in_the_order_of_their_table(sample_run):
    checks = matrix_of(sample_run).checks
    assert "callbacks-harmless" not in checks
    assert list(checks) == [check for check in CHECK_BY_ID if check in checks]
    assert all(len(row.marks) == len(checks) for group in matrix_of(sample_run).groups for row in group.rows)


def test_a_known_failure_is_neither_red_nor_a_pass(cell_named):
    known = cell_named("fault/known")
    assert known.is_green
    assert mark_of(known, "same-task") is Mark.KNOWN
    assert mark_of(known, "one-submit") is Mark.PASS
    assert mark_of(cell_named("incident/one-flaky-poll"), "same-task") is Mark.FAIL


def test_a_check_with_two_judgements_counts_by_the_worse(cell_named):
    cell = replace(
        cell_named("happy"),
        judgements=(
            Judgement("lipflap", Verdict.PASS),
            Judgement("lipflap", Verdict.FAIL, (Finding("broke", ""),)),
        ),
    )
    assert mark_of(cell, "lipflap") is Mark.FAIL
    assert mark_of(cell, "elsewhere") is Mark.NOT_APPLICABLE
    assert [problem.check for problem in problems(Run("c", (cell,)))] == ["lipflap"]
    assert check_title("lipflap") == "It could be played and judged"


def test_sums_of_a_group_show_the_heaviest_mark(sample_run):
    matrix = matrix_of(sample_run)
    faults = next(group for group in matrix.groups if group.title == "Kling: faults")
    column = matrix.checks.index("survives")
    assert faults.sums()[column] is Mark.FAIL
    assert faults.sums(only_green=True)[column] is Mark.KNOWN


def test_broken_rules_name_every_cell_and_the_outcome_comes_last(sample_run):
    found = problems(sample_run)
    red = [(cell, judgement.check) for cell in sample_run.cells for judgement in cell.failed]
    assert sum(len(problem.cells) for problem in found) == len(red)
    assert found[-1].check == "survives"
    assert found[-1].cells[0].scenario == "incident/one-flaky-poll"
    assert all(problem.title == CHECK_BY_ID[problem.check].title for problem in found)


def test_a_green_run_has_no_broken_rule(green_run):
    assert problems(green_run) == ()


def test_every_mark_has_a_glyph_of_its_own_and_a_meaning():
    assert set(GLYPHS) == set(MEANINGS) == set(Mark)
    assert len(set(GLYPHS.values())) == len(Mark)
