"""The picture of a cell shows everything that its journal holds, at a place of its own."""

from __future__ import annotations

from itertools import pairwise

import pytest
from msgspec.structs import replace

from contracts.report.lanes import LaneKind, lanes_of
from contracts.report.picture import MOST_TASKS, picture_of


@pytest.fixture
def pictures(sample_run):
    return [(cell, picture_of(cell)) for cell in sample_run.cells if cell.lines]


def test_every_request_is_drawn_from_left_to_right(pictures):
    for cell, drawn in pictures:
        ticks = (*drawn.requests, *drawn.callbacks)
        assert sum(tick.count for tick in ticks if tick.number) == len(cell.lines)
        assert all(left.end_x < right.x for left, right in pairwise(drawn.requests))
        assert all(0 <= tick.x <= tick.end_x <= drawn.width for tick in ticks)


def test_everything_lies_within_the_picture(pictures):
    for _, drawn in pictures:
        bars = [bar for task in drawn.tasks for bar in task.bars]
        assert all(bar.width > 0 and bar.x >= 0 and bar.x + bar.width <= drawn.width for bar in bars)
        assert all(0 < x < drawn.width for x in (*drawn.breaks, *(gap.x for gap in drawn.gaps), drawn.end_x))


def test_shapes_are_told_at_every_provider(cell_named):
    for name in ("double-pay-trap", "forever", "hostile-callbacks"):
        shapes = [tick.shape for tick in picture_of(cell_named(name)).requests]
        assert shapes[:2] == ["identify", "submit"]
        assert set(shapes[2:]) <= {"submit", "poll", "download"}


def test_two_paid_tasks_have_two_lanes_and_end_in_a_cap(cell_named):
    drawn = picture_of(cell_named("double-pay-trap"))
    assert [task.name for task in drawn.tasks] == ["lip-sync …810328", "lip-sync …810999"]
    for task in drawn.tasks:
        assert [(bar.stage, bar.is_end) for bar in task.bars] == [
            ("submitted", False),
            ("processing", False),
            ("succeeded", True),
        ]
    assert drawn.requests[1].status == "none"
    assert drawn.requests[1].is_bad


def test_a_stall_of_ten_minutes_is_a_break_and_is_labelled(cell_named):
    drawn = picture_of(cell_named("double-pay-trap"))
    assert len(drawn.breaks) >= 1
    assert "10 min" in [gap.text for gap in drawn.gaps]


def test_a_task_that_never_ends_has_no_cap(cell_named):
    (task,) = picture_of(cell_named("forever")).tasks
    assert not any(bar.is_end for bar in task.bars)


def test_findings_are_pinned_on_the_lines_they_rest_on(cell_named):
    cell = cell_named("incident/one-flaky-poll")
    drawn = picture_of(cell)
    by_number = {tick.number: tick.x for tick in drawn.requests}
    assert [(pin.x, pin.text) for pin in drawn.pins] == [(by_number[2], "2"), (by_number[4], "1,2")]
    assert "finding 2 rests on #2, #4" in drawn.text


def test_a_callback_that_was_held_is_told_by_its_fault(cell_named):
    drawn = picture_of(cell_named("hostile-callbacks"))
    assert [label.text for label in drawn.faults] == ["callback-bad-signature", "callback-lost"]
    assert [tick.number for tick in drawn.callbacks] == [4, 6]


def test_callbacks_that_only_the_story_tells_are_drawn_too(cell_named):
    cell = cell_named("hostile-callbacks")
    lines = tuple(line for line in cell.lines if line.kind != "delivery")
    drawn = picture_of(replace(cell, lines=lines))
    assert [(tick.status, tick.is_bad) for tick in drawn.callbacks] == [
        ("", False),
        ("", False),
        ("held", True),
    ]


def test_many_alike_polls_are_folded(cell_named):
    drawn = picture_of(cell_named("incident/five-days"))
    assert [tick.count for tick in drawn.requests if tick.count > 1] == [39]


def test_more_tasks_than_have_room_are_counted(cell_named):
    cell = cell_named("happy")
    drawn = picture_of(replace(cell, tasks=cell.tasks * 65))
    assert (len(drawn.tasks), drawn.more_tasks) == (MOST_TASKS, 65 - MOST_TASKS)


def test_a_client_that_asked_for_nothing_has_no_picture(cell_named):
    assert picture_of(cell_named("fault/silent")) is None


def test_a_single_request_without_any_task_is_drawn(cell_named):
    cell = cell_named("happy")
    drawn = picture_of(
        replace(cell, lines=cell.lines[:1], tasks=(), story=(), outcome=replace(cell.outcome, took_ms=0))
    )
    assert [tick.shape for tick in drawn.requests] == ["identify"]
    assert [label.text for label in drawn.times] == ["0 s"]


def test_lanes_lie_under_each_other_and_empty_ones_are_left_out(cell_named):
    lanes = lanes_of(picture_of(cell_named("hostile-callbacks")))
    assert [lane.kind for lane in lanes] == list(LaneKind)
    assert all(upper.y + upper.height == lower.y for upper, lower in pairwise(lanes))
    plain = lanes_of(picture_of(cell_named("happy")))
    assert [lane.kind for lane in plain] == [LaneKind.REQUESTS, LaneKind.TASK, LaneKind.AXIS]
