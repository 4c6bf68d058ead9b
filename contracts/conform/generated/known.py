"""What only the server can give: tokens, sessions, clips, tasks. Asked for by plain requests, once a run.

Where the server is, in whose name it is asked and what it is stands in the environment: see ``Setting``.
"""

from __future__ import annotations

import base64
import itertools
import json
import os
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, cast

import httpx
import msgspec
from msgspec import Struct

FACES = 8
VIDEO = f"https://cdn.example/conform.mp4?lipflap.duration_ms=60000&lipflap.faces={FACES}"
SHORT_VIDEO = "https://cdn.example/short.mp4?lipflap.duration_ms=8000&lipflap.width=1280&lipflap.height=720"
SOUND = "https://cdn.example/conform.mp3?lipflap.duration_ms=60000"
SCRIPT = {
    "text": "The harbour wakes before the town does.",
    "voice_id": "oversea_male1",
    "voice_language": "en",
}
QUEUE = "/api/v1/ie/requestqueue/apikey/requests"
TIMEOUT_S = 10.0
SUBMITS_AT_ONCE = 4
"""Fewer than the slots of any account that a provider documents; each settling costs as much as many requests."""
Json = dict[str, Any]
"""A body of which the hooks know the layout; Schemathesis has no narrower type for it."""


class Setting(Struct, frozen=True):
    """``account`` is what GMI's log-in takes beside the key.

    ``only_reads`` says that nothing may be sent that could cost; ``task_id`` is then a task that may be read.
    ``admin_token`` and ``moves_clock`` are a simulator's; ``takes_any_key`` that one cannot refuse a wrong key.
    """

    url: str
    key: str
    account: str = ""
    admin_token: str = ""
    task_id: str = ""
    moves_clock: bool = False
    takes_any_key: bool = False
    only_reads: bool = False

    def environment(self) -> dict[str, str]:
        """The variables of a process that loads the hooks."""
        return {VARIABLE: msgspec.json.encode(self).decode()}


VARIABLE = "LIPFLAP_CONFORM_SETTING"


class Login(Struct, frozen=True):
    """What GMI's log-in gives."""

    login_token: str
    access_token: str
    refresh_token: str


class Known(Struct, frozen=True):
    """Ids of one provider; empty where it gives none of the kind."""

    session_id: str
    speech_id: str = ""
    video_id: str = ""


@cache
def setting() -> Setting:
    """What stands in the environment. Raises KeyError where nothing does."""
    return msgspec.json.decode(os.environ[VARIABLE], type=Setting)


def settle() -> None:
    """Let every task end, where the clock is a simulator's: those that run hold slots."""
    here = setting()
    if not here.moves_clock:
        return
    token = {"Authorization": f"Bearer {here.admin_token}"} if here.admin_token else {}
    httpx.post(
        f"{here.url}/__lipflap/clock/advance",
        params={"key": here.key},
        json={"until": "idle"},
        headers=token,
        timeout=TIMEOUT_S,
    ).raise_for_status()


def make_room() -> None:
    """Called before every submit: now and then the tasks that run have to end."""
    if next(_submits) % SUBMITS_AT_ONCE == 0:
        settle()


_submits = itertools.count(1)


@cache
def login() -> Login:
    body = {"email": setting().account, "password": setting().key}
    token = sent("POST", "/api/v1/me/auth-tokens", body)["authToken"]
    tokens = sent("POST", "/api/v1/me/sessions", {"type": "native", "authToken": token, "otpCode": None})
    return Login(token, tokens["accessToken"], tokens["refreshToken"])


@cache
def ids_of(provider: str) -> Known:
    return _OF_PROVIDER[provider]()


@cache
def inline_sound() -> str:
    """The packaged sample of speech as Base64."""
    answer = httpx.get(f"{setting().url}/__lipflap/media/speech.mp3", timeout=TIMEOUT_S)
    return base64.b64encode(answer.raise_for_status().content).decode()


def fresh_task(operation: str) -> str:
    """The id of a new task that has not ended, for an operation that reads or cancels one."""
    if operation == "getLegacyLipSync":
        spoken = {"mode": "text2video", "video_url": SHORT_VIDEO, **SCRIPT}
        return str(sent("POST", "/v1/videos/lip-sync", {"input": spoken})["data"]["task_id"])
    if operation == "getLipSync":
        task = sent("POST", "/v1/videos/advanced-lip-sync", _job(ids_of("kling").session_id))
        return str(task["data"]["task_id"])
    if operation == "getGeneration":
        return str(sent("POST", "/model/v1/generation", {"model": "kirin_tts", **SCRIPT})["id"])
    payload = _job(ids_of("gmi").session_id)
    return str(sent("POST", QUEUE, {"model": "kling-lip-sync", "payload": payload})["request_id"])


def sent(method: str, path: str, body: object = None) -> Json:
    """The answer to a request that must succeed. Raises httpx.HTTPError where it does not."""
    headers = {"Authorization": f"Bearer {setting().key}"}
    answer = httpx.request(method, setting().url + path, json=body, headers=headers, timeout=TIMEOUT_S)
    if answer.status_code == httpx.codes.TOO_MANY_REQUESTS and setting().moves_clock:
        settle()
        answer = httpx.request(method, setting().url + path, json=body, headers=headers, timeout=TIMEOUT_S)
    return cast(Json, answer.raise_for_status().json())


def _kling() -> Known:
    session_id, short_id = (
        sent("POST", "/v1/videos/identify-face", {"video_url": url})["data"]["session_id"]
        for url in (VIDEO, SHORT_VIDEO)
    )
    speech = sent("POST", "/v1/audio/tts", SCRIPT)["data"]["task_result"]["audios"][0]
    task = sent("POST", "/v1/videos/advanced-lip-sync", _job(short_id))["data"]
    settle()
    done = sent("GET", f"/v1/videos/advanced-lip-sync/{task['task_id']}")["data"]
    return Known(session_id, speech["id"], done["task_result"]["videos"][0]["id"])


def _kirin() -> Known:
    found = []
    for body in ({"model": "kirin_identify_face", "video_url": VIDEO}, {"model": "kirin_tts", **SCRIPT}):
        task = sent("POST", "/model/v1/generation", body)
        settle()
        done = sent("GET", f"/model/v1/generation/task/{task['id']}")
        found.append(json.loads(done["output"][0]["content"][0]["text"])["data"])
    identified, spoken = found
    return Known(identified["session_id"], spoken["task_result"]["audios"][0]["id"])


def _gmi() -> Known:
    record = sent("POST", QUEUE, {"model": "kling-identify-face", "payload": {"video_url": VIDEO}})
    return Known(record["outcome"]["data"]["session_id"])


def _job(session_id: str) -> Json:
    entry = {"face_id": "0", "sound_file": SOUND}
    times = {"sound_start_time": 0, "sound_end_time": 3000, "sound_insert_time": 0}
    return {"session_id": session_id, "face_choose": [entry | times]}


_OF_PROVIDER: Mapping[str, Callable[[], Known]] = {"kling": _kling, "kirin": _kirin, "gmi": _gmi}
