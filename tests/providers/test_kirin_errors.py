"""Every row of Kirin's error tables, by a plain request where one means it, and by its magic value."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from contracts.kirin.errors import ERRORS
from contracts.model import Channel

if TYPE_CHECKING:
    from collections.abc import Callable

    import httpx2
    from starlette.testclient import TestClient

    from contracts.model import ErrorCode
    from tests.conftest import MakeClient

    Plain = Callable[[TestClient], tuple[str, httpx2.Response]]
    AsDocumented = Callable[..., Any]

GENERATION = "/model/v1/generation"
TASK = f"{GENERATION}/task"
VIDEO_URL = "https://cdn.test/a.mp4"
TASK_ROWS = [row for row in ERRORS if row.channel is Channel.TASK]
HTTP_ROWS = [row for row in ERRORS if row.channel is Channel.HTTP]


def identify(client: TestClient, video_url: str = VIDEO_URL, **more: object) -> httpx2.Response:
    return client.post(GENERATION, json={"model": "kirin_identify_face", "video_url": video_url, **more})


def lip_sync(client: TestClient, sound: str = "https://cdn.test/a.mp3", **fields: object) -> httpx2.Response:
    clip = {
        "face_id": "0",
        "sound_file": sound,
        "sound_start_time": 0,
        "sound_end_time": 3000,
        "sound_insert_time": 0,
    }
    body = {"model": "kirin_lipsync", "session_id": "8", "face_choose": [clip], **fields}
    return client.post(GENERATION, json=body)


def speak(client: TestClient, text: str) -> httpx2.Response:
    body = {"model": "kirin_tts", "text": text, "voice_id": "oversea_male1", "voice_language": "en"}
    return client.post(GENERATION, json=body)


def polled(client: TestClient, created: httpx2.Response) -> httpx2.Response:
    assert created.status_code == 200, created.text
    return client.get(f"{TASK}/{created.json()['id']}")


def not_json(client: TestClient) -> tuple[str, httpx2.Response]:
    return "createGeneration", client.post(GENERATION, content=b"model=kirin_tts")


def body_over_the_cap(client: TestClient) -> tuple[str, httpx2.Response]:
    return "createGeneration", lip_sync(client, "A" * (9 * 2**20))


PLAIN: dict[str, Plain] = {
    "upstream-http": lambda client: ("getGeneration", polled(client, lip_sync(client))),
    "moderation": lambda client: (
        "getGeneration",
        polled(client, identify(client, f"{VIDEO_URL}?lipflap.moderation=reject")),
    ),
    "invalid-request": not_json,
    "invalid-value": lambda client: (
        "createGeneration",
        client.post(GENERATION, json={"model": "kirin_tts"}),
    ),
    "auth-missing": lambda client: ("getGeneration", client.get(f"{TASK}/x", headers={"Authorization": ""})),
    "auth-invalid": lambda client: (
        "getGeneration",
        client.get(f"{TASK}/x", headers={"Authorization": "Basic x"}),
    ),
    "no-route": lambda client: ("createGeneration", client.patch(GENERATION, json={})),
    "not-found": lambda client: ("getGeneration", client.get(f"{TASK}/d90abctg77120c5k1q0z")),
    "unknown-model": lambda client: (
        "createGeneration",
        client.post(GENERATION, json={"model": "kirin_video"}),
    ),
    "too-large": body_over_the_cap,
}


def check(row: ErrorCode, answer: httpx2.Response, body: dict[str, Any]) -> None:
    assert answer.status_code == row.http_status
    if row.code.isdigit():
        status = body["status"]
        assert (status["code"], status["error_code"]) == (row.http_status, int(row.code))
    else:
        message = body["message"]
        assert body["error"] == {"code": row.code, "error_message": message, "message": message}


def test_every_row_is_reached_by_a_plain_request_or_says_that_there_is_none() -> None:
    assert {row.name for row in ERRORS if not row.when.startswith("magic value only")} == set(PLAIN)


@pytest.mark.parametrize("row", [row for row in ERRORS if row.name in PLAIN], ids=lambda row: row.name)
def test_plain_request_produces_the_row(
    make_client: MakeClient, as_documented: AsDocumented, row: ErrorCode
) -> None:
    operation, answer = PLAIN[row.name](make_client(pace="instant"))
    body = as_documented("kirin", operation, answer)
    if row.channel is Channel.TASK:
        assert (answer.status_code, body["error"]["code"]) == (200, row.code)
    else:
        check(row, answer, body)


@pytest.mark.parametrize("row", HTTP_ROWS, ids=lambda row: row.name)
def test_magic_value_produces_the_row_at_create_for_every_model(
    make_client: MakeClient, as_documented: AsDocumented, row: ErrorCode
) -> None:
    client = make_client()
    words = f"lipflap.fault=error:{row.name}"
    for answer in (
        identify(client, f"{VIDEO_URL}?{words}"),
        identify(client, external_task_id=words),
        lip_sync(client, f"https://cdn.test/a.mp3?{words}"),
        lip_sync(client, external_task_id=f"{words}#1"),
        speak(client, words),
    ):
        body = as_documented("kirin", "createGeneration", answer)
        check(row, answer, body)
        assert row.message in answer.text


@pytest.mark.parametrize("row", TASK_ROWS, ids=lambda row: row.name)
def test_magic_value_fails_the_task_of_every_model_with_the_code_of_the_row(
    make_client: MakeClient, as_documented: AsDocumented, row: ErrorCode
) -> None:
    client = make_client(pace="instant")
    words = f"lipflap.fault=error:{row.name}"
    for created in (
        identify(client, f"{VIDEO_URL}?{words}"),
        lip_sync(client, f"https://cdn.test/a.mp3?{words}"),
        lip_sync(client, external_task_id=words),
        speak(client, words),
    ):
        as_documented("kirin", "createGeneration", created)
        task = as_documented("kirin", "getGeneration", polled(client, created))
        assert (task["status"], task["error"]) == ("failed", {"code": row.code, "error_message": row.message})
        assert "usage" not in task
        assert "output" not in task


@pytest.mark.parametrize("code", sorted({row.code for row in ERRORS}))
def test_code_means_the_first_row_that_has_it(make_client: MakeClient, code: str) -> None:
    row = next(row for row in ERRORS if row.code == code)
    client = make_client(pace="instant")
    answer = lip_sync(client, external_task_id=f"lipflap.fault=error:{code}")
    assert answer.status_code == row.http_status
    if row.channel is Channel.TASK:
        assert polled(client, answer).json()["error"]["code"] == code


@pytest.mark.parametrize("row", HTTP_ROWS, ids=lambda row: row.name)
@pytest.mark.parametrize("form", ["string", "int"])
def test_http_row_asked_for_on_a_task_is_an_internal_generation_error(
    make_client: MakeClient, row: ErrorCode, form: str
) -> None:
    client = make_client(pace="instant", dialects={"kirin.error_code": form})
    task = polled(client, speak(client, f"lipflap.fault=error:{row.name}@task")).json()
    code = {"string": "014002095", "int": 14_002_095}[form]
    assert task["error"] == {"code": code, "error_message": row.message}


def test_gap_in_the_numbering_is_never_sent(make_client: MakeClient) -> None:
    answer = lip_sync(make_client(), external_task_id="lipflap.fault=error:014002098")
    assert answer.status_code == 400


def test_discovery_answers_its_errors_in_its_own_envelope(
    make_client: MakeClient, as_documented: AsDocumented
) -> None:
    client = make_client()
    unknown = client.get("/api/v1/skill/models/kirin_video/spec")
    assert as_documented("kirin", "getModelSpec", unknown) == {
        "status": {"code": 404, "message": "model not found"}
    }
    bad_page = client.get("/api/v1/skill/models?page=0")
    assert as_documented("kirin", "listModels", bad_page)["status"]["code"] == 400
    wrong_key = client.get("/api/v1/skill/models", headers={"Authorization": "Basic x"})
    assert as_documented("kirin", "listModels", wrong_key)["status"]["code"] == 401
    assert client.get("/api/v1/skill/models", headers={"Authorization": ""}).status_code == 200
