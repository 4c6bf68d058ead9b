"""Three shapes of one request, made into one: wrapped in ``input``, flat beside ``model``, or named by ``X-Model``."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from contracts.contract import Contract
from contracts.model import Violation
from mock_server.core.errors import Refused
from mock_server.core.task import TaskKind
from mock_server.flow.call import Call
from mock_server.providers.base import refuse_violations

WRAPPED = "input[0].params"
NOT_PARAMETERS = frozenset({"model", "input", "moderation", "metadata", "dash_scope", "id"})
"""Keys that may stand beside flat parameters (kirin.md § 4); they mean nothing here."""


class Model(Struct, frozen=True):
    """A model that can be called, and the component schema of its parameters."""

    id: str
    kind: TaskKind
    schema: str
    operation: str


MODELS: Mapping[str, Model] = {
    model.id: model
    for model in (
        Model("kirin_identify_face", TaskKind.IDENTIFY, "IdentifyFaceParams", "identify"),
        Model("kirin_lipsync", TaskKind.LIP_SYNC, "LipsyncParams", "lip-sync"),
        Model("kirin_tts", TaskKind.SPEECH, "TtsParams", "speech"),
    )
}


class Generation(Struct, frozen=True):
    """A request in its one shape. ``path`` is where the parameters stood, for messages."""

    model: Model
    parameters: Mapping[str, object]
    path: str


def parse_generation(call: Call, contract: Contract) -> Generation:
    """The request of a create or precharge call, its shape checked.

    Raises Refused: "invalid-value" for a fault of shape, "unknown-model" for a model that does not exist.
    """
    body = call.body
    if not isinstance(body, dict):
        raise _invalid("", "request body must be an object")
    model = MODELS.get(_model_id(call, body))
    if model is None:
        raise Refused("unknown-model")
    parameters, path = _parameters(body)
    refuse_violations(contract.violations(model.schema, parameters, path))
    return Generation(model, parameters, path)


def _model_id(call: Call, body: Mapping[str, object]) -> str:
    named = call.headers.get("x-model")
    written = body.get("model")
    if "model" not in body and named is not None:
        if "input" not in body:
            raise _invalid("input", "is required with the header X-Model")
        return named
    if not isinstance(written, str) or not written:
        raise _invalid("model", "must be a string" if "model" in body else "is required")
    if named is not None and named != written:
        raise _invalid("model", "differs from the header X-Model")
    return written


def _parameters(body: Mapping[str, object]) -> tuple[Mapping[str, object], str]:
    """The parameters and their path: wrapped wins where both are there, and only the first input counts."""
    if "input" not in body:
        return {name: value for name, value in body.items() if name not in NOT_PARAMETERS}, ""
    items = body["input"]
    if not isinstance(items, list) or not items:
        raise _invalid("input", "must be an array that is not empty")
    if not isinstance(items[0], dict) or not isinstance(items[0].get("params"), dict):
        raise _invalid(WRAPPED, "must be an object")
    parameters: Mapping[str, object] = items[0]["params"]
    return parameters, WRAPPED


def _invalid(path: str, reason: str) -> Refused:
    return Refused("invalid-value", (Violation(path, "shape", reason),))
