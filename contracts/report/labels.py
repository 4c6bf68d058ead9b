"""Labels beside each other without overlap: runs of the same one become a bracket, and rows take what is left."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import count, groupby
from operator import attrgetter

from msgspec import Struct
from msgspec.structs import replace

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
    """With rows, from left to right; each label in the lowest one that is free there."""
    placed: list[Label] = []
    free: dict[int, float] = {}
    for label in _runs(sorted(marks, key=lambda label: (label.x, label.text))):
        row = next(row for row in count() if free.get(row, label.x) <= label.x)
        free[row] = max(label.end_x, label.x + len(label.words) * letter_px) + SPACE_PX
        placed.append(replace(label, row=row))
    return tuple(placed)


def _runs(marks: Iterable[Label]) -> list[Label]:
    """A text as one label for as long as each next place has it too, whatever else stands there."""
    found: list[Label] = []
    reaching: dict[str, int] = {}
    for _, place in groupby(marks, key=attrgetter("x")):
        here: dict[str, int] = {}
        for label in place:
            number = here.get(label.text, reaching.get(label.text))
            if number is None:
                number = len(found)
                found.append(label)
            else:
                before = found[number]
                found[number] = replace(before, end_x=label.end_x, count=before.count + label.count)
            here[label.text] = number
        reaching = here
    return found
