"""Faults of the payload layer: the right values in another type or another unit."""

from __future__ import annotations

from msgspec import json
from msgspec.structs import replace

from mock_server.core.fault import Occasion
from mock_server.core.task import Task
from mock_server.faults.json_edit import edit_tasks, get, put
from mock_server.faults.model import Expected, Fault, Layer, OnAnswer, OnTask, Scene
from mock_server.flow.call import Answer

_OF_TASKS = (Occasion.POLL, Occasion.LIST, Occasion.SUBMIT)


def _as_text(answer: Answer, scene: Scene) -> Answer:
    def worded(task: object) -> object:
        for path in {**dict.fromkeys(scene.anatomy.numbers), **dict.fromkeys(scene.anatomy.times)}:
            number = get(task, path)
            if _is_number(number):
                task = put(task, path, json.encode(number).decode())
        return task

    return edit_tasks(answer, scene.anatomy, worded)


def _in_another_unit(answer: Answer, scene: Scene) -> Answer:
    def converted(task: object) -> object:
        for path in scene.anatomy.times:
            moment = get(task, path)
            if isinstance(moment, int | float) and _is_number(moment):
                other = moment // 1000 if scene.anatomy.times_in_ms else moment * 1000
                task = put(task, path, int(other))
        return task

    return edit_tasks(answer, scene.anatomy, converted)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _decimal_id(task: Task, scene: Scene) -> Task:
    """Polls name the task by what the answer said, so its id is made one that a JSON number can be."""
    if task.id.isdecimal():
        return task
    return replace(task, id=scene.choices.decimal_id("task id", task.provider, task.number))


def _id_as_number(answer: Answer, scene: Scene) -> Answer:
    def numbered(task: object) -> object:
        task_id = get(task, scene.anatomy.id)
        is_decimal = isinstance(task_id, str) and task_id.isdecimal()
        return put(task, scene.anatomy.id, int(str(task_id))) if is_decimal else task

    return edit_tasks(answer, scene.anatomy, numbered)


FAULTS: tuple[Fault, ...] = (
    Fault(
        id="numbers-as-strings",
        layer=Layer.PAYLOAD,
        says="writes durations, amounts and times as text",
        client_must="read a number from either form",
        hooks=(OnAnswer(_as_text, _OF_TASKS),),
        expected=Expected.SUCCESS,
        motive="a type that flipped crashed a typed client, and its retries wrote a gigabyte of logs",
        link="https://github.com/damongolding/immich-kiosk/issues/806",
        notes={"kling": "durations are text in any case, so it shows in the times"},
    ),
    Fault(
        id="big-int-id",
        layer=Layer.PAYLOAD,
        says="writes the task's id as a number beyond 2^53; polls and the list know the task by the same digits",
        client_must="keep every digit, and never read the id as a float",
        hooks=(OnTask(_decimal_id), OnAnswer(_id_as_number, (Occasion.SUBMIT, Occasion.POLL))),
        expected=Expected.SUCCESS,
        motive="measured: a common parser silently makes floats of large integers, and the id then names another task",
        notes={
            "gmi": "the task gets a decimal id in place of a UUID",
            "kirin": "the task gets a decimal id in place of its 20 letters and digits",
            "kling": "its ids have 18 digits in any case, and lose their quotes",
        },
    ),
    Fault(
        id="ms-vs-s-timestamps",
        layer=Layer.PAYLOAD,
        says="gives moments in seconds where the contract says milliseconds, and the other way about",
        client_must="hold a moment against sane bounds before it is used",
        hooks=(OnAnswer(_in_another_unit, _OF_TASKS),),
        expected=Expected.SUCCESS,
        motive="the same field comes in seconds from one service and in milliseconds from the next",
        link="https://github.com/QuantumNous/new-api/pull/2532",
        notes={"gmi": "milliseconds", "kirin": "milliseconds", "kling": "seconds"},
    ),
)
