"""The marks of a picture: requests and callbacks at their places, and the time between them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from msgspec import Struct

from contracts.checks.wire import Act, act_of
from contracts.report.axis import Axis
from contracts.report.folding import Item
from contracts.report.words import lasted
from contracts.witness.witnessed import Event

MARGIN_PX = 26.0
MARK_PX = 11.0
LETTER_PX = 6.3
"""The width of a letter of the pictures' smallest text."""


class Tick(Struct, frozen=True):
    """One request or callback, or several alike (``count``). ``shape`` is what it is about."""

    x: float
    end_x: float
    shape: str
    number: int
    status: str
    is_bad: bool
    count: int
    tip: str


class Gap(Struct, frozen=True):
    """The time between two requests, where it has room."""

    x: float
    text: str


def x_of(axis: Axis, at_ms: int) -> float:
    return round(MARGIN_PX + axis.x(at_ms), 1)


def ticks_of(axis: Axis, items: Sequence[Item]) -> list[tuple[Item, Tick]]:
    """Items and beats are in the same order, with the moments between them."""
    found, position = [], 0
    for item in items:
        while axis.beats[position] != item.beat:
            position += 1
        place = axis.places[position]
        found.append((item, _tick(item, MARGIN_PX + place.x, MARGIN_PX + place.end_x)))
        position += 1
    return found


def _tick(item: Item, x: float, end_x: float) -> Tick:
    line = item.first
    every = f" and {len(item.lines) - 1} more alike, every {lasted(item.pace_ms)}" if item.is_fold else ""
    return Tick(
        x=round(x, 1),
        end_x=round(end_x, 1),
        shape=str(act_of(line)),
        number=line.number,
        status=str(line.status) if line.status else "none",
        is_bad=not 200 <= line.status < 400,
        count=len(item.lines),
        tip=f"{line.quote()}{every}",
    )


def told_tick(axis: Axis, event: Event) -> Tick:
    """A callback of which only the story tells; one with a fault was held back."""
    x = x_of(axis, event.at_ms or 0)
    status = "held" if event.faults else ""
    return Tick(x, x, str(Act.CALLBACK), 0, status, bool(event.faults), 1, event.text)


def gaps_of(requests: Sequence[tuple[Item, Tick]]) -> Iterator[Gap]:
    """The time from one request to the next."""
    for (item, before), (later, tick) in pairwise(requests):
        gap_ms = later.first.at_ms - item.lines[-1].at_ms
        text = lasted(gap_ms)
        if gap_ms and tick.x - before.end_x >= len(text) * LETTER_PX + 2 * MARK_PX:
            yield Gap(round((before.end_x + tick.x) / 2, 1), text)
