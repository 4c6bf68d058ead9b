"""Every row of GMI Cloud's error table, by a plain request where one means it, and by its magic value."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import pytest

from contracts.gmi.errors import ERRORS
from contracts.model import Channel
from mock_server.providers.gmi.iam import ACCESS_S

if TYPE_CHECKING:
    from collections.abc import Callable

    import httpx2
    from starlette.testclient import TestClient

    from contracts.model import ErrorCode
    from mock_server.app import App
    from tests.conftest import MakeClient

    Plain = Callable[[TestClient], tuple[str, httpx2.Response]]
    AsDocumented = Callable[..., Any]

BASE = "/api/v1/ie/requestqueue/apikey"
IAM = "/api/v1/ie/requestqueue"
VIDEO_URL = "https://cdn.test/a.mp4"
SOUND = "https://cdn.test/a.mp3"
HTTP_ROWS = [row for row in ERRORS if row.channel is Channel.HTTP]


def submit(client: TestClient, model: str, payload: object) -> httpx2.Response:
    return client.post(f"{BASE}/requests", json={"model": model, "payload": payload})


def identify(client: TestClient, video_url: str) -> httpx2.Response:
    return submit(client, "kling-identify-face", {"video_url": video_url})


def lip_sync(client: TestClient, sound: str = SOUND, **fields: object) -> httpx2.Response:
    clip = {
        "face_id": "0",
        "sound_file": sound,
        "sound_start_time": 0,
        "sound_end_time": 3000,
        "sound_insert_time": 0,
    }
    return submit(client, "kling-lip-sync", {"session_id": "8", "face_choose": [clip], **fields})


def polled(client: TestClient, created: httpx2.Response) -> httpx2.Response:
    assert created.status_code == 200, created.text
    return client.get(f"{BASE}/requests/{created.json()['request_id']}")


def not_json(client: TestClient) -> tuple[str, httpx2.Response]:
    return "submitRequest", client.post(f"{BASE}/requests", content=b"model=x")


def expired_token(client: TestClient) -> tuple[str, httpx2.Response]:
    login = client.post("/api/v1/me/auth-tokens", json={"email": "a@b.test", "password": "p"}).json()
    session = {"type": "native", "authToken": login["authToken"], "otpCode": None}
    token = client.post("/api/v1/me/sessions", json=session).json()["accessToken"]
    simulator = cast("App", client.app).house.simulator
    later_ms = simulator.wall_ms() + ACCESS_S * 1000
    simulator.wall_ms = lambda: later_ms
    return "iamListModels", client.get(f"{IAM}/models", headers={"Authorization": f"Bearer {token}"})


def refused_login(client: TestClient) -> tuple[str, httpx2.Response]:
    session = {"type": "native", "authToken": "none-of-ours", "otpCode": None}
    return "createSession", client.post("/api/v1/me/sessions", json=session)


def foreign_organisation(client: TestClient) -> tuple[str, httpx2.Response]:
    return "listRequests", client.get(f"{BASE}/requests", headers={"X-Organization-ID": "org_other"})


def cancel_of_what_has_ended(client: TestClient) -> tuple[str, httpx2.Response]:
    request_id = identify(client, VIDEO_URL).json()["request_id"]
    return "cancelRequest", client.delete(f"{BASE}/requests/{request_id}")


PLAIN: dict[str, Plain] = {
    "invalid-value": lambda client: ("submitRequest", submit(client, "kling-lip-sync", {"prompt": "x"})),
    "invalid-request": not_json,
    "auth-missing": lambda client: (
        "listRequests",
        client.get(f"{BASE}/requests", headers={"Authorization": ""}),
    ),
    "auth-invalid": lambda client: (
        "listRequests",
        client.get(f"{BASE}/requests", headers={"Authorization": "Key x"}),
    ),
    "auth-expired": expired_token,
    "auth-failed": refused_login,
    "forbidden": foreign_organisation,
    "unknown-model": lambda client: ("submitRequest", submit(client, "sora-2-pro", {})),
    "not-found": lambda client: (
        "getRequest",
        client.get(f"{BASE}/requests/6f1d7c1e-90a4-4b5b-9a55-0d4f7be1c001"),
    ),
    "no-route": lambda client: ("listRequests", client.put(f"{BASE}/requests", json={})),
    "conflict": cancel_of_what_has_ended,
    "too-large": lambda client: ("submitRequest", lip_sync(client, "A" * (9 * 2**20))),
    "upstream-error": lambda client: (
        "submitRequest",
        identify(client, f"{VIDEO_URL}?lipflap.duration_ms=61000"),
    ),
    "task-failed": lambda client: ("getRequest", polled(client, lip_sync(client))),
}
SHOWN_BY = {"conflict": "cancelRequest"}
"""A row whose status the submit does not document; asked for by magic it comes all the same."""


def test_every_row_is_reached_by_a_plain_request_or_says_that_there_is_none() -> None:
    assert {row.name for row in ERRORS if not row.when.startswith("magic value only")} == set(PLAIN)


@pytest.mark.parametrize("row", [row for row in ERRORS if row.name in PLAIN], ids=lambda row: row.name)
def test_plain_request_produces_the_row(
    make_client: MakeClient, as_documented: AsDocumented, row: ErrorCode
) -> None:
    client = make_client(pace="instant", dialects={"gmi.organization": "own"})
    operation, answer = PLAIN[row.name](client)
    body = as_documented("gmi", operation, answer)
    assert answer.status_code == row.http_status
    if row.channel is Channel.TASK:
        assert body["outcome"] == {"error": f"{row.message}: session_id is unknown"}
    else:
        assert set(body) == ({"message"} if operation == "createSession" else {"error"})


@pytest.mark.parametrize("row", HTTP_ROWS, ids=lambda row: row.name)
def test_magic_value_produces_the_row_for_both_models(
    make_client: MakeClient, as_documented: AsDocumented, row: ErrorCode
) -> None:
    client = make_client()
    words = f"lipflap.fault=error:{row.name}"
    for answer in (
        identify(client, f"{VIDEO_URL}?{words}"),
        lip_sync(client, f"{SOUND}?{words}"),
        lip_sync(client, external_task_id=words),
        lip_sync(client, external_task_id=f"{words}#1"),
    ):
        assert answer.status_code == row.http_status
        assert as_documented("gmi", SHOWN_BY.get(row.name, "submitRequest"), answer) == {"error": row.message}


@pytest.mark.parametrize("status", sorted({row.http_status for row in HTTP_ROWS}))
def test_status_means_the_first_row_that_has_it(make_client: MakeClient, status: int) -> None:
    row = next(row for row in ERRORS if row.http_status == status)
    answer = lip_sync(make_client(), external_task_id=f"lipflap.fault=error:{status}")
    assert (answer.status_code, answer.json()) == (status, {"error": row.message})


@pytest.mark.parametrize("row", ERRORS, ids=lambda row: row.name)
def test_magic_value_fails_an_accepted_request_with_the_words_of_the_row(
    make_client: MakeClient, as_documented: AsDocumented, row: ErrorCode
) -> None:
    client = make_client(pace="instant", dialects={"gmi.identify": "async"})
    words = f"lipflap.fault=error:{row.name}" + ("" if row.channel is Channel.TASK else "@task")
    session_id = polled(client, identify(client, VIDEO_URL)).json()["outcome"]["data"]["session_id"]
    for created in (
        identify(client, f"{VIDEO_URL}?{words}"),
        lip_sync(client, f"{SOUND}?{words}", session_id=session_id),
    ):
        as_documented("gmi", "submitRequest", created)
        record = as_documented("gmi", "getRequest", polled(client, created))
        assert (record["status"], record["outcome"]) == ("failed", {"error": row.message})


def test_checks_come_in_the_order_that_a_known_probe_depends_on(make_client: MakeClient) -> None:
    client = make_client()
    stranger = {"Authorization": ""}
    assert client.post(f"{BASE}/requests", content=b"{", headers=stranger).status_code == 400
    assert client.post(f"{BASE}/requests", json={"model": "none"}, headers=stranger).status_code == 401
    assert submit(client, "none", {}).status_code == 404
    assert submit(client, "kling-lip-sync", {}).status_code == 400
    assert submit(client, "Kling-Lip-Sync", {}).status_code == 404


def test_reason_of_a_synchronous_refusal_is_hidden_from_the_client_only(make_client: MakeClient) -> None:
    client = make_client()
    answer = identify(client, f"{VIDEO_URL}?lipflap.duration_ms=61000")
    assert answer.json() == {"error": "Backend error (400). Please try again."}
