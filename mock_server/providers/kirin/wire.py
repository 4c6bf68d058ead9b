"""Kirin's words: the gateway's task object, its results, its errors."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from contracts.contract import Contract
from contracts.kirin.errors import UPSTREAM
from contracts.model import Channel, ErrorCode
from mock_server.core.ledger import OPERATION_OF_KIND
from mock_server.core.money import amount_text, cost_of
from mock_server.core.plan import Stage, State
from mock_server.core.session import Session, Speech
from mock_server.core.task import Task, TaskKind
from mock_server.flow import links
from mock_server.providers.base import DialectOf
from mock_server.providers.face_choose import face_row, seconds

Data = dict[str, object]


def status_word(stage: Stage, dialect: DialectOf) -> str:
    if stage is Stage.SUCCEEDED:
        return "completed"
    if stage.is_terminal:
        return "failed"
    return "processing" if dialect("kirin.status_words") == "cli" else "in_progress"


def task_data(
    task: Task, state: State, contract: Contract, dialect: DialectOf, owned: Session | Speech | None
) -> Data:
    """The task object. ``owned`` is what an identify-face or a speech task has made."""
    data: Data = {
        "id": task.id,
        "created_at": task.created_ms // 1000,
        "status": status_word(state.stage, dialect),
        "model": task.model,
    }
    metadata: Data = {"in_queue_at": task.created_ms / 1000}
    if not state.stage.is_terminal:
        return {**data, "progress": state.progress, "metadata": metadata}
    metadata["completed_at"] = state.since_ms / 1000
    if state.stage is Stage.SUCCEEDED:
        content = _content(task, dialect, owned)
        usage = {"cost": amount_text(task_cost(task, contract)), "discount": 1}
        return {**data, "output": [{"content": [content]}], "usage": usage, "metadata": metadata}
    return {**data, "error": _task_error(task, contract, dialect), "metadata": metadata}


def task_cost(task: Task, contract: Contract) -> Decimal:
    duration_ms = task.video.duration_ms if task.video else 0
    return cost_of(contract.prices, OPERATION_OF_KIND[task.kind], duration_ms)


def _content(task: Task, dialect: DialectOf, owned: Session | Speech | None) -> Data:
    if task.kind is TaskKind.LIP_SYNC:
        assert task.video is not None, "a finished lip-sync has a video"
        return {
            "type": "video",
            "url": links.video_link(task.base_url, task.result_id),
            "duration": _duration(task.video.duration_ms, dialect),
            "jobId": task.upstream_id,
        }
    text = msgspec.json.encode(upstream_answer(task, owned)).decode()
    if not isinstance(owned, Speech):
        return {"type": "text", "text": text, "jobId": task.upstream_id}
    return {
        "type": "audio",
        "url": links.speech_link(task.base_url, owned.id),
        "duration": _duration(owned.audio.duration_ms, dialect),
        "jobId": task.upstream_id,
        "text": text,
    }


def upstream_answer(task: Task, owned: Session | Speech | None) -> Data:
    """Kling's envelope, as the gateway hands it on inside ``text``."""
    request_id = _upstream_request_id(task)
    failure = task.plan.failure
    if owned is None or failure is not None:
        error = failure.error if failure else "upstream-http"
        message = failure.message.removeprefix(upstream_lead(error)) if failure else ""
        data: Data = {"session_id": "", "final_unit_deduction": "0", "face_data": []}
        return {"code": UPSTREAM[error][1], "message": message, "request_id": request_id, "data": data}
    data = _session_data(task, owned) if isinstance(owned, Session) else _speech_data(task, owned)
    return {"code": 0, "message": "SUCCEED", "request_id": request_id, "data": data}


def upstream_lead(error: str) -> str:
    """How the gateway begins its report of an upstream answer (kirin.md § 6, the failed task)."""
    http_status, code = UPSTREAM[error]
    return f"upstream HTTP {http_status}: code {code}, "


def _session_data(task: Task, session: Session) -> Data:
    faces = [face_row(face, links.face_link(task.base_url, session.id, face.id)) for face in session.faces]
    return {"session_id": session.id, "final_unit_deduction": UPSTREAM_UNITS, "face_data": faces}


UPSTREAM_UNITS = "0.05"
"""What Kling deducts for each of its synchronous calls (kling.md § 3)."""


def _speech_data(task: Task, speech: Speech) -> Data:
    clip = {
        "id": speech.id,
        "url": links.speech_link(task.base_url, speech.id),
        "duration": seconds(speech.audio.duration_ms),
    }
    return {
        "task_id": task.upstream_id,
        "task_status": "succeed",
        "task_status_msg": "",
        "task_result": {"audios": [clip]},
        "final_unit_deduction": UPSTREAM_UNITS,
        "created_at": task.created_ms,
        "updated_at": task.created_ms,
    }


def _task_error(task: Task, contract: Contract, dialect: DialectOf) -> Data:
    failure = task.plan.failure
    row = contract.errors[failure.error if failure else "generation-failed"]
    message = failure.message if failure else row.message
    # a row that is no task's, asked for on a task: the gateway broke off inside
    text = row.code if row.channel is Channel.TASK else contract.errors["generation-failed"].code
    code: object = int(text) if dialect("kirin.error_code") == "int" else text
    error: Data = {"code": code, "error_message": message}
    if dialect("kirin.error_keys") == "both":
        error["message"] = message
    return error


def _duration(duration_ms: int, dialect: DialectOf) -> object:
    return seconds(duration_ms) if dialect("kirin.duration") == "string" else duration_ms / 1000


def _upstream_request_id(task: Task) -> str:
    """A UUID that stays the task's: its digits come from the upstream id, which the seed has chosen."""
    digits = task.upstream_id.zfill(20)[-20:]
    return f"{digits[:8]}-{digits[8:12]}-4{digits[12:15]}-8{digits[15:18]}-{digits[18:]}{digits[:10]}"


def http_error(row: ErrorCode, message: str, request_id: str) -> Data:
    """The body of an HTTP error (kirin.md ambiguity 19), in the keys that each known client looks for."""
    error = {"code": row.code, "error_message": message, "message": message}
    return {"error": error, "message": message, "request_id": request_id}


def envelope_error(row: ErrorCode, message: str) -> Data:
    """An error in the ``status`` envelope: discovery, and the 402 that one client knows."""
    status: Data = {"code": row.http_status, "message": message}
    if row.code.isdigit():
        status["error_code"] = int(row.code)
    return {"status": status}
