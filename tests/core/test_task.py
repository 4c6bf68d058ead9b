"""A task that is polled, and one that is ended by hand."""

from __future__ import annotations

from mock_server.core.media import Interval, MediaFacts, MediaFormat
from mock_server.core.plan import Failure, Plan, Stage, Step
from mock_server.core.task import Clip, Task, TaskKind

BY_TIME = Plan((Step(Stage.SUBMITTED, 5), Step(Stage.SUCCEEDED, 100)))
BY_POLLS = Plan((Step(Stage.SUBMITTED, 5), Step(Stage.PROCESSING, None, 1), Step(Stage.SUCCEEDED, None, 2)))


def task(plan: Plan) -> Task:
    return Task("id", "tenant", "kling", TaskKind.LIP_SYNC, 1, plan, "http://host")


def test_a_poll_does_not_change_a_task_that_goes_by_time() -> None:
    before = task(BY_TIME)
    assert before.polled(50) is before


def test_polls_are_counted_until_the_plan_has_no_use_for_them() -> None:
    first = task(BY_POLLS).polled(10)
    second = first.polled(20)
    third = second.polled(30)
    assert [first.polls, second.polls, third.polls] == [1, 2, 2]
    assert [step.at_ms for step in third.plan.steps] == [5, 10, 20]


def test_a_task_ended_by_hand_carries_the_reason() -> None:
    why = Failure("internal", "broke")
    ended = task(BY_TIME).ended(Stage.FAILED, 50, why)
    assert ended.plan == Plan((Step(Stage.SUBMITTED, 5), Step(Stage.FAILED, 50)), why)


def test_a_task_was_created_when_its_plan_began() -> None:
    assert task(BY_TIME).created_ms == 5


def test_a_clip_lies_where_it_is_inserted_for_as_long_as_it_lasts() -> None:
    clip = Clip("0", MediaFacts(MediaFormat.MP3, 9_000, 1, "d"), start_ms=500, end_ms=3_500, insert_ms=1_000)
    assert clip.length_ms == 3_000
    assert clip.inserted == Interval(1_000, 4_000)
