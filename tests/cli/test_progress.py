"""What is seen of a run while it goes on."""

from __future__ import annotations

import io

from rich.console import Console

from contracts.cells.result import Cell
from contracts.checks.model import Finding, Judgement, Verdict
from contracts.witness.witnessed import Outcome
from mock_server.cli.progress import Progress


def cell(verdict: Verdict) -> Cell:
    judged = Judgement("survives", verdict, (Finding("no", "yes"),) if verdict is Verdict.FAIL else ())
    return Cell("fault/[odd]", "kling", 0, "", "", "success", (judged,), Outcome(0), (), (), "")


def test_a_red_cell_is_one_line_where_nobody_watches():
    words = io.StringIO()
    with Progress(Console(file=words)) as progress:
        progress.began(2)
        progress.playing("fault/[odd]", "kling")
        progress.played(cell(Verdict.PASS))
        progress.played(cell(Verdict.FAIL))
    assert words.getvalue() == "red: kling fault/[odd]: survives\n"


def test_a_terminal_shows_a_bar():
    words = io.StringIO()
    with Progress(Console(file=words, force_terminal=True, width=120)) as progress:
        progress.began(1)
        progress.playing("happy", "kling")
        progress.played(cell(Verdict.PASS))
    assert "1/1" in words.getvalue()
