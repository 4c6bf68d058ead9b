"""Faults of the HTTP layer around the header Idempotency-Key, which none of the three providers documents.

A client that sends no key does not meet them, and neither does the first submit with a key. Keys are looked up in
the tenant's journal, so a request that the journal no longer holds is a first one again. ASSUMED: a key is good for
one path, as with payment services.
"""

from __future__ import annotations

from collections.abc import Callable

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from mock_server.core.errors import Refused
from mock_server.core.fault import Occasion
from mock_server.core.journal import Entry
from mock_server.faults.catalogue.http.replay import replayed
from mock_server.faults.model import Expected, Fault, InPlace, Layer, Param, Reply, Scene

KEY = "idempotency-key"
_SUBMIT = (Occasion.SUBMIT,)


class _Earlier(Struct, frozen=True):
    """The accepted submit that had the same key. ``is_same`` where its body was the same as well."""

    entry: Entry
    is_same: bool


def _earlier(scene: Scene) -> _Earlier | None:
    key = scene.headers.get(KEY)
    if not key:
        return None
    for entry in scene.journal():
        is_here = entry.method == scene.method and entry.target.partition("?")[0] == scene.path
        if is_here and entry.task_id and (KEY, key) in entry.headers:
            return _Earlier(entry, _is_same_body(entry, scene))
    return None


def _is_same_body(entry: Entry, scene: Scene) -> bool:
    """By value; by its bytes where the journal has kept only the beginning."""
    if entry.request_bytes == len(entry.request):
        return bool(msgspec.json.decode(entry.request) == scene.body)
    return entry.request_bytes == len(scene.raw) and scene.raw.startswith(entry.request)


def _replay(scene: Scene) -> Reply | None:
    earlier = _earlier(scene)
    return replayed(earlier.entry, scene) if earlier and earlier.is_same else None


def _refuse(reason: str, *, same: bool) -> Callable[[Scene], Reply | None]:
    """Refuses a key that was used, for the same body or for another one."""

    def refuse(scene: Scene) -> Reply | None:
        earlier = _earlier(scene)
        if earlier is None or earlier.is_same is not same:
            return None
        answer = scene.refuse(Refused("invalid-value", message=f"Idempotency-Key: {reason}"))
        return replace(answer, status=int(scene.text("status")))

    return refuse


def _status(default: str) -> tuple[Param, ...]:
    return (Param("status", default, "the HTTP status", choices=("409", "422")),)


def _has_key(scene: Scene) -> bool:
    return bool(scene.headers.get(KEY))


FAULTS: tuple[Fault, ...] = (
    Fault(
        id="idem-key-replay",
        layer=Layer.HTTP,
        says="answers a second submit with the same Idempotency-Key and body with the first one's task, and makes none",
        client_must="take it for the success that it is, and poll that task",
        hooks=(InPlace(_replay, _SUBMIT),),
        expected=Expected.SUCCESS,
        motive="a retry that carries its key must not start a second job",
        link="https://github.com/aws-samples/sample-autonomous-cloud-coding-agents/issues/58",
        counts=_has_key,
    ),
    Fault(
        id="idem-key-reject",
        layer=Layer.HTTP,
        says="refuses a second submit with the same Idempotency-Key and body; the first one's task exists",
        client_must="look for the job that it has, and not submit with a new key",
        hooks=(InPlace(_refuse("this request was accepted already", same=True), _SUBMIT),),
        expected=Expected.EITHER,
        motive="one API answers a repeated key with 422 in place of the first answer, and the job runs all the same",
        link="https://github.com/Comfy-Org/docs/pull/1723",
        params=_status("422"),
        counts=_has_key,
    ),
    Fault(
        id="idem-key-conflict",
        layer=Layer.HTTP,
        says="refuses a submit with an Idempotency-Key that was used for another body",
        client_must="report it as a mistake of its own, and not submit again",
        hooks=(InPlace(_refuse("used with another request body", same=False), _SUBMIT),),
        expected=Expected.FAILURE,
        motive="a key that is made once and used for two jobs loses the second one",
        link="https://github.com/mhayk/Overpass/issues/16",
        params=_status("409"),
        counts=_has_key,
    ),
)
