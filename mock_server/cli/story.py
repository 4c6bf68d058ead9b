"""One cell in words: what happened, moment by moment, what the client said, and every verdict."""

from __future__ import annotations

from collections.abc import Iterator

from contracts.cells.result import Cell
from contracts.checks.model import Verdict

_MARKS = {Verdict.PASS: "pass", Verdict.FAIL: "FAIL", Verdict.NOT_APPLICABLE: "-", Verdict.NOT_EXERCISED: "?"}
_LAST_LINES = 10


def told(cell: Cell) -> str:
    """Plain text, for a terminal of any kind."""
    return "\n".join(_lines(cell))


def _lines(cell: Cell) -> Iterator[str]:
    yield f"{cell.scenario}@{cell.seed} at {cell.provider}: {cell.title}"
    yield f"  {cell.says}"
    yield ""
    yield from _story(cell)
    yield ""
    yield from _ending(cell)
    yield ""
    for judgement in cell.judgements:
        known = " (known)" if judgement.verdict is Verdict.FAIL and judgement.check in cell.known else ""
        yield f"  {_MARKS[judgement.verdict]:<5}{judgement.check}{known}"
        for finding in judgement.findings:
            yield f"         {finding.says}"
            yield from (f"           {quote}" for quote in finding.quotes)
            if finding.good_client:
                yield f"         A good client: {finding.good_client}"


def _story(cell: Cell) -> Iterator[str]:
    first_ms = next((event.at_ms for event in cell.story if event.at_ms is not None), 0)
    for event in cell.story:
        moment = "later" if event.at_ms is None else f"{(event.at_ms - first_ms) / 1000:.3f} s"
        yield f"  {moment:>12}  {event.text}"
        if event.advice:
            yield f"{'':>16}{event.advice}"


def _ending(cell: Cell) -> Iterator[str]:
    outcome = cell.outcome
    end = "was killed" if outcome.is_killed else f"ended with exit code {outcome.exit_code}"
    output = "no output" if outcome.output_bytes is None else f"an output of {outcome.output_bytes} bytes"
    yield f"  The client {end} after {outcome.took_ms / 1000:.1f} s of its own time, and left {output}."
    yield from (f"    {line}" for line in outcome.stderr.splitlines()[-_LAST_LINES:])
