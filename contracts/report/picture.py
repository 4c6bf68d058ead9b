"""A cell as a picture: lanes of requests, tasks and callbacks over the virtual clock, as numbers to be drawn."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from msgspec import Struct

from contracts.cells.result import Cell
from contracts.report.axis import Axis, Beat, axis_of
from contracts.report.bars import TaskLane, task_lane
from contracts.report.folding import Item, folded
from contracts.report.labels import Label, labelled
from contracts.report.marks import LETTER_PX, MARGIN_PX, Gap, Tick, gaps_of, ticks_of, told_tick, x_of
from contracts.report.pinning import pinned, pinned_words, spanned
from contracts.report.words import lasted
from contracts.witness.witnessed import LineKind

MOST_TASKS = 6


class Pin(Struct, frozen=True):
    """Findings, by their numbers in the list below, pinned on the line they rest on."""

    x: float
    text: str


class Picture(Struct, frozen=True):
    """Everything that is drawn. ``width`` is in pixels; lanes that are empty are left out."""

    width: float
    pins: tuple[Pin, ...]
    faults: tuple[Label, ...]
    requests: tuple[Tick, ...]
    gaps: tuple[Gap, ...]
    breaks: tuple[float, ...]
    tasks: tuple[TaskLane, ...]
    more_tasks: int
    callbacks: tuple[Tick, ...]
    times: tuple[Label, ...]
    end_x: float
    text: str


def picture_of(cell: Cell) -> Picture | None:
    """None where nothing was asked."""
    if not cell.lines:
        return None
    pins = pinned(cell)
    end_ms = _end_ms(cell)
    moments = _moments(cell, end_ms)
    items = folded(cell.lines, moments, pins)
    axis = axis_of(_beats(items, moments))
    ticks = ticks_of(axis, items)
    requests = [(item, tick) for item, tick in ticks if item.first.kind is LineKind.EXCHANGE]
    callbacks = [tick for item, tick in ticks if item.first.kind is LineKind.DELIVERY]
    if not callbacks:
        callbacks = [
            told_tick(axis, event) for event in cell.story if event.kind == LineKind.DELIVERY and event.at_ms
        ]
    faults = _faults(cell, axis, ticks)
    times = _times(axis)
    tasks = tuple(task_lane(axis, task, end_ms) for task in cell.tasks[:MOST_TASKS])
    return Picture(
        width=_width(axis, faults, tasks, times),
        pins=_pins(ticks, pins),
        faults=faults,
        requests=tuple(tick for _, tick in requests),
        gaps=tuple(gaps_of(requests)),
        breaks=tuple(_breaks(axis)),
        tasks=tasks,
        more_tasks=max(0, len(cell.tasks) - MOST_TASKS),
        callbacks=tuple(callbacks),
        times=times,
        end_x=round(MARGIN_PX + axis.width, 1),
        text=_in_words(cell, end_ms),
    )


def _width(axis: Axis, faults: Sequence[Label], tasks: Sequence[TaskLane], times: Sequence[Label]) -> float:
    """Room for everything, for words that stand behind the last request too."""
    words = [label.x + len(label.words) * LETTER_PX + MARGIN_PX for label in faults if not label.is_before]
    hours = [label.x + len(label.text) * LETTER_PX / 2 + 4 for label in times]
    caps = [bar.x + bar.width + 8 for task in tasks for bar in task.bars]
    return round(max((axis.width + 2 * MARGIN_PX, *words, *hours, *caps)), 1)


def _end_ms(cell: Cell) -> int:
    """When the client ended, or the last thing happened."""
    first_ms = min(line.at_ms for line in cell.lines)
    return max(first_ms + cell.outcome.took_ms, *(line.at_ms for line in cell.lines))


def _moments(cell: Cell, end_ms: int) -> tuple[int, ...]:
    """Moments at which something happens without a request: a stage is reached, a callback is held, the client ends."""
    first_ms = min(line.at_ms for line in cell.lines)
    steps = [step.at_ms for task in cell.tasks[:MOST_TASKS] for step in task.steps]
    told = [event.at_ms for event in cell.story if event.kind == LineKind.DELIVERY]
    known = [moment for moment in (*steps, *told) if moment is not None]
    return tuple(sorted({moment for moment in known if first_ms <= moment <= end_ms} | {end_ms}))


def _beats(items: Sequence[Item], moments: Sequence[int]) -> list[Beat]:
    beats = [item.beat for item in items]
    taken = {beat.at_ms for beat in beats} | {beat.until_ms for beat in beats}
    beats += [Beat(moment, moment) for moment in moments if moment not in taken]
    return sorted(beats, key=lambda beat: beat.at_ms)


def _pins(ticks: Sequence[tuple[Item, Tick]], findings: Mapping[int, Sequence[int]]) -> tuple[Pin, ...]:
    return tuple(
        Pin(tick.x, spanned(findings[item.first.number]))
        for item, tick in ticks
        if item.first.number in findings
    )


def _faults(cell: Cell, axis: Axis, ticks: Sequence[tuple[Item, Tick]]) -> tuple[Label, ...]:
    """Those at requests and callbacks, and those that held a callback back, of which only the story tells."""
    fired = [
        Label(tick.x, tick.end_x, fault, count=tick.count)
        for item, tick in ticks
        for fault in item.first.faults
    ]
    known = {label.text for label in fired}
    held = [
        (x_of(axis, event.at_ms), fault)
        for event in cell.story
        if event.kind == LineKind.DELIVERY and event.at_ms is not None
        for fault in event.faults
        if fault not in known
    ]
    marks = [*fired, *(Label(x, x, fault) for x, fault in held)]
    return labelled(marks, LETTER_PX, axis.width + 2 * MARGIN_PX)


def _breaks(axis: Axis) -> Iterator[float]:
    """Where the axis is not to scale."""
    for before, place in pairwise(axis.places):
        if place.is_broken:
            yield round(MARGIN_PX + (before.end_x + place.x) / 2, 1)


def _times(axis: Axis) -> tuple[Label, ...]:
    """The time since the beginning, wherever it has room."""
    begin_ms = axis.beats[0].at_ms
    found: list[Label] = []
    free_x = -1.0
    for beat, place in zip(axis.beats, axis.places, strict=True):
        text = lasted(beat.at_ms - begin_ms)
        half = len(text) * LETTER_PX / 2
        x = MARGIN_PX + place.x
        if x - half > free_x and (not found or found[-1].text != text):
            found.append(Label(round(x, 1), round(x, 1), text))
            free_x = x + half + 8
    return tuple(found)


def _in_words(cell: Cell, end_ms: int) -> str:
    """What somebody who cannot see the picture is told of it."""
    requests = [line for line in cell.lines if line.kind is LineKind.EXCHANGE]
    faults = sorted({fault for line in cell.lines for fault in line.faults})
    first = min(cell.lines, key=lambda line: line.at_ms)
    parts = [
        f"{len(requests)} requests in {lasted(end_ms - first.at_ms)}",
        *(f"{task.kind} task {task.id} {task.stage}" for task in cell.tasks[:MOST_TASKS]),
        f"faults: {', '.join(faults)}" if faults else "no fault fired",
        *pinned_words(cell),
    ]
    return "; ".join(parts) + "."
