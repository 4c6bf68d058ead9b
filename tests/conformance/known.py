"""What only the server can give: tokens, sessions, clips, tasks. Asked for by plain requests, once a run.

The server's URL, its key, and the name of the account that the key belongs to stand in the environment.
"""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, cast

import requests

URL = os.environ["LIPFLAP_CONFORM_URL"]
KEY = os.environ["LIPFLAP_CONFORM_KEY"]
ACCOUNT = os.environ["LIPFLAP_CONFORM_ACCOUNT"]

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
Json = dict[str, Any]


@dataclass(frozen=True)
class Login:
    """What GMI's log-in gives."""

    login_token: str
    access_token: str
    refresh_token: str


@dataclass(frozen=True)
class Known:
    """Ids of one provider; empty where it gives none of the kind."""

    session_id: str
    speech_id: str = ""
    video_id: str = ""


@cache
def login() -> Login:
    token = sent("POST", "/api/v1/me/auth-tokens", {"email": ACCOUNT, "password": KEY})["authToken"]
    tokens = sent("POST", "/api/v1/me/sessions", {"type": "native", "authToken": token, "otpCode": None})
    return Login(token, tokens["accessToken"], tokens["refreshToken"])


@cache
def ids_of(provider: str) -> Known:
    return _OF_PROVIDER[provider]()


@cache
def inline_sound() -> str:
    """The packaged sample of speech as Base64."""
    return base64.b64encode(requests.get(f"{URL}/__lipflap/media/speech.mp3", timeout=10).content).decode()


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
    """The answer to a request that must succeed. Raises requests.HTTPError where it does not."""
    headers = {"Authorization": f"Bearer {KEY}"}
    answer = requests.request(method, URL + path, json=body, headers=headers, timeout=10)
    answer.raise_for_status()
    return cast(Json, answer.json())


def _kling() -> Known:
    session_id, short_id = (
        sent("POST", "/v1/videos/identify-face", {"video_url": url})["data"]["session_id"]
        for url in (VIDEO, SHORT_VIDEO)
    )
    speech = sent("POST", "/v1/audio/tts", SCRIPT)["data"]["task_result"]["audios"][0]
    task = sent("POST", "/v1/videos/advanced-lip-sync", _job(short_id))["data"]
    done = sent("GET", f"/v1/videos/advanced-lip-sync/{task['task_id']}")["data"]
    return Known(session_id, speech["id"], done["task_result"]["videos"][0]["id"])


def _kirin() -> Known:
    found = []
    for body in ({"model": "kirin_identify_face", "video_url": VIDEO}, {"model": "kirin_tts", **SCRIPT}):
        task = sent("POST", "/model/v1/generation", body)
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
