"""The bars of a picture: each task in its stages."""

from __future__ import annotations

from msgspec import Struct

from contracts.report.axis import Axis
from contracts.report.marks import LETTER_PX, x_of
from contracts.report.words import lasted
from contracts.witness.witnessed import TaskSeen

LEAST_PX = 3.0


class Bar(Struct, frozen=True):
    """A task in one stage; ``is_end`` for a final one, which is drawn as a cap."""

    x: float
    width: float
    stage: str
    text: str
    tip: str
    is_end: bool


class TaskLane(Struct, frozen=True):
    """A task, by its kind and the end of its id."""

    name: str
    bars: tuple[Bar, ...]


def task_lane(axis: Axis, task: TaskSeen, end_ms: int) -> TaskLane:
    """The stages that were reached until ``end_ms``; what is only planned is not drawn."""
    past = [
        (step.stage, step.at_ms) for step in task.steps if step.at_ms is not None and step.at_ms <= end_ms
    ]
    untils_ms = [*(at_ms for _, at_ms in past[1:]), end_ms]
    bars = [
        _bar(axis, stage, at_ms, until_ms, past[0][1])
        for (stage, at_ms), until_ms in zip(past, untils_ms, strict=bool(past))
    ]
    if bars and task.ended_ms is not None:
        bars[-1] = _cap(bars[-1])
    return TaskLane(f"{task.kind} …{task.id[-6:]}", tuple(bars))


def _bar(axis: Axis, stage: str, at_ms: int, until_ms: int, begin_ms: int) -> Bar:
    x = x_of(axis, at_ms)
    width = round(max(LEAST_PX, x_of(axis, until_ms) - x), 1)
    text = stage if width >= len(stage) * LETTER_PX + 10 else ""
    tip = f"{stage} {lasted(at_ms - begin_ms)} after it was made, for {lasted(until_ms - at_ms)}"
    return Bar(x, width, stage, text, tip, is_end=False)


def _cap(bar: Bar) -> Bar:
    """A final stage has no length: as much room as its name needs."""
    tip = bar.tip.rpartition(", for ")[0]
    width = round(len(bar.stage) * LETTER_PX + 14, 1)
    return Bar(bar.x, width, bar.stage, bar.stage, tip, is_end=True)
