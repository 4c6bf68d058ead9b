"""Write the tables of ``docs/verdicts.md`` from the JSON reports of the checks that the page describes.

    python scripts/make_verdicts.py REPORT.json...

Each report renews the part between ``<!-- begin: CLIENT -->`` and ``<!-- end: CLIENT -->``; what stands outside of
these marks is written by hand. The client is known by its driver in ``fixtures/clients/real``.
"""

from __future__ import annotations

import json
import re
import shlex
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from contracts.cells.result import Cell, Run
from contracts.checks.model import Finding
from contracts.report.tally import OUTCOME, Group, Mark, check_title, matrix_of
from contracts.report.words import coverage_words, percent, survival

PAGE = Path(__file__).resolve().parent.parent / "docs" / "verdicts.md"
CLIENTS = {"genblaze_job:run": "genblaze-gmicloud", "kling_api_job.mjs": "kling-api"}
"""By the last word of the command, or the name of the function."""
NONE = "·"
"""The check came to no verdict: no such thing happened, or the client takes no part in it."""
_VARIES = (
    (re.compile(r"\b(?:\d{15,}|[0-9a-f]{8}-[0-9a-f-]{27})\b"), "ID"),
    (re.compile(r"127\.0\.0\.1:\d+"), "127.0.0.1"),
)


def read_run(report: Path) -> Run:
    """The run of a JSON report, without the lines of the journal: no table needs them."""
    run = json.loads(report.read_bytes())["run"]
    return msgspec.convert({**run, "cells": [{**cell, "lines": []} for cell in run["cells"]]}, Run)


def renewed(page: str, run: Run) -> str:
    """The page with the part of this run's client made new. Raises ValueError for a client that it has not."""
    begin, end = (f"<!-- {word}: {client_of(run)} -->" for word in ("begin", "end"))
    before, opened, rest = page.partition(begin)
    _, closed, after = rest.partition(end)
    if not (opened and closed):
        raise ValueError(f"{PAGE.name} has no {begin}")
    return f"{before}{begin}\n\n{part_of(run)}\n\n{end}{after}"


def client_of(run: Run) -> str:
    """Raises ValueError for a command that is none of the drivers."""
    driver = Path(shlex.split(run.client)[-1]).name
    if driver not in CLIENTS:
        raise ValueError(f"{driver} is not among {', '.join(CLIENTS)}")
    return CLIENTS[driver]


def part_of(run: Run) -> str:
    """Markdown: what it adds up to, the checks by families of scenarios, and the scenarios that are red."""
    coverage = " ".join(f"{coverage_words(*each)}." for each in run.coverage.items())
    score = f"{percent(run.score)} of the checks that came to a verdict passed"
    sums = f"**{survival(run)}**; {score}. {coverage} Time: {run.time}."
    return "\n\n".join([sums, "\n".join(_checks(run)), "\n".join(_reds(run))])


def _checks(run: Run) -> Iterator[str]:
    matrix = matrix_of(run)
    yield _row("check", *(group.title.partition(": ")[2] for group in matrix.groups))
    yield "| --- |" + " ---: |" * len(matrix.groups)
    yield _row("*all of them*", *(f"*{group.green} of {len(group.rows)}*" for group in matrix.groups))
    for place, check in enumerate(matrix.checks):
        counts = [_passed(group, place) for group in matrix.groups]
        if set(counts) != {NONE}:
            yield _row(f"`{check}` {check_title(check)}", *counts)


def _passed(group: Group, place: int) -> str:
    """Of the scenarios in which the check came to a verdict, those that it passed."""
    marks = [row.marks[place] for row in group.rows]
    judged = [mark for mark in marks if mark in {Mark.PASS, Mark.FAIL}]
    passed = judged.count(Mark.PASS)
    counts = f"{passed} of {len(judged)}" if judged else NONE
    return counts if passed == len(judged) else f"**{counts}**"


def _reds(run: Run) -> Iterator[str]:
    yield _row("red scenario", "broken", "what happened")
    yield "| --- | --- | --- |"
    for cell in run.cells:
        if not cell.is_green:
            broken = dict.fromkeys(f"`{judgement.check}`" for judgement in cell.failed)
            yield _row(f"`{cell.scenario}`", " ".join(broken), _sentence(cell))


def _sentence(cell: Cell) -> str:
    """How it ended, where that was wrong: it has the client's own words. Otherwise what else was wrong."""
    findings = sorted(_findings(cell), key=lambda found: found[0] != OUTCOME)
    says = findings[0][1].says
    for pattern, stands in _VARIES:
        says = pattern.sub(stands, says)
    return says.partition(", where a good client")[0]


def _findings(cell: Cell) -> Sequence[tuple[str, Finding]]:
    return [(judgement.check, finding) for judgement in cell.failed for finding in judgement.findings]


def _row(*fields: str) -> str:
    return f"| {' | '.join(' '.join(field.replace('|', '/').split()) for field in fields)} |"


def main(files: Sequence[str]) -> int:
    """The exit code."""
    if not files:
        print(__doc__, file=sys.stderr)
        return 2
    page = PAGE.read_text(encoding="utf-8")
    for file in files:
        page = renewed(page, read_run(Path(file)))
    PAGE.write_text(page, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
