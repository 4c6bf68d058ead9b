"""The rendering of a finished task is made once, and never shown for another task."""

from __future__ import annotations

from msgspec.structs import replace

from mock_server.core.plan import Plan, Stage, Step
from mock_server.core.task import Task, TaskKind
from mock_server.providers.kling.finished import KEPT_TASKS, FinishedTasks

ENDED = Plan((Step(Stage.SUBMITTED, 0), Step(Stage.SUCCEEDED, 10)))
TASK = Task("1", "t", "kling", TaskKind.LIP_SYNC, 1, ENDED, "http://lipflap.test")


class Maker:
    """Renders a task as its id, and counts."""

    def __init__(self) -> None:
        self.made = 0

    def __call__(self) -> object:
        self.made += 1
        return {"made": self.made}


def test_a_task_is_rendered_once() -> None:
    finished, maker = FinishedTasks(), Maker()
    shown = [bytes(finished.rendered(task, maker)) for task in (TASK, TASK, replace(TASK))]
    assert shown == [b'{"made":1}'] * 3


def test_another_task_of_the_same_id_is_rendered_anew() -> None:
    finished, maker = FinishedTasks(), Maker()
    finished.rendered(TASK, maker)
    assert bytes(finished.rendered(replace(TASK, result_id="other"), maker)) == b'{"made":2}'


def test_no_more_than_the_cap_is_kept() -> None:
    finished, maker = FinishedTasks(), Maker()
    for number in range(KEPT_TASKS + 1):
        finished.rendered(replace(TASK, id=str(number)), maker)
    finished.rendered(replace(TASK, id="0"), maker)
    assert maker.made == KEPT_TASKS + 2
