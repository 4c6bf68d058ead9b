"""One complete lip-sync job at each provider, as a client of theirs would do it."""

from __future__ import annotations

import json
from collections.abc import Mapping

from mock_server.cli.demo.visit import Job, JobFailedError, Json, Visit, at

_KLING = "/v1/videos/advanced-lip-sync"
_GMI = "/api/v1/ie/requestqueue/apikey/requests"
_KIRIN = "/model/v1/generation"


async def kling(visit: Visit) -> str:
    """Kling: identify at once, then a task."""
    session = at(await visit.post("/v1/videos/identify-face", {"video_url": visit.video_url}), "data")
    visit.tell("face identified")
    made = await visit.post(_KLING, _lip_sync(visit, session))
    visit.tell("submitted")
    path = f"{_KLING}/{at(made, 'data', 'task_id')}"
    task = at(
        await visit.until_done(path, lambda body: _word(body, "data", "task_status") in _KLING_ENDS), "data"
    )
    if at(task, "task_status") != "succeed":
        raise JobFailedError(str(at(task, "task_status_msg")))
    return str(at(task, "task_result", "videos", 0, "url"))


async def gmi(visit: Visit) -> str:
    """GMI Cloud: two requests to one queue; the first is answered at once."""
    first = await visit.post(
        _GMI, {"model": "kling-identify-face", "payload": {"video_url": visit.video_url}}
    )
    visit.tell("face identified")
    payload = _lip_sync(visit, at(first, "outcome", "data"))
    made = await visit.post(_GMI, {"model": "kling-lip-sync", "payload": payload})
    visit.tell("submitted")
    path = f"{_GMI}/{at(made, 'request_id')}"
    record = await visit.until_done(path, lambda body: _word(body, "status") in _GMI_ENDS)
    if at(record, "status") != "success":
        raise JobFailedError(str(at(record, "outcome")))
    return str(at(record, "outcome", "video_url"))


async def kirin(visit: Visit) -> str:
    """Kirin: everything is a task, the identification too."""
    content = await _generated(visit, "kirin_identify_face", {"video_url": visit.video_url})
    session = json.loads(str(at(content, "text")))["data"]
    visit.tell("face identified")
    return str(at(await _generated(visit, "kirin_lipsync", _lip_sync(visit, session), "submitted"), "url"))


JOBS: Mapping[str, Job] = {"kling": kling, "gmi": gmi, "kirin": kirin}
_KLING_ENDS = {"succeed", "failed"}
_GMI_ENDS = {"success", "failed", "cancelled"}
_KIRIN_ENDS = {"completed", "failed"}


async def _generated(visit: Visit, model: str, parameters: Json, told: str = "") -> object:
    """The first content of a finished generation."""
    made = await visit.post(_KIRIN, {"model": model, "input": [{"params": parameters}]})
    if told:
        visit.tell(told)
    path = f"{_KIRIN}/task/{at(made, 'id')}"
    task = await visit.until_done(path, lambda body: _word(body, "status") in _KIRIN_ENDS)
    if at(task, "status") != "completed":
        raise JobFailedError(str(at(task, "error")))
    return at(task, "output", 0, "content", 0)


def _lip_sync(visit: Visit, session: object) -> Json:
    return {
        "session_id": at(session, "session_id"),
        "face_choose": [visit.clip(at(session, "face_data", 0, "face_id"))],
    }


def _word(body: Json, *path: str) -> str:
    return str(at(body, *path))
