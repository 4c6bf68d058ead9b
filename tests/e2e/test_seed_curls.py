"""The documents' own commands, run by a shell and curl: only the host is another, and curl trusts its authority."""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Callable, Mapping
from typing import Any, Protocol

import pytest

pytestmark = pytest.mark.e2e

GMI_HOST = "https://console.gmicloud.ai"
KIRIN_HOST = "https://cloud.vtrix.ai"
MOST_POLLS = 5

# docs.gmicloud.ai, model-quickstarts/video/kling-lip-sync § API Usage: the payload is the page's template
GMI_SUBMIT = """
curl -X POST "https://console.gmicloud.ai/api/v1/ie/requestqueue/apikey/requests" \\
  -H "Authorization: Bearer $GMI_API_KEY" \\
  -H "Content-Type: application/json" \\
  -d '{
    "model": "kling-lip-sync",
    "payload": {
      "prompt": "your prompt here"
    }
  }'
"""
TEMPLATE_PAYLOAD = re.compile(r"(?<=\"payload\": )\{.*?\}", re.DOTALL)
GMI_POLL = """
curl "https://console.gmicloud.ai/api/v1/ie/requestqueue/apikey/requests/<request_id>" \\
  -H "Authorization: Bearer $GMI_API_KEY"
"""
# doc.vtrix.ai, kirin-lipsync § Parameters: the fields stand flat beside the model
KIRIN_SUBMIT = """
curl -X POST "https://cloud.vtrix.ai/model/v1/generation" \\
  -H "Authorization: Bearer $VTRIX_API_KEY" \\
  -H "Content-Type: application/json" \\
  -d '<body>'
"""
KIRIN_POLL = """
curl "https://cloud.vtrix.ai/model/v1/generation/task/<id>" \\
  -H "Authorization: Bearer $VTRIX_API_KEY"
"""

Json = dict[str, Any]
Shell = Callable[..., tuple[int, bytes]]


class Served(Protocol):
    url: str
    ca_file: str


@pytest.fixture
def url(tls_server: Served) -> str:
    return tls_server.url


@pytest.fixture
def shell(tls_server: Served, key: str) -> Shell:
    """Runs a command with the documents' host replaced: the HTTP status and the body of the answer."""
    ours = {"GMI_API_KEY": key, "VTRIX_API_KEY": key, "CURL_CA_BUNDLE": tls_server.ca_file}

    def run(command: str) -> tuple[int, bytes]:
        local = command.replace(GMI_HOST, tls_server.url).replace(KIRIN_HOST, tls_server.url).rstrip()
        told = f"{local} --silent --show-error --write-out '\\n%{{http_code}}'"
        done = subprocess.run(
            ["sh", "-c", told], env={**os.environ, **ours}, check=False, capture_output=True, timeout=30
        )
        assert done.returncode == 0, done.stderr.decode()
        body, _, status = done.stdout.rpartition(b"\n")
        return int(status), body

    return run


def test_the_template_payload_alone_is_refused_by_the_names_of_the_fields_that_it_lacks(shell: Shell) -> None:
    status, body = shell(GMI_SUBMIT)
    assert status == 400
    error = json.loads(body)["error"]
    assert "session_id is required" in error
    assert "face_choose is required" in error


def test_the_same_command_with_real_fields_runs_to_a_video(
    shell: Shell, url: str, play: Callable[[bytes], object]
) -> None:
    faces = answered(shell(gmi_submit("kling-identify-face", {"video_url": sample(url, "talk.mp4")})))
    session = faces["outcome"]["data"]
    queued = answered(shell(gmi_submit("kling-lip-sync", lip_sync_fields(url, session))))
    assert queued["status"] == "queued"
    done = polled(shell, GMI_POLL.replace("<request_id>", str(queued["request_id"])), "success")
    status, video = shell(f"curl {done['outcome']['media_urls'][0]['url']}")
    assert status == 200
    assert play(video) == (8.0, {"audio", "video"}, (1280, 720))


def test_kirins_flat_fields_run_to_a_video(shell: Shell, url: str, play: Callable[[bytes], object]) -> None:
    identify = {"model": "kirin_identify_face", "video_url": sample(url, "talk.mp4")}
    found = kirin_result(shell, identify)
    session = json.loads(str(found["text"]))["data"]
    made = kirin_result(shell, {"model": "kirin_lipsync", **lip_sync_fields(url, session)})
    assert made["type"] == "video"
    status, video = shell(f"curl {made['url']}")
    assert status == 200
    assert play(video) == (made["duration"], {"audio", "video"}, (1280, 720))


def test_kirin_refuses_the_model_alone_by_the_names_of_the_fields_that_it_lacks(shell: Shell) -> None:
    status, body = shell(kirin_submit({"model": "kirin_lipsync"}))
    assert status == 400
    message = json.loads(body)["message"]
    assert "session_id is required" in message
    assert "face_choose is required" in message


@pytest.mark.parametrize("command", [GMI_POLL, KIRIN_POLL])
def test_a_command_without_its_key_is_unauthorized(shell: Shell, command: str) -> None:
    status, body = shell(command.replace("Bearer $GMI_API_KEY", "").replace("Bearer $VTRIX_API_KEY", ""))
    assert status == 401
    assert json.loads(body)["error"]


def gmi_submit(model: str, payload: Mapping[str, object]) -> str:
    """The documented command with its template filled in."""
    return TEMPLATE_PAYLOAD.sub(json.dumps(payload), GMI_SUBMIT).replace("kling-lip-sync", model)


def kirin_submit(body: Mapping[str, object]) -> str:
    return KIRIN_SUBMIT.replace("<body>", json.dumps(body))


def kirin_result(shell: Shell, body: Mapping[str, object]) -> Json:
    """The one piece of content that a Kirin task ends with."""
    created = answered(shell(kirin_submit(body)))
    assert created["status"] == "in_progress"
    done = polled(shell, KIRIN_POLL.replace("<id>", str(created["id"])), "completed")
    content: Json = done["output"][0]["content"][0]
    return content


def polled(shell: Shell, command: str, end: str) -> Json:
    """The record once it has come to its end."""
    for _ in range(MOST_POLLS):
        record = answered(shell(command))
        if record["status"] == end:
            return record
    raise AssertionError(f"not {end} after {MOST_POLLS} polls: {record}")


def answered(answer: tuple[int, bytes]) -> Json:
    status, body = answer
    assert status == 200, body
    record: Json = json.loads(body)
    return record


def lip_sync_fields(url: str, session: Mapping[str, Any]) -> Json:
    """The documented example of ``face_choose``, with a face of the session and a clip that there is."""
    entry = {
        "face_id": session["face_data"][0]["face_id"],
        "sound_file": sample(url, "speech.mp3"),
        "sound_insert_time": 1000,
        "sound_start_time": 0,
        "sound_end_time": 3000,
        "sound_volume": 2,
        "original_audio_volume": 2,
    }
    return {"session_id": session["session_id"], "face_choose": [entry]}


def sample(url: str, name: str) -> str:
    return f"{url}/__lipflap/media/{name}"
