"""The report for a page of a build: a short summary in Markdown, and a badge."""

from __future__ import annotations

import html
import re
from pathlib import Path

import msgspec

from contracts.cells.result import Run
from contracts.report.cleaning import presentable
from contracts.report.tally import Problem, problems
from contracts.report.words import coverage_words, lasted, percent, survival, survived, where

MOST_NAMES = 3
GOOD_SHARE = 0.8
_MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+\-.!|~>])")


def write_summary(run: Run, path: Path) -> None:
    """Appends, as a build's step does to the file that ``GITHUB_STEP_SUMMARY`` names."""
    with path.open("a", encoding="utf-8") as file:
        file.write(summary_of(run))


def write_badge(run: Run, path: Path) -> None:
    """JSON of the form that shields.io calls an endpoint badge."""
    share = survived(run) / len(run.cells) if run.cells else 1.0
    colour = "brightgreen" if share == 1.0 else "yellow" if share >= GOOD_SHARE else "red"
    message = f"{survived(run)}/{len(run.cells)} survived"
    badge = {"schemaVersion": 1, "label": "lipflap", "message": message, "color": colour}
    path.write_bytes(msgspec.json.encode(badge) + b"\n")


def summary_of(run: Run) -> str:
    """Markdown in which nothing that a client has written is markup."""
    run = presentable(run)
    found = problems(run)
    passed = f"{percent(run.score)} of the judged checks passed"
    lines = [
        f"### lipflap: {survival(run)}",
        "",
        f"{_escaped(run.client)} at {where(run)}; {passed}; {_escaped(_how(run))}.",
        *[f"- {coverage_words(provider, coverage)}" for provider, coverage in run.coverage.items()],
        *([f"- Saved: {_escaped(run.savings)}"] if run.savings else []),
        *[f"- Stale in the baseline: {_escaped(entry)}" for entry in run.stale],
        "",
    ]
    if found:
        lines += ["| broken rule | where | what happened |", "| --- | --- | --- |", *map(_row, found), ""]
        replays = [_escaped(cell.replay) for cell in run.cells if not cell.is_green]
        lines += ["Again:", "", *[f"- {replay}" for replay in replays[:MOST_NAMES]], ""]
    return "\n".join(lines)


def _how(run: Run) -> str:
    return f"took {lasted(run.wall_ms)}" + (f", {run.time}" if run.time else "")


def _row(problem: Problem) -> str:
    names = ", ".join(cell.scenario for cell in problem.cells[:MOST_NAMES])
    rest = f" and {len(problem.cells) - MOST_NAMES} more" if len(problem.cells) > MOST_NAMES else ""
    return f"| {_escaped(problem.title)} | {_escaped(names)}{rest} | {_escaped(problem.finding.says)} |"


def _escaped(text: str) -> str:
    """On one line, with every sign of Markdown and HTML made harmless."""
    return _MARKDOWN.sub(r"\\\1", html.escape(" ".join(text.split()), quote=False))
