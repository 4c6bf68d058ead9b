"""What ``lipflap fuzz`` says: how far it is, and the story that it found."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Self

from rich.console import Console
from rich.status import Status

from contracts.checks.model import Verdict
from contracts.fuzz import Found, Progress, Report
from contracts.witness.scenario import Facts


class Watcher:
    """One line on standard error while it is shown on a terminal; elsewhere nothing."""

    def __init__(self, console: Console | None = None) -> None:
        self._console = console or Console(stderr=True)
        self._status: Status | None = None

    def __enter__(self) -> Self:
        if self._console.is_terminal:
            self._status = self._console.status("telling the first story")
            self._status.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._status is not None:
            self._status.stop()

    def __call__(self, progress: Progress) -> None:
        if self._status is None:
            return
        rate = progress.played / progress.wall_s if progress.wall_s else 0.0
        found = f"; found one, {progress.shortest.changes} changes long" if progress.shortest else ""
        self._status.update(f"{progress.played} stories, {rate:.0f} a second{found}")


def told_nothing(report: Report) -> str:
    so_far = " so far" if report.is_interrupted else ""
    return f"Nothing found{so_far} in {_counted(report)}."


def told_found(report: Report, found: Found, catalogue: Mapping[str, Facts], file: Path, again: str) -> str:
    """Plain text: the story, what the client did wrong, and how to see it again."""
    return "\n".join(_lines(report, found, catalogue, file, again))


def _lines(
    report: Report, found: Found, catalogue: Mapping[str, Facts], file: Path, again: str
) -> Iterator[str]:
    yield f"Found in {_counted(report)}: {found.check}"
    yield ""
    yield "The story:"
    yield from (f"  {sentence}" for sentence in found.story.told(catalogue))
    yield ""
    yield "What the client does:"
    for judgement in found.cell.judgements:
        if judgement.verdict is not Verdict.FAIL:
            continue
        for finding in judgement.findings:
            yield f"  {judgement.check}: {finding.says}"
            yield from (f"    {quote}" for quote in finding.quotes)
            if finding.good_client:
                yield f"    A good client: {finding.good_client}"
    if not found.is_sure:
        yield "  It does not do so every time."
    yield ""
    if report.unkept:
        yield f"It will not be told first the next time: {report.unkept}"
    yield f"Kept in {file}. To see it again:"
    yield f"  {again}"


def _counted(report: Report) -> str:
    return f"{report.played} stor{'y' if report.played == 1 else 'ies'}, {report.wall_s:.1f} s"
