"""Every operation of every contract, tried with the ids of another tenant: they do not exist."""

from __future__ import annotations

import re
from typing import Any

import pytest
from starlette.testclient import TestClient

from contracts.contract import PROVIDERS, load_contract
from contracts.model import Operation

OWNER, STRANGER = {"authorization": "Bearer owner"}, {"authorization": "Bearer stranger"}
SECTION = {"sound_start_time": 0, "sound_end_time": 3000, "sound_insert_time": 1000}
AUDIO = "https://cdn.test/a.mp3?lipflap.duration_ms=6000"
VIDEO = {"video_url": "https://cdn.test/a.mp4?lipflap.duration_ms=9000"}
QUEUE = "/api/v1/ie/requestqueue/apikey/requests"

ROUTES = [
    pytest.param(provider, operation, id=f"{provider}-{operation.id}")
    for provider in PROVIDERS
    for operation in load_contract(provider).operations.values()
    if "{" in operation.path and "model" not in operation.path.rpartition("/")[2]
]


@pytest.fixture
def owned(client: TestClient) -> dict[str, list[str]]:
    """Ids of one tenant at each provider: tasks, sessions, external ids."""
    ids: dict[str, list[str]] = {}
    session = client.post("/v1/videos/identify-face", headers=OWNER, json=VIDEO).json()["data"]
    face = {"face_id": session["face_data"][0]["face_id"], "sound_file": AUDIO, **SECTION}
    body = {"session_id": session["session_id"], "face_choose": [face], "external_task_id": "mine"}
    task = client.post("/v1/videos/advanced-lip-sync", headers=OWNER, json=body).json()["data"]
    ids["kling"] = [task["task_id"], "mine", session["session_id"]]
    queued = client.post(QUEUE, headers=OWNER, json={"model": "kling-identify-face", "payload": VIDEO}).json()
    ids["gmi"] = [queued["request_id"], queued["outcome"]["data"]["session_id"]]
    made = {"model": "kirin_identify_face", "input": [{"params": VIDEO}]}
    ids["kirin"] = [client.post("/model/v1/generation", headers=OWNER, json=made).json()["id"]]
    return ids


def without_own(text: str, asked: str) -> str:
    """An answer without the id that was asked for and the id of the request."""
    return re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "*", text.replace(asked, "*"))


@pytest.mark.parametrize(("provider", "operation"), ROUTES)
def test_another_tenants_ids_look_exactly_like_ids_that_never_were(
    client: TestClient, owned: dict[str, list[str]], provider: str, operation: Operation
) -> None:
    for others in owned.values():
        for known in others:
            answers = []
            for asked in (known, "9" * len(known)):
                path = re.sub(r"\{[^}]+\}", asked, operation.path)
                answer: Any = client.request(operation.method, path, headers=STRANGER)
                assert answer.status_code in {401, 403, 404}, (path, answer.text)
                answers.append((answer.status_code, without_own(answer.text, asked)))
            assert answers[0] == answers[1]
    assert all(
        client.request("GET", f"/__lipflap/tasks/{known}", params={"key": "stranger"}).status_code == 404
        for others in owned.values()
        for known in others
    )


def test_another_tenants_session_cannot_be_used(client: TestClient, owned: dict[str, list[str]]) -> None:
    face = {"face_id": "0", "sound_file": AUDIO, **SECTION}
    answers = []
    for session_id in (owned["kling"][2], "8" * 18):
        body = {"session_id": session_id, "face_choose": [face]}
        answers.append(
            client.post("/v1/videos/advanced-lip-sync", headers=STRANGER, json=body).json()["message"]
        )
    assert without_own(answers[0], owned["kling"][2]) == without_own(answers[1], "8" * 18)


def test_every_route_with_an_id_is_tried() -> None:
    assert len(ROUTES) >= 6
