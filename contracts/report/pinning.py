"""Findings on the lines of the journal that they rest on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from contracts.cells.result import Cell
from contracts.checks.model import Finding
from contracts.witness.witnessed import Line

MOST_LINES = 6


def findings_of(cell: Cell) -> tuple[tuple[int, str, Finding], ...]:
    """The findings of what failed, with the numbers under which reports show them and their checks."""
    found = [(judgement.check, finding) for judgement in cell.failed for finding in judgement.findings]
    return tuple((number, check, finding) for number, (check, finding) in enumerate(found, start=1))


def pinned(cell: Cell) -> Mapping[int, tuple[int, ...]]:
    """The numbers of findings by the lines they rest on; of many lines the first ones and the last."""
    found: dict[int, tuple[int, ...]] = {}
    for number, _, finding in findings_of(cell):
        for line in _shown(finding):
            found[line] = (*found.get(line, ()), number)
    return found


def _shown(finding: Finding) -> tuple[int, ...]:
    lines = tuple(dict.fromkeys(finding.lines))
    return lines if len(lines) <= MOST_LINES else (*lines[: MOST_LINES - 1], lines[-1])


def pinned_words(cell: Cell) -> Iterator[str]:
    for number, _, finding in findings_of(cell):
        if finding.lines:
            yield f"finding {number} rests on {', '.join(f'#{line}' for line in _shown(finding))}"


def spanned(numbers: Sequence[int]) -> str:
    """``1``, ``1,2``, ``1-4``, ``1-3,7``: numbers in little room."""
    spans: list[list[int]] = []
    for number in numbers:
        if spans and number == spans[-1][-1] + 1:
            spans[-1].append(number)
        else:
            spans.append([number])
    return ",".join(f"{span[0]}-{span[-1]}" if len(span) > 2 else ",".join(map(str, span)) for span in spans)


def evidence(cell: Cell) -> tuple[Line, ...]:
    """The lines that findings rest on, in their order."""
    lines = pinned(cell)
    return tuple(line for line in cell.lines if line.number in lines)
