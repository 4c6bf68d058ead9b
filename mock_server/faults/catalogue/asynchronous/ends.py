"""Faults of the async layer at the end: tasks that fail late, and one that is cancelled and succeeds."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec.structs import replace

from mock_server.core.fault import Occasion
from mock_server.core.plan import Failure, Stage
from mock_server.core.plan_changes import drawn_out, failing
from mock_server.core.task import Task
from mock_server.faults.catalogue.asynchronous.pace import DAY_MS
from mock_server.faults.jobs import is_running, state_of
from mock_server.faults.json_edit import edit_tasks, put
from mock_server.faults.model import Expected, Fault, Layer, OnAnswer, OnTask, Param, Scene
from mock_server.flow.call import Answer

PROGRESS = ("progress",)
_FAILED: Mapping[str, str] = {"gmi": "task-failed", "kirin": "generation-failed", "kling": "task-failed"}
"""By provider: the row of an accepted task that fails."""
_REJECTED: Mapping[str, str] = {"gmi": "task-failed", "kirin": "moderation", "kling": "moderation"}
"""By provider: the row of an accepted task whose content is refused. GMI has none, and says so in words."""
_NO_FACE = "face not detected"
_HOLD = Param("hold_ms", 5_000, "how long it stands there, in ms of the tenant's clock", 0, DAY_MS)
_POLLS = Param("polls", 1, "for how many more polls, where the pace goes by polls", 0, 1_000)


def _reworded(scene: Scene, row: str, words: str) -> Failure:
    """The row with ``words`` in place of its own, or after them where GMI leads in with its own."""
    lead = f"{scene.contract.errors[row].message}: " if scene.provider == "gmi" else ""
    return Failure(row, f"{lead}{words}")


def _fail_at_last(task: Task, scene: Scene) -> Task:
    row = scene.contract.errors[_FAILED[scene.provider]]
    plan = drawn_out(task.plan, scene.number("hold_ms"), scene.number("polls"))
    return replace(task, plan=failing(plan, Failure(row.name, row.message)))


def _nearly_done(answer: Answer, scene: Scene) -> Answer:
    state = state_of(scene)
    if state is None or state.stage is not Stage.PROCESSING:
        return answer
    return edit_tasks(answer, scene.anatomy, lambda task: put(task, PROGRESS, 0.99))


def _reject_late(task: Task, scene: Scene) -> Task:
    row = _REJECTED[scene.provider]
    message = scene.contract.errors["moderation"].message
    plan = drawn_out(task.plan, scene.number("hold_ms"), scene.number("polls"))
    return replace(task, plan=failing(plan, _reworded(scene, row, message)))


def _lose_face(task: Task, scene: Scene) -> Task:
    return replace(task, plan=failing(task.plan, _reworded(scene, _FAILED[scene.provider], _NO_FACE)))


def _go_on(task: Task, scene: Scene) -> Task:
    return scene.task or task


def _say_cancelled(answer: Answer, scene: Scene) -> Answer:
    anatomy = scene.anatomy
    return edit_tasks(answer, anatomy, lambda task: put(task, anatomy.status, anatomy.words[Stage.CANCELLED]))


FAULTS: tuple[Fault, ...] = (
    Fault(
        id="fail-at-99",
        layer=Layer.ASYNC,
        says="shows the task at 99 percent, then as failed",
        client_must="report the failure and stop: nearly done is not done",
        hooks=(OnTask(_fail_at_last), OnAnswer(_nearly_done, (Occasion.POLL,))),
        expected=Expected.FAILURE,
        motive="users saw their videos climb to 97 percent and fail there, without a reason",
        link="https://docs.heygen.com/discuss/67e56ac2e12528004bbb409d",
        params=(_HOLD, _POLLS),
        notes={
            "kling": "has no progress: the field is there in addition, while the task is worked on",
            "gmi": "has no progress: the field is there in addition, while the task is worked on",
        },
    ),
    Fault(
        id="late-moderation-reject",
        layer=Layer.ASYNC,
        says="works on the task for minutes, then refuses the content",
        client_must="report the reason, and not submit the same content again without a look",
        hooks=(OnTask(_reject_late),),
        expected=Expected.FAILURE,
        motive="finished videos were scanned and refused after two or three minutes, seldom and without a pattern",
        link="https://github.com/vm0-ai/vm0/issues/30959",
        params=(
            replace(_HOLD, default=180_000, says="how much longer it works, in ms of the tenant's clock"),
            replace(_POLLS, default=3),
        ),
        notes={"gmi": "has no row for it on a task: outcome.error says so in words"},
    ),
    Fault(
        id="face-lost-midway",
        layer=Layer.ASYNC,
        says="finds a face, accepts the job, and fails it because there is no face",
        client_must="report the reason and stop",
        hooks=(OnTask(_lose_face),),
        expected=Expected.FAILURE,
        motive="a face that turns away in some frame ends the whole job, long after it was found",
        link="https://github.com/Rudrabha/Wav2Lip/issues/244",
    ),
    Fault(
        id="cancel-race",
        layer=Layer.ASYNC,
        says="answers a cancel with 200 and the status cancelled, and finishes the job all the same",
        client_must="take the last word that it polls for the truth, and expect the bill",
        hooks=(
            OnTask(_go_on, (Occasion.CANCEL,)),
            OnAnswer(_say_cancelled, (Occasion.CANCEL,)),
        ),
        expected=Expected.SUCCESS,
        motive="a cancel that comes while a worker writes its result is accepted by one and not heard by the other",
        providers=("gmi",),
        counts=is_running,
        notes={"gmi": "the only one of the three that can cancel"},
    ),
)
