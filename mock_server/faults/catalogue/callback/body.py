"""Faults of a callback's body: another story than the poll's, other bytes for the same JSON, a result left out."""

from __future__ import annotations

import json
from collections.abc import Sequence

import msgspec
from msgspec.structs import replace

from mock_server.callbacks.packing import sealed
from mock_server.core.parcel import Parcel
from mock_server.core.plan import Stage
from mock_server.faults.catalogue.callback.sending import NOTES
from mock_server.faults.json_edit import MISSING, get, put
from mock_server.faults.model import Expected, Fault, Layer, OnDelivery, Scene

PAYLOAD_ERROR = "the result could not be attached to this callback; query the task for it"


def _failed(parcel: Parcel, scene: Scene) -> Sequence[Parcel]:  # noqa: ARG001
    return (sealed(replace(parcel, body=parcel.failed_body)),)


def _other_bytes(parcel: Parcel, scene: Scene) -> Sequence[Parcel]:  # noqa: ARG001
    turned = _turned_round(json.loads(parcel.body))
    body = json.dumps(turned, indent=1, separators=(" ,", " : ")).encode()
    return (sealed(replace(parcel, body=body)),)


def _turned_round(value: object) -> object:
    """The same JSON with the keys of every object in the opposite order."""
    if isinstance(value, dict):
        return {key: _turned_round(item) for key, item in reversed(value.items())}
    return [_turned_round(item) for item in value] if isinstance(value, list) else value


def _without_result(parcel: Parcel, scene: Scene) -> Sequence[Parcel]:
    anatomy = scene.anatomy.callback or scene.anatomy
    document = msgspec.json.decode(parcel.body)
    there = [path for path in anatomy.results if get(document, path) is not MISSING]
    if not there:
        return (parcel,)
    for path in there:
        document = put(document, path, None)
    document = put(document, (*anatomy.task, "payload_error"), PAYLOAD_ERROR)
    return (sealed(replace(parcel, body=msgspec.json.encode(document))),)


def _is_about_success(scene: Scene) -> bool:
    return scene.announced is Stage.SUCCEEDED


FAULTS: tuple[Fault, ...] = (
    Fault(
        id="callback-contradicts-poll",
        layer=Layer.CALLBACK,
        says="says in the callback that the task failed, and in every poll that it succeeded",
        client_must="take the poll for the truth, keep the result, and note the difference",
        hooks=(OnDelivery(_failed),),
        expected=Expected.SUCCESS,
        motive="a webhook that was played again carried no result, and a finished job was written off",
        link="https://github.com/S-zhi/LynxSense/issues/285",
        counts=_is_about_success,
        with_callback=True,
        notes=NOTES,
    ),
    Fault(
        id="callback-reordered-json",
        layer=Layer.CALLBACK,
        says="writes the body with other spaces, other escapes and its keys in the opposite order, and signs that",
        client_must="verify the raw bytes as they came, not JSON that it has read and written again",
        hooks=(OnDelivery(_other_bytes),),
        expected=Expected.SUCCESS,
        motive="genuine callbacks were refused because the signature was held against re-encoded JSON",
        link="https://github.com/mdcms-ai/mdcms/pull/174",
        with_callback=True,
        notes={**NOTES, "kirin": "signs no callback: only the bytes differ"},
    ),
    Fault(
        id="callback-null-payload",
        layer=Layer.CALLBACK,
        says="tells of success with null in place of the result, and says why in payload_error",
        client_must="fetch the result by a poll",
        hooks=(OnDelivery(_without_result),),
        expected=Expected.SUCCESS,
        motive="a result that could not be put into the webhook came as a null payload with an error beside it",
        link="https://github.com/fal-ai/fal-js/issues/153",
        counts=_is_about_success,
        with_callback=True,
        notes={
            **NOTES,
            "kirin": "not with the dialect kirin.callback_body=kling, whose body is another provider's",
        },
    ),
)
