"""The answer to an accepted submit once more, from what the journal has kept of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import msgspec

from mock_server.core.journal import Entry
from mock_server.core.plan import Stage
from mock_server.faults.json_edit import get
from mock_server.faults.model import Scene
from mock_server.flow.call import Answer

_Data = dict[str, object]


def replayed(entry: Entry, scene: Scene) -> Answer:
    """The first answer, byte for byte; made anew where a fault had put something else in its place."""
    if entry.status == 200 and len(entry.response) == entry.response_bytes and _names_task(entry, scene):
        return Answer(200, entry.response)
    return Answer(200, msgspec.json.encode(_MADE_ANEW[scene.provider](entry, scene)))


def _names_task(entry: Entry, scene: Scene) -> bool:
    try:
        document = msgspec.json.decode(entry.response)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return False
    return str(get(document, (*scene.anatomy.task, *scene.anatomy.id))) == entry.task_id


def _kling(entry: Entry, scene: Scene) -> _Data:
    data: _Data = {"task_id": entry.task_id}
    if not scene.path.endswith("/lip-sync"):
        data["task_info"] = {"external_task_id": _sent(scene, "external_task_id") or ""}
    data["task_status"] = scene.anatomy.words[Stage.SUBMITTED]
    data |= {"created_at": entry.at_ms, "updated_at": entry.at_ms}
    request_id = scene.choices.uuid("replay", entry.task_id)
    return {"code": 0, "message": "SUCCEED", "request_id": request_id, "data": data}


def _gmi(entry: Entry, scene: Scene) -> _Data:
    created_s = entry.at_ms // 1000
    return {
        "request_id": entry.task_id,
        "model": _sent(scene, "model"),
        "status": scene.anatomy.words[Stage.QUEUED],
        "created_at": created_s,
        "updated_at": created_s,
        "queued_at": created_s,
    }


def _kirin(entry: Entry, scene: Scene) -> _Data:
    return {
        "id": entry.task_id,
        "created_at": entry.at_ms // 1000,
        "status": scene.anatomy.words[Stage.PROCESSING],
        "model": _sent(scene, "model") or scene.headers.get("x-model"),
        "progress": 0.0,
        "metadata": {"in_queue_at": entry.at_ms / 1000},
    }


def _sent(scene: Scene, name: str) -> object:
    return scene.body.get(name) if isinstance(scene.body, dict) else None


_MADE_ANEW: Mapping[str, Callable[[Entry, Scene], _Data]] = {"gmi": _gmi, "kirin": _kirin, "kling": _kling}
"""By provider: the fields of its first answer, as of the moment of the first submit."""
