"""Labels beside each other without overlap: runs of the same one become a bracket, and rows take what is left."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import count, groupby
from math import inf
from operator import attrgetter

from msgspec import Struct
from msgspec.structs import replace

SPACE_PX = 14.0
BOLT_PX = 8.0
"""From a mark to its words."""


class Label(Struct, frozen=True):
    """A text from ``x`` on, or up to it, standing for everything up to ``end_x``. ``row`` 0 is the lowest."""

    x: float
    end_x: float
    text: str
    row: int = 0
    count: int = 1
    is_before: bool = False

    @property
    def words(self) -> str:
        return f"{self.text} \N{MULTIPLICATION SIGN}{self.count}" if self.count > 1 else self.text


def labelled(marks: Iterable[Label], letter_px: float, width: float = inf) -> tuple[Label, ...]:
    """With rows, from left to right; each label in the lowest one that is free there.

    Words that would end behind ``width`` stand before their mark, where they have room.
    """
    placed: list[Label] = []
    free: dict[int, float] = {}
    for label in _runs(sorted(marks, key=lambda label: (label.x, label.text))):
        words_px = BOLT_PX + len(label.words) * letter_px
        is_before = label.x + words_px > width and label.x >= words_px
        begin_x = label.x - words_px if is_before else label.x
        row = next(row for row in count() if free.get(row, begin_x) <= begin_x)
        free[row] = max(label.end_x, begin_x + words_px) + SPACE_PX
        placed.append(replace(label, row=row, is_before=is_before))
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
