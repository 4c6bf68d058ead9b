"""Faults of the async layer at polls: the task is not known, or seen as it was, or seen without its result."""

from __future__ import annotations

from mock_server.core.errors import Refused
from mock_server.core.fault import Occasion, Window
from mock_server.core.plan import Stage
from mock_server.faults.catalogue.asynchronous.ends import PROGRESS
from mock_server.faults.catalogue.asynchronous.pace import DAY_MS
from mock_server.faults.jobs import has_ended, has_succeeded, is_job, is_running, state_of
from mock_server.faults.json_edit import edit_tasks, get, put
from mock_server.faults.model import (
    Expected,
    Fault,
    InPlace,
    Layer,
    OnAnswer,
    OnMoment,
    Param,
    Reply,
    Scene,
)
from mock_server.flow.call import Answer

_POLL = (Occasion.POLL,)
_STATIONS = (0.6, 0.4, 0.8)


def _unknown(scene: Scene) -> Reply:
    return scene.refuse(Refused("not-found"))


def _is_forgotten(scene: Scene) -> bool:
    return (
        is_job(scene)
        and scene.task is not None
        and scene.now_ms - scene.task.created_ms > scene.number("after_ms")
    )


def _one_stage_ago(scene: Scene) -> int:
    state = state_of(scene)
    return scene.now_ms if state is None else state.since_ms - 1


def _before_the_start(scene: Scene) -> int:
    return scene.now_ms if scene.task is None else scene.task.created_ms - 1


def _working(answer: Answer, scene: Scene) -> Answer:
    anatomy = scene.anatomy
    return edit_tasks(
        answer, anatomy, lambda task: put(task, anatomy.status, anatomy.words[Stage.PROCESSING])
    )


def _back_and_forth(answer: Answer, scene: Scene) -> Answer:
    progress = _STATIONS[(scene.nth - 1) % len(_STATIONS)]
    return edit_tasks(answer, scene.anatomy, lambda task: put(task, PROGRESS, progress))


def _without_result(answer: Answer, scene: Scene) -> Answer:
    def emptied(task: object) -> object:
        for path in scene.anatomy.results:
            result = get(task, path)
            if isinstance(result, list | dict):
                task = put(task, path, [] if isinstance(result, list) else None)
        return task

    return edit_tasks(answer, scene.anatomy, emptied)


FAULTS: tuple[Fault, ...] = (
    Fault(
        id="poll-404-lag",
        layer=Layer.ASYNC,
        says="does not know the task at its first polls",
        client_must="allow the id a moment to get around, and not submit again",
        hooks=(InPlace(_unknown, _POLL),),
        expected=Expected.SUCCESS,
        motive="a job's id was often unknown for a moment after its submit, and the client reported it as lost",
        link="https://github.com/cosin2077/easyVoice/issues/27",
        window=Window(1, 2),
        counts=is_job,
    ),
    Fault(
        id="poll-404-forever",
        layer=Layer.ASYNC,
        says="accepts the job and never knows its task",
        client_must="give up after a moment of grace, and say that the job may be running and be paid for",
        hooks=(InPlace(_unknown, _POLL),),
        expected=Expected.FAILURE,
        motive="a gateway answered the submit with an id that its own polls did not know",
        link="https://github.com/diegosouzapw/OmniRoute/issues/12175",
        counts=is_job,
    ),
    Fault(
        id="poll-replica-flap",
        layer=Layer.ASYNC,
        says="shows the task as it was one stage ago at every second poll",
        client_must="never go back to an earlier state, above all not from a final one",
        hooks=(OnMoment(_one_stage_ago, _POLL),),
        expected=Expected.SUCCESS,
        motive="of two replicas behind one address, one lags: whoever asks by turns sees time run backwards",
        window=Window(2, None, 2),
        counts=is_job,
        notes={"kirin": "a job that is worked on looks the same one stage ago"},
    ),
    Fault(
        id="terminal-regress",
        layer=Layer.ASYNC,
        says="shows the task as ended, then as processing again",
        client_must="keep the final state that it has seen",
        hooks=(OnMoment(_before_the_start, _POLL), OnAnswer(_working, _POLL)),
        expected=Expected.SUCCESS,
        motive="a late update put finished jobs back to running, and their clients began to wait again",
        link="https://github.com/jedbjorn/subfloor/issues/1415",
        window=Window(2, 3),
        counts=has_ended,
    ),
    Fault(
        id="progress-backwards",
        layer=Layer.ASYNC,
        says="shows a progress of 60, 40 and 80 percent",
        client_must="not give up over it; a display may keep the highest",
        hooks=(OnAnswer(_back_and_forth, _POLL),),
        expected=Expected.SUCCESS,
        motive="a job that is tried again by another worker begins its progress anew",
        window=Window(1, 3),
        counts=is_running,
        notes={
            "kling": "has no progress: the field is there in addition",
            "gmi": "has no progress: the field is there in addition",
        },
    ),
    Fault(
        id="completed-output-late",
        layer=Layer.ASYNC,
        says="shows success without a result at the first polls that see it",
        client_must="poll a little longer, then report that there is no result",
        hooks=(OnAnswer(_without_result, _POLL),),
        expected=Expected.SUCCESS,
        motive="the status was written before the address of the file, and clients stored a success without a video",
        link="https://github.com/S-zhi/LynxSense/issues/285",
        window=Window(1, 2),
        counts=has_succeeded,
    ),
    Fault(
        id="task-gc-early",
        layer=Layer.ASYNC,
        says="forgets the task a while after it was made",
        client_must="say that the task is unknown by now, and not submit again by itself",
        hooks=(InPlace(_unknown, _POLL),),
        expected=Expected.EITHER,
        motive="a service dropped tasks from its table while people were still asking for them",
        link="https://github.com/microsoft/AIforEarth-API-Development/issues/48",
        params=(
            Param("after_ms", 60_000, "how long it is known, in ms of the tenant's clock", 0, 30 * DAY_MS),
        ),
        counts=_is_forgotten,
    ),
)
