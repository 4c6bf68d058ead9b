"""The report for a terminal: the matrix, then every red cell with its evidence, then what it all adds up to."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from contracts.cells.result import Cell, Run
from contracts.checks.model import Finding
from contracts.report.cleaning import presentable
from contracts.report.pinning import findings_of
from contracts.report.tally import GLYPHS, MEANINGS, Mark, Matrix, Row, check_title, matrix_of
from contracts.report.tally import Group as Family
from contracts.report.words import (
    counted,
    coverage_words,
    ending,
    expectation,
    lasted,
    percent,
    provider_name,
    survival,
)

FEW = 40
"""More rows than these are shown only where they are not green; the green ones of a family share a row."""
STYLES = {
    Mark.PASS: "green",
    Mark.FAIL: "bold red",
    Mark.KNOWN: "yellow",
    Mark.NOT_APPLICABLE: "dim",
    Mark.NOT_EXERCISED: "dim",
}
PLAIN = {Mark.PASS: "+", Mark.FAIL: "x", Mark.KNOWN: "k", Mark.NOT_APPLICABLE: ".", Mark.NOT_EXERCISED: "o"}
"""For terminals that know ASCII alone."""
_LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"


def write_terminal(run: Run, console: Console) -> None:
    """Nothing of what a client has written is taken for markup or for a command to the terminal."""
    run = presentable(run)
    glyphs = PLAIN if console.options.ascii_only else GLYPHS
    matrix = matrix_of(run)
    if matrix.checks:
        console.print(_table(matrix, glyphs, is_short=len(run.cells) > FEW))
        console.print(_legend(matrix, glyphs))
    for cell in run.cells:
        if not cell.is_green:
            console.print(_story(cell, glyphs))
            # never broken in two: it is there to be copied
            console.print(Text.assemble(("  again: ", "dim"), (cell.replay, "cyan")), soft_wrap=True)
            console.print()
    for line in _sums(run):
        console.print(line, soft_wrap=True)


def _table(matrix: Matrix, glyphs: dict[Mark, str], *, is_short: bool) -> Table:
    table = Table(box=None, padding=(0, 1, 0, 0), pad_edge=False)
    table.add_column("scenario", no_wrap=True, overflow="ellipsis")
    for letter in _LETTERS[: len(matrix.checks)]:
        table.add_column(letter, justify="center", min_width=1, no_wrap=True)
    for family in matrix.groups:
        table.add_row(Text(f"{family.title}, {family.green} of {len(family.rows)} survived", "bold"))
        for row in family.rows:
            if not (is_short and row.cell.is_green):
                table.add_row(_name(row), *_marks(row.marks, glyphs))
        if is_short and family.green:
            table.add_row(_rest(family), *_marks(family.sums(only_green=True), glyphs))
    return table


def _name(row: Row) -> Text:
    return Text(f"  {row.cell.scenario}", "" if row.cell.is_green else "red")


def _rest(family: Family) -> Text:
    others = " more" if family.green < len(family.rows) else ""
    return Text(f"  {family.green}{others}, green", "dim")


def _marks(marks: tuple[Mark, ...], glyphs: dict[Mark, str]) -> list[Text]:
    return [Text(glyphs[mark], STYLES[mark]) for mark in marks]


def _legend(matrix: Matrix, glyphs: dict[Mark, str]) -> RenderableType:
    checks = Table.grid(padding=(0, 2, 0, 0))
    for letter, check in zip(_LETTERS, matrix.checks, strict=False):
        checks.add_row(Text(letter, "bold"), check, Text(check_title(check), "dim"))
    marks = Text("   ").join(
        Text.assemble((glyphs[mark], STYLES[mark]), f" {meaning}") for mark, meaning in MEANINGS.items()
    )
    return Padding(Group(checks, Text(), marks), (1, 0))


def _story(cell: Cell, glyphs: dict[Mark, str]) -> RenderableType:
    """A red cell: what was tried, how it ended, and each finding."""
    title = Text.assemble(
        (f"{glyphs[Mark.FAIL]} {cell.scenario}@{cell.seed}", STYLES[Mark.FAIL]),
        f" at {provider_name(cell.provider)}: {cell.title}",
    )
    parts: list[RenderableType] = [
        Text(part) for part in (cell.says, f"{expectation(cell)} {ending(cell.outcome)}") if part
    ]
    for _, check, finding in findings_of(cell):
        parts.append(_finding(check, finding))
    return Group(title, Padding(Group(*parts), (0, 0, 0, 2)))


def _finding(check: str, finding: Finding) -> RenderableType:
    said = Text.assemble((f"{check}: ", "red"), finding.says)
    quotes = [Text(quote, "dim", overflow="fold") for quote in finding.quotes]
    good = [Text(f"A good client: {finding.good_client}", "green")] if finding.good_client else []
    return Group(said, Padding(Group(*quotes, *good), (0, 0, 0, 2)))


def _sums(run: Run) -> Iterator[Text]:
    for provider, coverage in run.coverage.items():
        yield Text(coverage_words(provider, coverage))
    if run.stale:
        yield Text(
            f"{counted(len(run.stale), 'line')} of the baseline to take out, because it no longer fails:",
            "yellow",
        )
        yield from (Text(f"  {entry}", "yellow") for entry in run.stale)
    if run.savings:
        yield Text(run.savings)
    yield Text(f"Took {lasted(run.wall_ms)}.{f' Time: {run.time}.' if run.time else ''}")
    is_fine = all(cell.is_green for cell in run.cells) and not run.stale
    passed = f"{percent(run.score)} of the checks that came to be judged passed"
    yield Text(f"{survival(run)}; {passed}.", "bold green" if is_fine else "bold red")
