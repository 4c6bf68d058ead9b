"""Give a generated request what a generator cannot know: ids that exist, times that fit, a header that agrees."""

from __future__ import annotations

import itertools
import json
import zlib
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeAlias, cast

from schemathesis.generation.case import Case
from schemathesis.generation.meta import CaseMetadata

from contracts.conform.generated import known
from contracts.conform.generated.known import Json, Known

Generated: TypeAlias = Case[Any]
"""A case; its body is JSON, or whatever the generator made of it."""

_serial = itertools.count(1)


def make_sense(case: Generated, meta: CaseMetadata) -> None:
    """Change three requests in shape of four, so that the edges of the replaced fields are sent as well.

    Steps of the stateful phase bring the ids of earlier answers along and keep them.
    """
    is_linked = meta.phase.name.value == "stateful" and _operation_of(case) != "createAuthToken"
    digest = zlib.crc32(repr((case.body, case.path_parameters)).encode())
    is_changed = not is_linked and digest % 4 != 0
    if isinstance(case.body, dict):
        case.body = _sensible_body(case, is_changed)
    if is_changed and case.path_parameters:
        case.path_parameters = _existing(case)


def _sensible_body(case: Generated, is_changed: bool) -> Json:
    body: Json = json.loads(json.dumps(case.body))
    for parameters in _parameters_of(body):
        if is_changed:
            _give_sense(known.ids_of(provider_of(case)), parameters)
        _make_unique(parameters)
    if "X-Model" in case.headers or (case.path.startswith("/model/") and "model" not in body):
        case.headers["X-Model"] = _model_of(body)
    return body


def _operation_of(case: Generated) -> str:
    return cast(str, case.operation.definition.raw["operationId"])


def provider_of(case: Generated) -> str:
    prefixes = {"/v1/": "kling", "/model/": "kirin", "/api/v1/skill/": "kirin", "/api/v1/": "gmi"}
    return next(provider for prefix, provider in prefixes.items() if case.path.startswith(prefix))


def _parameters_of(body: Json) -> Iterator[Json]:
    """The objects of a body that may hold a model's fields."""
    yield body
    for inner in (body.get("payload"), body.get("input")):
        if isinstance(inner, dict):
            yield inner
        elif isinstance(inner, list) and inner and isinstance(inner[0], dict) and "params" in inner[0]:
            yield inner[0]["params"]


def _existing(case: Generated) -> Json:
    operation, names = _operation_of(case), case.path_parameters
    if operation == "getModelSpec":
        return {"id": "kirin_lipsync"}
    if "model_id" in names:
        return {"model_id": "kling-lip-sync"}
    here = known.setting()
    if here.only_reads:
        return dict.fromkeys(names, here.task_id) if here.task_id else dict(names)
    return dict.fromkeys(names, known.fresh_task(operation))


def _give_sense(there: Known, parameters: Json) -> None:
    if parameters.get("session_id") and isinstance(parameters.get("face_choose"), list):
        entries = parameters["face_choose"][: known.FACES]
        parameters["session_id"] = there.session_id
        parameters["face_choose"] = [
            _sensible_entry(there, entry, number) for number, entry in enumerate(entries)
        ]
    if parameters.get("video_id"):
        parameters["video_id"] = there.video_id
        parameters["video_url"] = "" if there.video_id else known.VIDEO
    elif parameters.get("video_url"):
        parameters["video_url"] = known.SHORT_VIDEO if "mode" in parameters else known.VIDEO
    if parameters.get("voice_id"):
        parameters |= {name: known.SCRIPT[name] for name in ("voice_id", "voice_language")}
    for name, value in _REPLACED.items():
        if parameters.get(name):
            parameters[name] = value()


_REPLACED: Mapping[str, Callable[[], str]] = {
    "audio_file": known.inline_sound,
    "audio_url": lambda: known.SOUND,
    "email": lambda: known.setting().account,
    "password": lambda: known.setting().key,
    "authToken": lambda: known.login().login_token,
    "refreshToken": lambda: known.login().refresh_token,
}


def _sensible_entry(there: Known, entry: Json, number: int) -> Json:
    """Each clip a face of its own; from 0 to 3 s, which every sound here has."""
    start_ms = int(entry["sound_start_time"]) % 500
    sensible = {
        **entry,
        "face_id": str(number),
        "sound_start_time": start_ms,
        "sound_end_time": start_ms + 2000 + int(entry["sound_end_time"]) % 500,
        "sound_insert_time": int(entry["sound_insert_time"]) % 50_000,
    }
    if entry.get("audio_id") and there.speech_id:
        return {**sensible, "audio_id": there.speech_id}
    is_inline = not str(entry.get("sound_file", "http")).lower().startswith("http")
    return {**sensible, "audio_id": "", "sound_file": known.inline_sound() if is_inline else known.SOUND}


def _make_unique(parameters: Json) -> None:
    """An external id may be used once; ids near the limit of their length stay as they are."""
    external_id = parameters.get("external_task_id")
    if isinstance(external_id, str) and 0 < len(external_id) < 200:
        parameters["external_task_id"] = f"{external_id}#{next(_serial)}"


def _model_of(body: Json) -> str:
    """The model that the body names, or whose fields it has: OpenAPI cannot tie a header to a body."""
    written = body.get("model")
    if isinstance(written, str):
        return written
    fields = {name for parameters in _parameters_of(body) for name in parameters}
    if {"session_id", "face_choose"} <= fields:
        return "kirin_lipsync"
    return "kirin_tts" if {"text", "voice_id", "voice_language"} <= fields else "kirin_identify_face"
