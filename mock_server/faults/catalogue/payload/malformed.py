"""Faults of the payload layer: a body that is no JSON, or JSON on which parsers do not agree."""

from __future__ import annotations

from codecs import BOM_UTF8
from collections.abc import Callable, Mapping

from msgspec import json
from msgspec.structs import replace

from mock_server.core.anatomy import Anatomy
from mock_server.core.fault import Occasion, Window
from mock_server.core.plan import Stage
from mock_server.faults.json_edit import MISSING, delete, edit_tasks, get, put
from mock_server.faults.model import Expected, Fault, Layer, OnAnswer, Param, Scene
from mock_server.flow.call import Answer

_ANY_ANSWER = (Occasion.POLL, Occasion.SUBMIT, Occasion.IDENTIFY, Occasion.LIST, Occasion.TTS)
_MARK = "lipflap:here"
"""Stands in the JSON for what an encoder refuses to write."""
_MARK_JSON = json.encode(_MARK)
_HALF_A_PAIR = b'"\\ud83d"'
ODD_TITLE = "title"
"""The field, in no contract, that carries half a surrogate pair."""


def _truncated(answer: Answer, scene: Scene) -> Answer:
    return replace(answer, body=answer.body[: len(answer.body) * scene.number("percent") // 100])


def _odd(answer: Answer, scene: Scene) -> Answer:
    return _FORMS[scene.text("form")](answer, scene.anatomy) if answer.is_json else answer


def _with_nan(answer: Answer, anatomy: Anatomy) -> Answer:
    """The first number of each task is none."""

    def marked(task: object) -> object:
        paths = (*anatomy.numbers, *anatomy.times)
        numeric = next((path for path in paths if isinstance(get(task, path), int | float)), None)
        return task if numeric is None else put(task, numeric, _MARK)

    return _written(edit_tasks(answer, anatomy, marked), _MARK_JSON, b"NaN")


def _with_key_twice(answer: Answer, anatomy: Anatomy) -> Answer:
    """The status stands twice: first as failed, then as it is. Most parsers keep the last."""
    *holder, key = anatomy.status

    def marked(task: object) -> object:
        word = get(task, anatomy.status)
        if word is MISSING:
            return task
        task = put(delete(task, anatomy.status), (*holder, _MARK), anatomy.words[Stage.FAILED])
        return put(task, anatomy.status, word)

    return _written(edit_tasks(answer, anatomy, marked), _MARK_JSON, json.encode(key))


def _with_mark(answer: Answer, anatomy: Anatomy) -> Answer:  # noqa: ARG001
    return replace(answer, body=BOM_UTF8 + answer.body)


def _with_half_a_pair(answer: Answer, anatomy: Anatomy) -> Answer:
    answer = edit_tasks(answer, anatomy, lambda task: put(task, (ODD_TITLE,), _MARK))
    return _written(answer, _MARK_JSON, _HALF_A_PAIR)


def _written(answer: Answer, mark: bytes, text: bytes) -> Answer:
    return replace(answer, body=answer.body.replace(mark, text))


_FORMS: Mapping[str, Callable[[Answer, Anatomy], Answer]] = {
    "nan": _with_nan,
    "duplicate": _with_key_twice,
    "bom": _with_mark,
    "surrogate": _with_half_a_pair,
}

FAULTS: tuple[Fault, ...] = (
    Fault(
        id="json-truncated",
        layer=Layer.PAYLOAD,
        says="sends the beginning of its JSON, with the length that this beginning has",
        client_must="treat it as a broken answer and try the poll again",
        hooks=(OnAnswer(_truncated, _ANY_ANSWER),),
        expected=Expected.SUCCESS,
        motive="one answer that could not be parsed was reported as a failed task, while the task went on",
        link="https://github.com/valyuAI/valyu-py/pull/126",
        window=Window(2, 2),
        params=(Param("percent", 50, "how much of the body is sent", low=1, high=99),),
    ),
    Fault(
        id="json-nan-dup-bom",
        layer=Layer.PAYLOAD,
        says="sends JSON that some parsers take and others do not",
        client_must="try again or say what is wrong, without a crash, and without a value that nobody sent",
        hooks=(OnAnswer(_odd, _ANY_ANSWER),),
        expected=Expected.EITHER,
        motive="measured: common parsers disagree on NaN and half a surrogate pair, and none minds a key twice",
        params=(
            Param(
                "form",
                "nan",
                "a number that is NaN, a key that stands twice, a byte order mark, half a surrogate pair",
                choices=tuple(_FORMS),
            ),
        ),
    ),
)
