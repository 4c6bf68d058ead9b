"""GMI: one queue for every model, a record a request, times in seconds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar, cast

from contracts.conform.exchange import Json, Request, number_at, part, text_at
from contracts.conform.surfaces import kling
from contracts.conform.surfaces.surface import Order, Surface, Told
from contracts.contract import Contract

QUEUE = "/api/v1/ie/requestqueue/apikey"
REQUESTS = f"{QUEUE}/requests"


class Gmi(Surface):
    """``/api/v1/ie/requestqueue/apikey/requests``."""

    provider = "gmi"
    ranks: ClassVar[Mapping[str, int]] = {
        "created": 0,
        "queued": 1,
        "dispatched": 2,
        "processing": 3,
        "success": 4,
        "failed": 4,
        "cancelled": 4,
    }
    success = "success"
    units_per_s = 1
    has_external_ids = False
    # gmi.md ambiguity 10: a callback is known of, and promised nowhere
    calls_back = False
    paid = frozenset({"submitRequest", "iamSubmitRequest"})
    callback_schema = "CallbackBody"
    unknown_task = "00000000-0000-4000-8000-000000000001"
    not_found = frozenset({"getRequest", "cancelRequest"})
    forges = False
    looks = (
        Request("listModels", "GET", f"{QUEUE}/models"),
        Request("getModel", "GET", f"{QUEUE}/models/kling-lip-sync"),
        Request("createUploadUrl", "POST", f"{QUEUE}/upload-url", {"file_type": "mp3"}),
    )

    def paid_looks(self, video_url: str) -> Sequence[Request]:  # noqa: ARG002 - a job has seen all there is
        return ()

    def identify(self, video_url: str) -> Request:
        return self._submit({"model": "kling-identify-face", "payload": {"video_url": video_url}})

    def submit(self, order: Order) -> Request:
        return self._submit({"model": "kling-lip-sync", "payload": order.fields})

    def poll(self, task_id: str, operation: str = "") -> Request:
        if operation == "cancelRequest":
            return self.cancel(task_id)
        return Request("getRequest", "GET", f"{REQUESTS}/{task_id}")

    def listing(self) -> Request | None:
        return Request("listRequests", "GET", REQUESTS)

    def cancel(self, task_id: str) -> Request:
        return Request("cancelRequest", "DELETE", f"{REQUESTS}/{task_id}")

    def session_of(self, body: object) -> str:
        return text_at(body, "outcome", "data", "session_id")

    def told(self, body: object) -> Told | None:
        task_id = text_at(body, "request_id")
        if not task_id:
            return None
        newer = text_at(body, "outcome", "media_urls", 0, "url")
        return Told(
            id=task_id,
            word=text_at(body, "status"),
            created=number_at(body, "created_at"),
            updated=number_at(body, "updated_at"),
            result_url=newer or text_at(body, "outcome", "video_url"),
            reason=text_at(body, "outcome", "error"),
        )

    def listed(self, body: object) -> Sequence[Told]:
        rows = part(body, "requests")
        return [row for item in rows if (row := self.told(item))] if isinstance(rows, list) else []

    def called_back(self, body: object) -> Told | None:
        """Kling's body, its words put into the queue's."""
        found = kling.told(body)
        if found is None:
            return None
        created, updated = (moment and moment // 1000 for moment in (found.created, found.updated))
        word = {"succeed": "success", "submitted": "queued"}.get(found.word, found.word)
        return Told(found.id, word, created, updated, result_url=found.result_url)

    def code_of(self, body: object) -> str:  # noqa: ARG002 - the queue answers with a status and a sentence
        return ""

    def answer_id(self, body: object) -> str:  # noqa: ARG002 - an answer has none of its own
        return ""

    def shape(self, contract: Contract, operation: str, body: object) -> tuple[str, Json] | None:
        schema = contract.operations[operation].request_schema
        if schema is None or not isinstance(body, dict):
            return None
        branch = contract.branch(schema, body) if operation in self.paid else schema
        return (branch, cast(Json, body)) if branch else None

    def _submit(self, body: Json) -> Request:
        return Request("submitRequest", "POST", REQUESTS, body)
