"""Kling: one envelope around everything, times in ms, identify-face answers at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar, cast

from contracts.conform.exchange import Json, Request, number_at, part, text_at
from contracts.conform.surfaces.surface import Order, Surface, Told
from contracts.contract import Contract

SYNC = "/v1/videos/advanced-lip-sync"
LEGACY = "/v1/videos/lip-sync"
SCRIPT = {"text": "The harbour wakes.", "voice_id": "oversea_male1", "voice_language": "en"}


class Kling(Surface):
    """``/v1/videos/identify-face`` and ``/v1/videos/advanced-lip-sync``."""

    provider = "kling"
    ranks: ClassVar[Mapping[str, int]] = {"submitted": 0, "processing": 1, "succeed": 2, "failed": 2}
    success = "succeed"
    units_per_s = 1000
    has_external_ids = True
    calls_back = True
    paid = frozenset({"identifyFace", "createLipSync", "createSpeech", "createLegacyLipSync"})
    callback_schema = "CallbackBody"
    unknown_task = "100000000000000001"
    not_found = frozenset({"getLipSync", "getLegacyLipSync"})
    forges = True
    looks = (Request("listLegacyLipSync", "GET", LEGACY),)

    def paid_looks(self, video_url: str) -> Sequence[Request]:
        spoken = {"mode": "text2video", "video_url": video_url, **SCRIPT}
        return (
            Request("createSpeech", "POST", "/v1/audio/tts", SCRIPT),
            Request("createLegacyLipSync", "POST", LEGACY, {"input": spoken}),
        )

    def identify(self, video_url: str) -> Request:
        return Request("identifyFace", "POST", "/v1/videos/identify-face", {"video_url": video_url})

    def submit(self, order: Order) -> Request:
        return Request("createLipSync", "POST", SYNC, order.fields)

    def poll(self, task_id: str, operation: str = "") -> Request:
        if operation == "getLegacyLipSync":
            return Request(operation, "GET", f"{LEGACY}/{task_id}")
        return Request("getLipSync", "GET", f"{SYNC}/{task_id}")

    def listing(self) -> Request | None:
        return Request("listLipSync", "GET", f"{SYNC}?pageNum=1&pageSize=500")

    def cancel(self, task_id: str) -> Request | None:  # noqa: ARG002 - Kling has no way to cancel
        return None

    def session_of(self, body: object) -> str:
        return text_at(body, "data", "session_id")

    def told(self, body: object) -> Told | None:
        return told(part(body, "data"))

    def listed(self, body: object) -> Sequence[Told]:
        rows = part(body, "data")
        return [row for item in rows if (row := told(item))] if isinstance(rows, list) else []

    def called_back(self, body: object) -> Told | None:
        return told(body)

    def code_of(self, body: object) -> str:
        return text_at(body, "code")

    def answer_id(self, body: object) -> str:
        return text_at(body, "request_id")

    def shape(self, contract: Contract, operation: str, body: object) -> tuple[str, Json] | None:
        schema = contract.operations[operation].request_schema
        return (schema, cast(Json, body)) if schema and isinstance(body, dict) else None


def told(task: object) -> Told | None:
    """What a task object of Kling's says; a callback, also one that another provider hands on, is one too."""
    task_id = text_at(task, "task_id")
    if not task_id:
        return None
    return Told(
        id=task_id,
        word=text_at(task, "task_status"),
        created=number_at(task, "created_at"),
        updated=number_at(task, "updated_at"),
        external_id=text_at(task, "task_info", "external_task_id"),
        result_url=text_at(task, "task_result", "videos", 0, "url"),
        reason=text_at(task, "task_status_msg"),
    )
