"""Kling's words: the envelope, the task object, the status names, the callback body."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from contracts.contract import Contract
from mock_server.core.money import price_text
from mock_server.core.plan import Stage, State
from mock_server.core.session import Session, Speech
from mock_server.core.task import Task, TaskKind
from mock_server.flow import links
from mock_server.flow.call import Answer, Call
from mock_server.providers.base import DialectOf
from mock_server.providers.face_choose import face_row, seconds

STATUS_WORDS: Mapping[Stage, str] = {
    Stage.SUBMITTED: "submitted",
    Stage.QUEUED: "submitted",
    Stage.DISPATCHED: "submitted",
    Stage.PROCESSING: "processing",
    Stage.SUCCEEDED: "succeed",
    Stage.FAILED: "failed",
    # Kling cannot cancel; a task ended so by hand has failed in its words
    Stage.CANCELLED: "failed",
}
Data = dict[str, object]

_LIP_SYNC = TaskKind.LIP_SYNC
_encode = msgspec.json.Encoder().encode


def envelope(call: Call, data: object) -> Answer:
    """Success: code 0 around ``data``. ``SUCCEED`` is what the live service sends."""
    body = {"code": 0, "message": "SUCCEED", "request_id": call.fresh_uuid("request"), "data": data}
    return Answer(200, _encode(body))


def session_data(call: Call, contract: Contract, session: Session) -> Data:
    """What identify-face answers."""
    faces = [face_row(face, links.face_link(call.base_url, session.id, face.id)) for face in session.faces]
    return {
        "session_id": session.id,
        **deductions(price_text(contract.prices, "identify")),
        "face_data": faces,
    }


def created_data(task: Task) -> Data:
    """What a create call answers: the first status, whatever the pace."""
    data: Data = {"task_id": task.id}
    if task.kind is _LIP_SYNC:
        data["task_info"] = {"external_task_id": task.external_id or ""}
    first = task.plan.steps[0]
    data["task_status"] = STATUS_WORDS[first.stage]
    data["created_at"] = data["updated_at"] = first.at_ms
    return data


def task_data(task: Task, now_ms: int, contract: Contract, dialect: DialectOf) -> Data:
    """The task object of a query."""
    state = task.plan.at(now_ms)
    succeeded = state.stage is Stage.SUCCEEDED
    data: Data = {"task_id": task.id, "task_status": STATUS_WORDS[state.stage]}
    omits_empty = dialect("kling.empty_fields") == "omit" and not state.stage.is_terminal
    if not omits_empty:
        data["task_status_msg"] = failure_text(task, state)
    data["task_info"] = task_info(task)
    if not omits_empty:
        data["task_result"] = {"videos": [_video(task, with_watermark=True)] if succeeded else []}
    return {
        **data,
        "watermark_info": {"enabled": task.wants_watermark},
        **deductions(task_cost(task, state, contract)),
        "created_at": task.created_ms,
        "updated_at": state.since_ms,
    }


def callback_data(task: Task, now_ms: int, contract: Contract) -> Data:
    """The body of a callback: no envelope, no watermark (kling.md § 6)."""
    state = task.plan.at(now_ms)
    videos = [_video(task, with_watermark=False)] if state.stage is Stage.SUCCEEDED else []
    return {
        "task_id": task.id,
        "task_status": STATUS_WORDS[state.stage],
        "task_status_msg": failure_text(task, state),
        "created_at": task.created_ms,
        "updated_at": state.since_ms,
        **deductions(task_cost(task, state, contract)),
        "task_info": task_info(task),
        "task_result": {"videos": videos},
    }


def speech_data(call: Call, contract: Contract, task_id: str, speech: Speech) -> Data:
    """What TTS answers: a finished task with one clip."""
    audio = {
        "id": speech.id,
        "url": links.speech_link(call.base_url, speech.id),
        "duration": seconds(speech.audio.duration_ms),
    }
    return {
        "task_id": task_id,
        "task_status": STATUS_WORDS[Stage.SUCCEEDED],
        "task_status_msg": "",
        "task_result": {"audios": [audio]},
        **deductions(price_text(contract.prices, "speech")),
        "created_at": speech.created_ms,
        "updated_at": speech.created_ms,
    }


def task_info(task: Task) -> Data:
    assert task.video is not None, "a lip-sync task has a video"
    # a video that was named by its id is a result of ours
    url = task.video_url or links.video_link(task.base_url, task.video_id)
    parent = {"id": task.video_id, "url": url, "duration": seconds(task.video.duration_ms)}
    return {"parent_video": parent, "external_task_id": task.external_id or ""}


def failure_text(task: Task, state: State) -> str:
    return task.plan.failure.message if state.stage is Stage.FAILED and task.plan.failure else ""


def task_cost(task: Task, state: State, contract: Contract) -> str:
    """Nothing until the task succeeds; a failed task is free (kling.md ambiguity 24, ASSUMED)."""
    if state.stage is not Stage.SUCCEEDED or task.video is None:
        return "0"
    return price_text(contract.prices, "lip-sync", task.video.duration_ms)


def deductions(units: str) -> Data:
    return {
        "final_unit_deduction": units,
        "final_balance_deduction": {"quota": "0", "list_price": "0"},
    }


def _video(task: Task, *, with_watermark: bool) -> Data:
    assert task.video is not None, "a lip-sync task has a video"
    video: Data = {
        "id": task.result_id,
        "url": links.video_link(task.base_url, task.result_id),
        "duration": seconds(task.video.duration_ms),
    }
    if with_watermark:
        marked = links.watermark_link(task.base_url, task.result_id)
        video["watermark_url"] = marked if task.wants_watermark else ""
    return video
