"""GMI's words: the request record and its outcome."""

from __future__ import annotations

import msgspec

from mock_server.core.plan import Stage, State
from mock_server.core.session import Session
from mock_server.core.task import Task, TaskKind
from mock_server.flow import links
from mock_server.providers.base import DialectOf
from mock_server.providers.face_choose import face_row
from mock_server.providers.gmi.iam import org_id

STATUS_WORDS = {
    Stage.SUBMITTED: "created",
    Stage.QUEUED: "queued",
    Stage.DISPATCHED: "dispatched",
    Stage.PROCESSING: "processing",
    Stage.SUCCEEDED: "success",
    Stage.FAILED: "failed",
    Stage.CANCELLED: "cancelled",
}
IDENTIFY_UNITS = "0.05"
"""``final_unit_deduction`` of identify-face (gmi.md § 7.1)."""

Data = dict[str, object]


def queued_record(task: Task) -> Data:
    """What the submit of a queued model answers: six fields (gmi.md § 5)."""
    created_s = task.created_ms // 1000
    return {
        "request_id": task.id,
        "model": task.model,
        "status": STATUS_WORDS[task.plan.steps[0].stage],
        "created_at": created_s,
        "updated_at": created_s,
        "queued_at": created_s,
    }


def record(task: Task, now_ms: int, dialect: DialectOf, session: Session | None) -> Data:
    """The full record. ``session`` is what an identify-face has opened."""
    state = task.plan.at(now_ms)
    created_s = task.created_ms // 1000
    echoes = dialect("gmi.payload_echo") == "verbatim"
    worker = {"user_id": f"user_{task.tenant[1:13]}"}
    if dialect("gmi.record") == "sdk":
        worker = {"qworker_id": f"qworker_{task.tenant[1:5]}"}
    data: Data = {
        "request_id": task.id,
        "org_id": org_id(task.tenant),
        **worker,
        "model": task.model,
        "status": STATUS_WORDS[state.stage],
        "is_public": False,
        "payload": msgspec.Raw(task.request) if echoes else {},
        "outcome": _outcome(task, state, dialect, session),
        "created_at": created_s,
        "queued_at": created_s,
        "updated_at": state.since_ms // 1000,
    }
    if state.stage is Stage.FAILED and dialect("gmi.failed_error") == "both":
        data["error"] = _reason(task)
    return data


def _outcome(task: Task, state: State, dialect: DialectOf, session: Session | None) -> Data | None:
    match state.stage:
        case Stage.SUCCEEDED if task.kind is TaskKind.IDENTIFY:
            return _faces(task, session)
        case Stage.SUCCEEDED:
            return _video(task, dialect("gmi.outcome"))
        case Stage.FAILED:
            return {"error": _reason(task)}
        case _:
            return None


def _video(task: Task, shape: str) -> Data:
    url = links.video_link(task.base_url, task.result_id)
    outcome: Data = {}
    if shape != "video_url":
        outcome["media_urls"] = [{"id": "0", "url": url}]
    if shape != "media_urls":
        outcome["video_url"] = url
    return {**outcome, "thumbnail_image_url": links.thumbnail_link(task.base_url, task.result_id)}


def _faces(task: Task, session: Session | None) -> Data:
    assert session is not None, "a finished identify-face has opened a session"
    faces = [face_row(face, links.face_link(task.base_url, session.id, face.id)) for face in session.faces]
    return {"data": {"session_id": session.id, "final_unit_deduction": IDENTIFY_UNITS, "face_data": faces}}


def _reason(task: Task) -> str:
    return task.plan.failure.message if task.plan.failure else ""
