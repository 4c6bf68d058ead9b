"""What a run adds up to: the matrix of scenarios by checks, and the rules that were broken."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from msgspec import Struct

from contracts.cells.result import Cell, Run
from contracts.checks import survives
from contracts.checks.model import Finding, Verdict
from contracts.checks.table import CHECK_BY_ID
from contracts.report.words import provider_name

OUTCOME = survives.CHECK.id
FAMILIES = {
    "": "profiles",
    "incident": "incidents",
    "fault": "faults",
    "error": "errors",
    "resume": "crash and resume",
}


class Mark(StrEnum):
    """What stands in one field of the matrix: a verdict, or a failure that the baseline expects."""

    PASS = "pass"  # noqa: S105 - a verdict
    FAIL = "fail"
    KNOWN = "known"
    NOT_APPLICABLE = "not-applicable"
    NOT_EXERCISED = "not-exercised"


GLYPHS = {Mark.PASS: "✓", Mark.FAIL: "✗", Mark.KNOWN: "k", Mark.NOT_APPLICABLE: "·", Mark.NOT_EXERCISED: "○"}
MEANINGS = {
    Mark.PASS: "pass",
    Mark.FAIL: "fail",
    Mark.KNOWN: "fails, as the baseline says",
    Mark.NOT_EXERCISED: "not exercised: the client never came so far",
    Mark.NOT_APPLICABLE: "not applicable here",
}
_VERDICTS = {Verdict.PASS: Mark.PASS, Verdict.NOT_EXERCISED: Mark.NOT_EXERCISED}


class Row(Struct, frozen=True):
    """A cell, and a mark for each check of the matrix."""

    cell: Cell
    marks: tuple[Mark, ...]


class Group(Struct, frozen=True):
    """Cells of one provider that are of one family: its incidents, its faults."""

    title: str
    rows: tuple[Row, ...]

    @property
    def green(self) -> int:
        return sum(row.cell.is_green for row in self.rows)

    def sums(self, *, only_green: bool = False) -> tuple[Mark, ...]:
        """For each check the mark that weighs most."""
        rows = [row.marks for row in self.rows if row.cell.is_green or not only_green]
        return tuple(heaviest(column) for column in zip(*rows, strict=True))


class Matrix(Struct, frozen=True):
    """``checks`` are those that at least one scenario could show."""

    checks: tuple[str, ...]
    groups: tuple[Group, ...]


class Problem(Struct, frozen=True):
    """A rule that was broken, with all cells where it was; ``finding`` is the first one."""

    check: str
    title: str
    good_client: str
    cells: tuple[Cell, ...]
    finding: Finding


def heaviest(marks: Sequence[Mark]) -> Mark:
    order = (Mark.FAIL, Mark.KNOWN, Mark.PASS, Mark.NOT_EXERCISED)
    return next((mark for mark in order if mark in marks), Mark.NOT_APPLICABLE)


def check_title(check: str) -> str:
    """The rule in words; what is no check is the runner's own report."""
    known = CHECK_BY_ID.get(check)
    return known.title if known else "It could be played and judged"


def mark_of(cell: Cell, check: str) -> Mark:
    verdicts = [judgement.verdict for judgement in cell.judgements if judgement.check == check]
    if Verdict.FAIL in verdicts:
        return Mark.KNOWN if check in cell.known else Mark.FAIL
    return heaviest([_VERDICTS.get(verdict, Mark.NOT_APPLICABLE) for verdict in verdicts])


def matrix_of(run: Run) -> Matrix:
    """The checks in the order of their table; rows and groups in the order of the run, provider by provider."""
    checks = _checks(run)
    groups: dict[str, list[Row]] = {}
    providers = list(dict.fromkeys(cell.provider for cell in run.cells))
    for cell in sorted(run.cells, key=lambda cell: providers.index(cell.provider)):
        row = Row(cell, tuple(mark_of(cell, check) for check in checks))
        groups.setdefault(_group_of(cell), []).append(row)
    return Matrix(checks, tuple(Group(title, tuple(rows)) for title, rows in groups.items()))


def _checks(run: Run) -> tuple[str, ...]:
    shown = {
        judgement.check
        for cell in run.cells
        for judgement in cell.judgements
        if judgement.verdict is not Verdict.NOT_APPLICABLE
    }
    return (*(check for check in CHECK_BY_ID if check in shown), *sorted(shown - set(CHECK_BY_ID)))


def _group_of(cell: Cell) -> str:
    family = cell.scenario.rpartition("/")[0].partition("/")[0]
    return f"{provider_name(cell.provider)}: {FAMILIES.get(family, family)}"


def problems(run: Run) -> tuple[Problem, ...]:
    """The broken rules: those that were broken most often first, and last the one about the outcome.

    A wrong outcome mostly follows from another rule that was broken, and says less.
    """
    cells: dict[str, list[Cell]] = {check: [] for check in _checks(run)}
    findings: dict[str, Finding] = {}
    for cell in run.cells:
        for judgement in cell.failed:
            where = cells[judgement.check]
            if not where or where[-1] is not cell:
                where.append(cell)
            findings.setdefault(judgement.check, (*judgement.findings, Finding("it failed", ""))[0])
    found = [
        Problem(check, check_title(check), findings[check].good_client, tuple(where), findings[check])
        for check, where in cells.items()
        if where
    ]
    return tuple(sorted(found, key=lambda problem: (problem.check == OUTCOME, -len(problem.cells))))
