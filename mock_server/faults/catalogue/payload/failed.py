"""Faults of the payload layer: the task fails, and its answer hides that or hides the reason."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec.structs import replace

from mock_server.core.anatomy import Path
from mock_server.core.fault import Occasion
from mock_server.core.plan import Failure, Stage
from mock_server.core.plan_changes import failing
from mock_server.core.task import Task
from mock_server.faults.json_edit import MISSING, edit_body, edit_tasks, get, put
from mock_server.faults.model import Expected, Fault, Layer, OnAnswer, OnTask, Scene
from mock_server.flow.call import Answer

_ROWS: Mapping[str, str] = {"gmi": "task-failed", "kirin": "generation-failed", "kling": "task-failed"}
"""By provider: the row of an accepted task that fails for no reason of the client's."""
_POLLED = (Occasion.POLL,)
_CODE: Path = ("code",)
_MESSAGE: Path = ("message",)


def _fail(task: Task, scene: Scene) -> Task:
    row = scene.contract.errors[_ROWS[scene.provider]]
    return replace(task, plan=failing(task.plan, Failure(row.name, row.message)))


def _fail_without_reason(task: Task, scene: Scene) -> Task:
    return replace(task, plan=failing(task.plan, Failure(_ROWS[scene.provider], "")))


def _cheerful(answer: Answer, scene: Scene) -> Answer:
    anatomy = scene.anatomy

    def cheered(document: object) -> object:
        if get(document, (*anatomy.task, *anatomy.status)) != anatomy.words[Stage.FAILED]:
            return document
        return put(put(document, anatomy.code or _CODE, 0), anatomy.message or _MESSAGE, "SUCCEED")

    return edit_body(answer, cheered)


def _without_reason(answer: Answer, scene: Scene) -> Answer:
    def silenced(task: object) -> object:
        for path in scene.anatomy.reasons:
            reason = get(task, path)
            if reason is not MISSING:
                task = put(task, path, "" if isinstance(reason, str) else None)
        return task

    return edit_tasks(answer, scene.anatomy, silenced)


FAULTS: tuple[Fault, ...] = (
    Fault(
        id="failed-message-succeed",
        layer=Layer.PAYLOAD,
        says="fails the task, and the answer around it still says code 0 and SUCCEED",
        client_must="read the status of the task itself, and take the reason from beside it",
        hooks=(OnTask(_fail), OnAnswer(_cheerful, _POLLED)),
        expected=Expected.FAILURE,
        motive="failed tasks were passed on with SUCCEED as their reason",
        link="https://github.com/QuantumNous/new-api/pull/2532",
        notes={
            "gmi": "has no envelope: code 0 and the message SUCCEED are put beside the status",
            "kirin": "has no envelope: code 0 and the message SUCCEED are put beside the status",
        },
    ),
    Fault(
        id="failed-no-reason",
        layer=Layer.PAYLOAD,
        says="fails the task without a code or a text that says why",
        client_must="report the failure in words of its own, and stop polling",
        hooks=(OnTask(_fail_without_reason), OnAnswer(_without_reason, _POLLED)),
        expected=Expected.FAILURE,
        motive="a failed task came without any reason, and the client had none to show",
        link="https://github.com/modelstudioai/cli/issues/184",
        notes={
            "gmi": "outcome.error is empty",
            "kirin": "error is null",
            "kling": "task_status_msg is empty",
        },
    ),
)
