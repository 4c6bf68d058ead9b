"""Money over HTTP: charged, held, refunded, refused."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.testclient import TestClient

KEY = "key-of-the-tests"
SECTION = {"sound_start_time": 0, "sound_end_time": 3000, "sound_insert_time": 1000}
AUDIO = "https://cdn.test/a.mp3?lipflap.duration_ms=6000"


def identify(client: TestClient) -> dict[str, Any]:
    url = "https://cdn.test/a.mp4?lipflap.duration_ms=9000"
    found: dict[str, Any] = client.post("/v1/videos/identify-face", json={"video_url": url}).json()["data"]
    return found


def submit(client: TestClient, session: dict[str, Any], **more: object) -> Any:
    entry = {"face_id": session["face_data"][0]["face_id"], "sound_file": AUDIO, **SECTION}
    body = {"session_id": session["session_id"], "face_choose": [entry], **more}
    return client.post("/v1/videos/advanced-lip-sync", json=body)


def account(client: TestClient) -> dict[str, Any]:
    page = client.get("/__lipflap/ledger", params={"key": KEY, "provider": "kling"}).json()
    found: dict[str, Any] = page["accounts"][0]
    return found


def set_funds(client: TestClient, **funds: object) -> None:
    answer = client.put("/__lipflap/ledger", params={"key": KEY}, json={"provider": "kling", **funds})
    assert answer.status_code == 200, answer.text


def test_a_job_is_held_then_charged(client: TestClient) -> None:
    submit(client, identify(client))
    assert (account(client)["spent"], account(client)["held"]) == ("1.05", "1")
    client.post("/__lipflap/clock/advance", params={"key": KEY}, json={"until": "idle"})
    assert (account(client)["spent"], account(client)["held"]) == ("1.05", "0")


def test_a_failed_job_is_refunded(client: TestClient) -> None:
    submit(client, identify(client), external_task_id="lipflap.fault=error:task-failed@task")
    client.post("/__lipflap/clock/advance", params={"key": KEY}, json={"until": "idle"})
    assert (account(client)["spent"], account(client)["refunded"]) == ("0.05", "1")


def test_the_same_job_paid_twice_is_seen(client: TestClient) -> None:
    session = identify(client)
    ids = [submit(client, session).json()["data"]["task_id"] for _ in range(2)]
    assert [twice["task_ids"] for twice in account(client)["paid_twice"]] == [ids]


@pytest.mark.parametrize(
    ("funds", "code"),
    [
        ({"credits": "1"}, 1102),
        ({"credits": "100", "in_arrears": True}, 1101),
        ({"credits": "100", "expires_ms": 0}, 1102),
    ],
)
def test_an_account_that_cannot_pay_is_refused_and_nothing_is_stored(
    client: TestClient, funds: dict[str, object], code: int
) -> None:
    session = identify(client)
    set_funds(client, **funds)
    answer = submit(client, session)
    assert (answer.status_code, answer.json()["code"]) == (429, code)
    assert account(client)["renders"] == 0


def test_funds_last_exactly_as_long_as_they_last(client: TestClient) -> None:
    session = identify(client)
    set_funds(client, credits="2.05")
    assert [submit(client, session).status_code for _ in range(3)] == [200, 200, 429]
    assert account(client)["balance"] == "0"
    set_funds(client, credits=None)
    assert submit(client, session).status_code == 200
    assert account(client)["balance"] is None


@pytest.mark.parametrize(("provider", "status"), [("gmi", 402), ("kirin", 403)])
def test_the_other_providers_have_their_own_refusal(client: TestClient, provider: str, status: int) -> None:
    body = {"provider": provider, "credits": "0"}
    assert client.put("/__lipflap/ledger", params={"key": KEY}, json=body).status_code == 200
    video = {"video_url": "https://cdn.test/a.mp4"}
    if provider == "gmi":
        path, request = (
            "/api/v1/ie/requestqueue/apikey/requests",
            {"model": "kling-identify-face", "payload": video},
        )
    else:
        path, request = "/model/v1/generation", {"model": "kirin_identify_face", "input": [{"params": video}]}
    assert client.post(path, json=request).status_code == status


def test_funds_in_no_known_form_are_refused(client: TestClient) -> None:
    for body in (
        {"provider": "acme", "credits": "1"},
        {"provider": "kling", "credits": "-1"},
        {"credits": "1"},
    ):
        assert client.put("/__lipflap/ledger", params={"key": KEY}, json=body).status_code == 400


def test_what_was_paid_goes_with_the_tasks(client: TestClient) -> None:
    submit(client, identify(client))
    client.post("/__lipflap/reset", params={"key": KEY}, json={"what": ["tasks"]})
    assert (account(client)["spent"], account(client)["lines"]) == ("0", [])
