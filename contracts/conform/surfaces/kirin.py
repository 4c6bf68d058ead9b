"""Kirin: every model is a task of one gateway, times in seconds; identify-face hands on Kling's answer as text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar, cast

from contracts.conform.exchange import Json, Request, decoded, number_at, text_at
from contracts.conform.surfaces.surface import Order, Surface, Told
from contracts.contract import Contract

GENERATION = "/model/v1/generation"
PARAMETERS: Mapping[str, str] = {
    "kirin_identify_face": "IdentifyFaceParams",
    "kirin_lipsync": "LipsyncParams",
    "kirin_tts": "TtsParams",
}
"""The component schema of each model's parameters."""


class Kirin(Surface):
    """``/model/v1/generation``."""

    provider = "kirin"
    ranks: ClassVar[Mapping[str, int]] = {"in_progress": 0, "completed": 1, "failed": 1}
    success = "completed"
    units_per_s = 1
    has_external_ids = True
    calls_back = True
    paid = frozenset({"createGeneration"})
    callback_schema = "Task"
    unknown_task = "d90abctg77120c5k1q0z"
    not_found = frozenset({"getGeneration"})
    forges = False
    looks = (
        Request("listModels", "GET", "/api/v1/skill/models"),
        Request("getModelSpec", "GET", "/api/v1/skill/models/kirin_lipsync/spec"),
        Request("getModelSpec", "GET", "/api/v1/skill/models/no_such_model/spec"),
    )

    def paid_looks(self, video_url: str) -> Sequence[Request]:  # noqa: ARG002 - speech needs no video
        script = {"text": "The harbour wakes.", "voice_id": "oversea_male1", "voice_language": "en"}
        return (self._create({"model": "kirin_tts", **script}),)

    def identify(self, video_url: str) -> Request:
        return self._create({"model": "kirin_identify_face", "video_url": video_url})

    def submit(self, order: Order) -> Request:
        return self._create({"model": "kirin_lipsync", **order.fields})

    def poll(self, task_id: str, operation: str = "") -> Request:  # noqa: ARG002 - there is one way to ask
        return Request("getGeneration", "GET", f"{GENERATION}/task/{task_id}")

    def listing(self) -> Request | None:
        return None

    def cancel(self, task_id: str) -> Request | None:  # noqa: ARG002 - Kirin has no way to cancel
        return None

    def session_of(self, body: object) -> str:
        inner = decoded(text_at(body, "output", 0, "content", 0, "text").encode())
        return text_at(inner, "data", "session_id")

    def told(self, body: object) -> Told | None:
        task_id = text_at(body, "id")
        if not task_id:
            return None
        return Told(
            id=task_id,
            word=text_at(body, "status"),
            created=number_at(body, "created_at"),
            updated=number_at(body, "metadata", "completed_at"),
            result_url=text_at(body, "output", 0, "content", 0, "url"),
            reason=text_at(body, "error", "error_message"),
        )

    def listed(self, body: object) -> Sequence[Told]:  # noqa: ARG002 - tasks cannot be listed
        return ()

    def called_back(self, body: object) -> Told | None:
        return self.told(body)

    def code_of(self, body: object) -> str:
        return text_at(body, "error", "code") or text_at(body, "status", "error_code")

    def answer_id(self, body: object) -> str:
        return text_at(body, "request_id")

    def shape(self, contract: Contract, operation: str, body: object) -> tuple[str, Json] | None:  # noqa: ARG002
        schema = PARAMETERS.get(text_at(body, "model"))
        return (schema, cast(Json, body)) if schema else None

    def _create(self, body: Json) -> Request:
        return Request("createGeneration", "POST", GENERATION, body)
