"""Labels beside each other without overlap: runs of the same one become a bracket, and rows take what is left."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct
from msgspec.structs import replace

ROWS = 3
SPACE_PX = 14.0


class Label(Struct, frozen=True):
    """A text from ``x`` on, standing for everything up to ``end_x``. ``row`` counts from the bottom, 0 first."""

    x: float
    end_x: float
    text: str
    row: int = 0
    count: int = 1

    @property
    def words(self) -> str:
        return f"{self.text} \N{MULTIPLICATION SIGN}{self.count}" if self.count > 1 else self.text


def labelled(marks: Iterable[Label], letter_px: float) -> tuple[Label, ...]:
    """With rows, from left to right. Where every row is taken, a label goes to the last one."""
    placed: list[Label] = []
    free = [float("-inf")] * ROWS
    for label in _runs(sorted(marks, key=lambda label: (label.x, label.text))):
        row = next((row for row in range(ROWS) if free[row] <= label.x), ROWS - 1)
        free[row] = max(label.end_x, label.x + len(label.words) * letter_px) + SPACE_PX
        placed.append(replace(label, row=row))
    return tuple(placed)


def _runs(marks: Iterable[Label]) -> list[Label]:
    """Neighbours with the same text as one."""
    found: list[Label] = []
    for label in marks:
        if found and found[-1].text == label.text:
            before = found[-1]
            found[-1] = replace(before, end_x=label.end_x, count=before.count + label.count)
        else:
            found.append(label)
    return found
