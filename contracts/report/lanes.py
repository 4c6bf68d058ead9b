"""The lanes of a picture from top to bottom, each with its height."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum

from msgspec import Struct

from contracts.report.bars import TaskLane
from contracts.report.picture import Picture


class LaneKind(StrEnum):
    """What is drawn in a lane."""

    FINDINGS = "findings"
    FAULTS = "faults"
    REQUESTS = "requests"
    TASK = "task"
    CALLBACKS = "callbacks"
    AXIS = "axis"


HEIGHTS = {
    LaneKind.FINDINGS: 28,
    LaneKind.FAULTS: 10,
    LaneKind.REQUESTS: 62,
    LaneKind.TASK: 28,
    LaneKind.CALLBACKS: 50,
    LaneKind.AXIS: 30,
}
FAULT_ROW_PX = 17


class Lane(Struct, frozen=True):
    """``y`` is its upper edge. ``task`` is there for a task's lane."""

    kind: LaneKind
    name: str
    y: int
    height: int
    task: TaskLane | None = None


def lanes_of(picture: Picture) -> tuple[Lane, ...]:
    """Lanes without anything in them are left out; requests and the axis are always there."""
    lanes: list[Lane] = []
    y = 0
    for kind, name, task in _present(picture):
        height = HEIGHTS[kind]
        if kind is LaneKind.FAULTS:
            height += FAULT_ROW_PX * (1 + max(label.row for label in picture.faults))
        lanes.append(Lane(kind, name, y, height, task))
        y += height
    return tuple(lanes)


def _present(picture: Picture) -> Iterator[tuple[LaneKind, str, TaskLane | None]]:
    if picture.pins:
        yield LaneKind.FINDINGS, "Findings", None
    if picture.faults:
        yield LaneKind.FAULTS, "Faults", None
    yield LaneKind.REQUESTS, "Client", None
    for task in picture.tasks:
        yield LaneKind.TASK, task.name, task
    if picture.callbacks:
        yield LaneKind.CALLBACKS, "Callbacks", None
    yield LaneKind.AXIS, "Clock", None
