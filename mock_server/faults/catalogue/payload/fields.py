"""Faults of the payload layer: fields that are gone, that are null, or that nobody has heard of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from mock_server.core.anatomy import Path
from mock_server.core.fault import Occasion
from mock_server.core.plan import Stage
from mock_server.faults.catalogue.payload.words import shows_success
from mock_server.faults.json_edit import MISSING, delete, edit_body, edit_tasks, get, put, task_paths
from mock_server.faults.model import Expected, Fault, Layer, OnAnswer, Param, Scene
from mock_server.flow.call import Answer

_ABSENT, _NULL = "absent", "null"
_EMPTY: Mapping[str, object] = {_NULL: None, "empty-list": [], "empty-object": {}}
NEW_FIELD = "experimental"
_NEWS: Mapping[str, object] = {
    "revision": 2,
    "labels": ["beta", None],
    "trace": {"spans": [{"name": "render", "attributes": {"warm": True}}]},
}


def _without_output(answer: Answer, scene: Scene) -> Answer:
    anatomy, form = scene.anatomy, scene.text("form")

    def emptied(task: object) -> object:
        if get(task, anatomy.status) == anatomy.words[Stage.SUCCEEDED]:
            for path in anatomy.results:
                task = delete(task, path) if form == _ABSENT else put(task, path, _EMPTY[form])
        return task

    return edit_tasks(answer, anatomy, emptied)


def _without_optional(answer: Answer, scene: Scene) -> Answer:
    def thinned(task: object) -> object:
        for path in scene.anatomy.optional:
            if get(task, path) is not MISSING:
                task = delete(task, path) if scene.text("form") == _ABSENT else put(task, path, None)
        return task

    return edit_tasks(answer, scene.anatomy, thinned)


def _with_news(answer: Answer, scene: Scene) -> Answer:
    def grown(document: object) -> object:
        for path in (*_objects(document, scene), ()):
            document = put(document, (*path, NEW_FIELD), _NEWS)
        return document

    return edit_body(answer, grown)


def _objects(document: object, scene: Scene) -> Iterator[Path]:
    """Every task object, and each object on the way to its result."""
    for task in task_paths(document, scene.anatomy):
        for url in scene.anatomy.result_urls:
            ways = (task + url[:length] for length in range(len(url)))
            yield from (way for way in ways if isinstance(get(document, way), dict))


FAULTS: tuple[Fault, ...] = (
    Fault(
        id="completed-no-output",
        layer=Layer.PAYLOAD,
        says="shows success without an output",
        client_must="report that there is no output, and stop polling",
        hooks=(OnAnswer(_without_output, (Occasion.POLL, Occasion.LIST)),),
        expected=Expected.FAILURE,
        motive="every asynchronous service that one client library speaks to can say done and deliver nothing",
        link="https://github.com/vercel/ai/pull/18929",
        params=(Param("form", _NULL, "what stands in its place", choices=(*_EMPTY, _ABSENT)),),
        counts=shows_success,
        notes={
            "gmi": "outcome",
            "kirin": "output; that of an identify-face task as well",
            "kling": "task_result.videos",
        },
    ),
    Fault(
        id="null-vs-absent",
        layer=Layer.PAYLOAD,
        says="leaves fields out that are optional, or sends them as null",
        client_must="take both for the same thing",
        hooks=(OnAnswer(_without_optional, (Occasion.POLL, Occasion.LIST, Occasion.SUBMIT)),),
        expected=Expected.SUCCESS,
        motive="a field that is there only after success broke the decoding of every other answer",
        link="https://github.com/replicate/replicate-swift/pull/4",
        params=(Param("form", _ABSENT, "how they are missing", choices=(_ABSENT, _NULL)),),
    ),
    Fault(
        id="extra-unknown-fields",
        layer=Layer.PAYLOAD,
        says="adds fields that no document mentions, with objects and lists in them",
        client_must="ignore them",
        hooks=(
            OnAnswer(
                _with_news,
                (Occasion.POLL, Occasion.SUBMIT, Occasion.IDENTIFY, Occasion.LIST, Occasion.TTS),
            ),
        ),
        expected=Expected.SUCCESS,
        motive="services add fields without notice, and a client that forbids unknown ones stops working that day",
    ),
)
