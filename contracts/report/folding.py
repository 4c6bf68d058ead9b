"""Long stories made short: a row of requests that are all alike stands as one."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import groupby

from msgspec import Struct

from contracts.report.axis import Beat
from contracts.witness.witnessed import Line

FEW = 22
"""So many requests have room beside each other."""
LEAST = 4
FOLD_PX = 74.0


class Item(Struct, frozen=True):
    """What is drawn as one mark: one line, or several alike."""

    lines: tuple[Line, ...]

    @property
    def is_fold(self) -> bool:
        return len(self.lines) > 1

    @property
    def first(self) -> Line:
        return self.lines[0]

    @property
    def beat(self) -> Beat:
        return Beat(self.first.at_ms, self.lines[-1].at_ms, FOLD_PX if self.is_fold else 0.0)

    @property
    def pace_ms(self) -> int:
        """The mean time between two of them."""
        span = self.lines[-1].at_ms - self.first.at_ms
        return span // max(1, len(self.lines) - 1)


def folded(lines: Sequence[Line], moments: Collection[int], kept: Collection[int]) -> tuple[Item, ...]:
    """The lines in order of time; where they are many, runs of equal ones are folded but for their ends.

    No run goes over one of ``moments``, and lines whose number is in ``kept`` stand alone.
    """
    ordered = sorted(lines, key=lambda line: (line.at_ms, line.number))
    if len(ordered) <= FEW:
        return tuple(Item((line,)) for line in ordered)

    def alike(line: Line) -> tuple[object, ...]:
        alone = line.number if line.number in kept else None
        stage = sum(moment <= line.at_ms for moment in moments)
        return (line.kind, line.method, line.target, line.status, line.faults, stage, alone)

    runs = [list(run) for _, run in groupby(ordered, key=alike)]
    return tuple(item for run in runs for item in _short(run))


def _short(run: Sequence[Line]) -> list[Item]:
    if len(run) < LEAST + 2:
        return [Item((line,)) for line in run]
    return [Item((run[0],)), Item(tuple(run[1:-1])), Item((run[-1],))]
