"""Every row of Kling's error table, by a plain request where one means it, and by its magic value."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import jwt
import pytest

from contracts.kling.errors import ERRORS
from contracts.model import Channel
from mock_server.core.account import DEMO_ACCESS_KEY, DEMO_SECRET_KEY
from mock_server.core.clock import MANUAL_EPOCH_MS

if TYPE_CHECKING:
    from collections.abc import Callable

    import httpx2
    from starlette.testclient import TestClient

    from contracts.model import ErrorCode
    from tests.conftest import MakeClient

    Plain = Callable[[MakeClient], tuple[str, httpx2.Response]]
    AsDocumented = Callable[..., Any]

IDENTIFY, LIP_SYNC = "/v1/videos/identify-face", "/v1/videos/advanced-lip-sync"
VIDEO = {"video_url": "https://cdn.test/a.mp4"}
SOUND = "https://cdn.test/a.mp3"
NOW_S = MANUAL_EPOCH_MS // 1000
HTTP_ROWS = [row for row in ERRORS if row.channel is Channel.HTTP]


def lip_sync(client: TestClient, sound: str = SOUND, **fields: object) -> httpx2.Response:
    session_id = client.post(IDENTIFY, json=VIDEO).json()["data"]["session_id"]
    clip = {
        "face_id": "0",
        "sound_file": sound,
        "sound_start_time": 0,
        "sound_end_time": 3000,
        "sound_insert_time": 0,
    }
    return client.post(LIP_SYNC, json={"session_id": session_id, "face_choose": [clip], **fields})


def with_header(value: str) -> Plain:
    return lambda make: ("listLipSync", make().get(LIP_SYNC, headers={"Authorization": value}))


def with_token(**times: int) -> Plain:
    def ask(make: MakeClient) -> tuple[str, httpx2.Response]:
        token = jwt.encode({"iss": DEMO_ACCESS_KEY, **times}, DEMO_SECRET_KEY, algorithm="HS256")
        client = make(dialects={"kling.jwt_clock": "virtual"})
        return "listLipSync", client.get(LIP_SYNC, headers={"Authorization": f"Bearer {token}"})

    return ask


def not_json(make: MakeClient) -> tuple[str, httpx2.Response]:
    return "identifyFace", make().post(IDENTIFY, content=b"{", headers={"Content-Type": "application/json"})


def illegal_value(make: MakeClient) -> tuple[str, httpx2.Response]:
    return "identifyFace", make().post(IDENTIFY, json={})


def wrong_verb(make: MakeClient) -> tuple[str, httpx2.Response]:
    return "identifyFace", make().put(IDENTIFY, json=VIDEO)


def unknown_task(make: MakeClient) -> tuple[str, httpx2.Response]:
    return "getLipSync", make().get(f"{LIP_SYNC}/812345678901234567")


def rejected_content(make: MakeClient) -> tuple[str, httpx2.Response]:
    return "createLipSync", lip_sync(make(), f"{SOUND}?lipflap.moderation=reject")


def one_task_too_many(make: MakeClient) -> tuple[str, httpx2.Response]:
    client = make(slots=1)
    assert lip_sync(client).status_code == 200
    return "createLipSync", lip_sync(client)


def body_over_the_cap(make: MakeClient) -> tuple[str, httpx2.Response]:
    return "createLipSync", make().post(LIP_SYNC, json={"session_id": "8" * (9 * 2**20)})


PLAIN: dict[str, Plain] = {
    "auth-missing": with_header(""),
    "auth-invalid": with_header("Basic abc"),
    "auth-not-yet-valid": with_token(exp=NOW_S + 1800, nbf=NOW_S + 5),
    "auth-expired": with_token(exp=NOW_S - 1),
    "invalid-request": not_json,
    "invalid-value": illegal_value,
    "no-route": wrong_verb,
    "not-found": unknown_task,
    "moderation": rejected_content,
    "slots-full": one_task_too_many,
    "too-large": body_over_the_cap,
}


def check(row: ErrorCode, body: dict[str, Any], status: int) -> None:
    assert (status, body["code"]) == (row.http_status, int(row.code))
    assert set(body) == {"code", "message", "request_id"}


def test_every_row_is_reached_by_a_plain_request_or_says_that_there_is_none() -> None:
    assert {row.name for row in ERRORS if not row.when.startswith("magic value only")} == set(PLAIN)


@pytest.mark.parametrize("row", [row for row in ERRORS if row.name in PLAIN], ids=lambda row: row.name)
def test_plain_request_produces_the_row(
    make_client: MakeClient, as_documented: AsDocumented, row: ErrorCode
) -> None:
    operation, answer = PLAIN[row.name](make_client)
    check(row, as_documented("kling", operation, answer), answer.status_code)


@pytest.mark.parametrize("row", HTTP_ROWS, ids=lambda row: row.name)
def test_magic_value_produces_the_row_wherever_it_can_stand(
    make_client: MakeClient, as_documented: AsDocumented, row: ErrorCode
) -> None:
    client = make_client()
    words = f"lipflap.fault=error:{row.name}"
    legacy = {"mode": "audio2video", **VIDEO, "audio_type": "url", "audio_url": f"{SOUND}?{words}"}
    spoken = {"text": words, "voice_id": "oversea_male1", "voice_language": "en"}
    for operation, answer in (
        ("identifyFace", client.post(IDENTIFY, json={"video_url": f"https://cdn.test/a.mp4?{words}"})),
        ("createLipSync", lip_sync(client, f"{SOUND}?{words}")),
        ("createLipSync", lip_sync(client, external_task_id=words)),
        ("createLipSync", lip_sync(client, external_task_id=f"{words}#any text")),
        ("createLegacyLipSync", client.post("/v1/videos/lip-sync", json={"input": legacy})),
        ("createSpeech", client.post("/v1/audio/tts", json=spoken)),
    ):
        body = as_documented("kling", operation, answer)
        check(row, body, answer.status_code)
        assert body["message"] == row.message


@pytest.mark.parametrize("row", HTTP_ROWS, ids=lambda row: row.name)
def test_code_means_the_first_row_that_has_it(make_client: MakeClient, row: ErrorCode) -> None:
    answer = lip_sync(make_client(), external_task_id=f"lipflap.fault=error:{row.code}")
    assert (answer.status_code, answer.json()["code"]) == (row.http_status, int(row.code))


@pytest.mark.parametrize("row", ERRORS, ids=lambda row: row.name)
def test_magic_value_fails_an_accepted_task_with_the_words_of_the_row(
    make_client: MakeClient, as_documented: AsDocumented, row: ErrorCode
) -> None:
    client = make_client(pace="instant")
    in_task = "" if row.channel is Channel.TASK else "@task"
    created = lip_sync(client, f"{SOUND}?lipflap.fault=error:{row.name}{in_task}")
    task_id = as_documented("kling", "createLipSync", created)["data"]["task_id"]
    task = as_documented("kling", "getLipSync", client.get(f"{LIP_SYNC}/{task_id}"))["data"]
    assert (task["task_status"], task["task_status_msg"]) == ("failed", row.message)
    assert (task["final_unit_deduction"], task["task_result"]) == ("0", {"videos": []})


@pytest.mark.parametrize("words", ["error:9999", "error:", "error:1301@moon", "1301", "error:@task"])
def test_magic_words_that_name_no_row_are_refused(make_client: MakeClient, words: str) -> None:
    answer = lip_sync(make_client(), external_task_id=f"lipflap.fault={words}")
    assert (answer.status_code, answer.json()["code"]) == (400, 1201)


def test_task_that_fails_gives_its_slot_back(make_client: MakeClient) -> None:
    client = make_client(pace="instant", slots=1)
    for number in range(3):
        assert lip_sync(client, external_task_id=f"lipflap.fault=error:5000@task#{number}").status_code == 200


def test_bad_request_never_takes_a_slot_and_is_found_before_one_is_missed(make_client: MakeClient) -> None:
    client = make_client(slots=1)
    assert lip_sync(client, f"{SOUND}?lipflap.duration_ms=1").json()["code"] == 1201
    assert lip_sync(client, external_task_id="take-1").status_code == 200
    assert lip_sync(client, external_task_id="take-1").json()["code"] == 1201
    assert lip_sync(client).json()["code"] == 1303
