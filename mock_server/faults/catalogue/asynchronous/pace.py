"""Faults of the async layer that last too long: tasks that wait, take their time, or never end."""

from __future__ import annotations

from msgspec.structs import replace

from mock_server.core.fault import Occasion
from mock_server.core.plan import Stage
from mock_server.core.plan_changes import lasting, never_begun, never_ended, put_off
from mock_server.core.task import Task
from mock_server.faults.jobs import state_of
from mock_server.faults.json_edit import edit_tasks, put
from mock_server.faults.model import Expected, Fault, Layer, OnAnswer, OnTask, Param, Scene
from mock_server.flow.call import Answer

DAY_MS = 86_400_000
_BOUNDED = "wait within a limit of its own, then stop polling, say so, and name the task"
_WAITING = frozenset({Stage.SUBMITTED, Stage.QUEUED, Stage.DISPATCHED})


def _hold_back(task: Task, scene: Scene) -> Task:
    return replace(task, plan=put_off(task.plan, scene.number("wait_ms"), scene.number("polls")))


def _throttled(answer: Answer, scene: Scene) -> Answer:
    state = state_of(scene)
    if state is not None and state.stage not in _WAITING:
        return answer
    return edit_tasks(answer, scene.anatomy, lambda task: put(task, scene.anatomy.status, scene.text("word")))


def _never_end(task: Task, scene: Scene) -> Task:  # noqa: ARG001
    return replace(task, plan=never_ended(task.plan))


def _never_begin(task: Task, scene: Scene) -> Task:  # noqa: ARG001
    return replace(task, plan=never_begun(task.plan))


def _take_long(task: Task, scene: Scene) -> Task:
    return replace(task, plan=lasting(task.plan, scene.number("length_ms"), scene.number("polls")))


FAULTS: tuple[Fault, ...] = (
    Fault(
        id="status-throttled",
        layer=Layer.ASYNC,
        says="accepts the job, and shows it as THROTTLED for a long time before it is worked on",
        client_must="keep waiting: the job is accepted, and the word is no error",
        hooks=(OnTask(_hold_back), OnAnswer(_throttled, (Occasion.SUBMIT, Occasion.POLL))),
        expected=Expected.SUCCESS,
        motive="a client took the word for a failure and gave up a job that was only waiting its turn",
        link="https://docs.dev.runwayml.com/usage/tiers/",
        params=(
            Param("wait_ms", 600_000, "how much longer it waits, in ms of the tenant's clock", 0, DAY_MS),
            Param("polls", 5, "how many more polls it waits, where the pace goes by polls", 0, 1_000),
            Param("word", "THROTTLED", "the status"),
        ),
    ),
    Fault(
        id="stuck-processing",
        layer=Layer.ASYNC,
        says="works on the task for ever",
        client_must=_BOUNDED,
        hooks=(OnTask(_never_end),),
        expected=Expected.FAILURE,
        motive="three jobs of ten hung in processing, and their clients with them",
        link="https://github.com/backblaze-labs/genblaze/pull/282",
        notes={"kirin": "progress stays where it is"},
    ),
    Fault(
        id="stuck-queued",
        layer=Layer.ASYNC,
        says="never begins to work on the task",
        client_must=_BOUNDED,
        hooks=(OnTask(_never_begin),),
        expected=Expected.FAILURE,
        motive="a provider tells its users to call support when a job has been pending for five minutes",
        link="https://sync.so/docs/de/product/troubleshooting.md",
        notes={"kirin": "has one word for waiting and working: progress stays at 0"},
    ),
    Fault(
        id="very-slow-success",
        layer=Layer.ASYNC,
        says="takes an hour for the task, and succeeds",
        client_must="wait as long as it can afford, and be able to go on later with the task's id",
        hooks=(OnTask(_take_long),),
        expected=Expected.EITHER,
        motive="a limit on polls had to grow sevenfold, because real jobs took more than an hour and were paid for",
        link="https://github.com/Comfy-Org/ComfyUI/issues/8860",
        params=(
            Param(
                "length_ms",
                3_600_000,
                "from submit to success, in ms of the tenant's clock",
                0,
                30 * DAY_MS,
            ),
            Param("polls", 60, "at which poll it succeeds, where the pace goes by polls", 1, 100_000),
        ),
    ),
)
