"""Every operation that takes a body, with a body that is fine, and the form of each provider's errors."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest
from starlette.testclient import TestClient

from contracts.contract import PROVIDERS, load_contract
from mock_server.app import App
from mock_server.settings import Settings

if TYPE_CHECKING:
    import httpx2

Json = dict[str, Any]

KEY = "key-of-the-edge"
VIDEO_URL = "https://cdn.test/a.mp4"
CLIP: Json = {
    "face_id": "0",
    "sound_file": "https://cdn.test/a.mp3",
    "sound_start_time": 0,
    "sound_end_time": 3000,
    "sound_insert_time": 0,
    "sound_volume": 1,
}
SPEECH: Json = {"text": "Hello.", "voice_id": "oversea_male1", "voice_language": "en", "voice_speed": 1}
LEGACY: Json = {
    "mode": "audio2video",
    "video_url": f"{VIDEO_URL}?lipflap.duration_ms=5000",
    "audio_type": "url",
}


@dataclass(frozen=True)
class Target:
    """One operation: where to send, and a body that is accepted there."""

    client: TestClient
    provider: str
    method: str
    path: str
    body: Json
    headers: Mapping[str, str] = field(default_factory=dict)

    def send(self, raw: bytes, **headers: str) -> httpx2.Response:
        declared = {"Content-Type": "application/json", **self.headers, **headers}
        return self.client.request(self.method, self.path, content=raw, headers=declared)

    def send_json(self, body: object) -> httpx2.Response:
        return self.send(json.dumps(body).encode())

    def with_extra(self, member: bytes) -> bytes:
        """The body with one more member of its object, as it stands."""
        return json.dumps(self.body).encode()[:-1] + b", " + member + b"}"

    def changed(self, path: tuple[str | int, ...], value: object) -> Json:
        """A copy of the body in which the value at ``path`` is another."""
        copy: Json = json.loads(json.dumps(self.body))
        place: Any = copy
        for step in path[:-1]:
            place = place[step]
        place[path[-1]] = value
        return copy

    def refused(self, answer: httpx2.Response) -> Json:
        """The error body, once it has the provider's form and nothing of ours shows through."""
        assert 400 <= answer.status_code < 500, answer.text
        assert answer.headers["content-type"] == "application/json"
        assert "Traceback" not in answer.text
        body: Json = answer.json()
        match self.provider:
            case "kling":
                assert set(body) == {"code", "message", "request_id"}
                assert body["code"] // 100 in {10, 12}
            case "gmi":
                assert set(body) == {"message" if self.path.startswith("/api/v1/me/") else "error"}
            case "kirin":
                assert set(body) == {"error", "message", "request_id"}
                assert set(body["error"]) == {"code", "error_message", "message"}
        return body

    def unreadable(self, answer: httpx2.Response) -> Json:
        """The error body of a request that cannot be read, whatever it would have said."""
        body = self.refused(answer)
        assert answer.status_code == 400
        if self.provider == "kling":
            assert body["code"] == 1200
        if self.provider == "kirin":
            assert body["error"]["code"] == "INVALID_REQUEST"
        return body


Make = Callable[["TestClient"], Target]


def _kling(path: str, body: Json) -> Make:
    return lambda client: Target(client, "kling", "POST", path, body)


def _kling_lip_sync(client: TestClient) -> Target:
    opened = client.post("/v1/videos/identify-face", json={"video_url": VIDEO_URL}).json()["data"]
    body = {"session_id": opened["session_id"], "face_choose": [CLIP]}
    return Target(client, "kling", "POST", "/v1/videos/advanced-lip-sync", body)


def _gmi_submit(client: TestClient) -> Target:
    body = {"model": "kling-lip-sync", "payload": {"session_id": "8", "face_choose": [CLIP]}}
    return Target(client, "gmi", "POST", "/api/v1/ie/requestqueue/apikey/requests", body)


def _iam_submit(client: TestClient) -> Target:
    token = _iam_session(client)["accessToken"]
    target = replace(_gmi_submit(client), path="/api/v1/ie/requestqueue/requests")
    return replace(target, headers={"Authorization": f"Bearer {token}"})


def _upload_url(client: TestClient) -> Target:
    path = "/api/v1/ie/requestqueue/apikey/upload-url"
    return Target(client, "gmi", "POST", path, {"file_type": "mp3"})


def _log_in(client: TestClient) -> Target:
    return Target(client, "gmi", "POST", "/api/v1/me/auth-tokens", {"email": "a@b.test", "password": "p"})


def _open_session(client: TestClient) -> Target:
    login = _log_in(client)
    body = {"type": "native", "authToken": login.send_json(login.body).json()["authToken"], "otpCode": None}
    return Target(client, "gmi", "POST", "/api/v1/me/sessions", body)


def _refresh(client: TestClient) -> Target:
    body = {"refreshToken": _iam_session(client)["refreshToken"]}
    return Target(client, "gmi", "PATCH", "/api/v1/me/sessions", body)


def _iam_session(client: TestClient) -> Json:
    opening = _open_session(client)
    tokens: Json = opening.send_json(opening.body).json()
    return tokens


def _kirin(path: str, body: Json) -> Make:
    return lambda client: Target(client, "kirin", "POST", f"/model/v1/generation{path}", body)


KIRIN_LIP_SYNC: Json = {"model": "kirin_lipsync", "session_id": "8", "face_choose": [CLIP]}

TARGETS: Mapping[str, Make] = {
    "identifyFace": _kling("/v1/videos/identify-face", {"video_url": VIDEO_URL}),
    "createLipSync": _kling_lip_sync,
    "createSpeech": _kling("/v1/audio/tts", SPEECH),
    "createLegacyLipSync": _kling(
        "/v1/videos/lip-sync", {"input": {**LEGACY, "audio_url": "https://cdn.test/a.mp3"}}
    ),
    "submitRequest": _gmi_submit,
    "iamSubmitRequest": _iam_submit,
    "createUploadUrl": _upload_url,
    "createAuthToken": _log_in,
    "createSession": _open_session,
    "refreshSession": _refresh,
    "createGeneration": _kirin("", KIRIN_LIP_SYNC),
    "prechargeGeneration": _kirin("/precharge", KIRIN_LIP_SYNC),
}


@pytest.fixture(scope="session")
def shared_client() -> Iterator[TestClient]:
    """One server for all tests that leave nothing behind that another could see."""
    settings = Settings(clock="manual", slots=1_000_000)
    headers = {"Authorization": f"Bearer {KEY}"}
    with TestClient(App(settings), base_url="http://lipflap.test", headers=headers) as client:
        yield client


@pytest.fixture(scope="session", params=TARGETS)
def target(request: pytest.FixtureRequest, shared_client: TestClient) -> Target:
    """Each operation that takes a body in turn."""
    return TARGETS[request.param](shared_client)


@pytest.fixture(scope="session")
def target_of(shared_client: TestClient) -> Callable[[str], Target]:
    """``target_of("createSpeech")``, for tests that are about one operation."""
    return cache(lambda name: TARGETS[name](shared_client))


@pytest.fixture(scope="session")
def operations_without_target() -> set[str]:
    """Operations that take a body and are not among the targets: there should be none."""
    contracts = map(load_contract, PROVIDERS)
    bodies = {
        name for contract in contracts for name, item in contract.operations.items() if item.request_schema
    }
    return bodies ^ set(TARGETS)


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"
