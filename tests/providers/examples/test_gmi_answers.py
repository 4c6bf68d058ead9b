"""Every documented answer and callback of GMI Cloud has the keys that the running server sends."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.testclient import TestClient

    from tests.conftest import MakeClient
    from tests.providers.conftest import Receiver

    Json = dict[str, Any]
    Produce = Callable[[TestClient, Receiver], Json]

BASE = "/api/v1/ie/requestqueue/apikey"
IAM = "/api/v1/ie/requestqueue"
ME = "/api/v1/me"
VIDEO_URL = "https://cdn.test/talk.mp4?lipflap.duration_ms=9500&lipflap.faces=2"
LOGIN = {"email": "dev@client.test", "password": "p"}


def submit(client: TestClient, model: str, payload: Json) -> Json:
    answer: Json = client.post(f"{BASE}/requests", json={"model": model, "payload": payload}).json()
    return answer


def identify(client: TestClient, *_: object) -> Json:
    return submit(client, "kling-identify-face", {"video_url": VIDEO_URL})


def lip_sync(client: TestClient, _: object = None, end: int = 3000, **fields: object) -> Json:
    clip = {
        "face_id": "0",
        "sound_file": "https://cdn.test/line.mp3",
        "sound_insert_time": 1000,
        "sound_start_time": 0,
        "sound_end_time": end,
        "sound_volume": 2,
        "original_audio_volume": 2,
    }
    session_id = identify(client)["outcome"]["data"]["session_id"]
    return submit(client, "kling-lip-sync", {"session_id": session_id, "face_choose": [clip], **fields})


def advance(client: TestClient, **how: object) -> None:
    assert (
        client.post("/__lipflap/clock/advance", params={"key": "key-of-the-tests"}, json=how).status_code
        == 200
    )


def polled(client: TestClient, record: Json) -> Json:
    answer: Json = client.get(f"{BASE}/requests/{record['request_id']}").json()
    return answer


def running(status: str) -> Produce:
    """A record on its way, at its first sight with this status."""

    def ask(client: TestClient, _: Receiver) -> Json:
        record = lip_sync(client)
        while (seen := polled(client, record))["outcome"] is None and seen["status"] != status:
            advance(client, seconds=0.1)
        return seen

    return ask


def success(client: TestClient, _: Receiver) -> Json:
    record = lip_sync(client)
    advance(client, until="idle")
    return polled(client, record)


def failed(client: TestClient, _: Receiver) -> Json:
    record = lip_sync(client, end=1999)
    advance(client, until="idle")
    return polled(client, record)


def cancelled(client: TestClient, _: Receiver) -> Json:
    answer: Json = client.delete(f"{BASE}/requests/{lip_sync(client)['request_id']}").json()
    return answer


def called_back(client: TestClient, receiver: Receiver) -> Json:
    lip_sync(client, callback_url=receiver.url)
    advance(client, until="idle")
    return receiver.bodies[-1]


def listed(client: TestClient, _: Receiver) -> Json:
    lip_sync(client)
    return got("/requests")(client, _)


def got(path: str) -> Produce:
    def ask(client: TestClient, _: Receiver) -> Json:
        answer: Json = client.get(BASE + path).json()
        return answer

    return ask


def logged_in(client: TestClient, *_: object) -> Json:
    answer: Json = client.post(f"{ME}/auth-tokens", json=LOGIN).json()
    return answer


def opened(client: TestClient, *_: object) -> Json:
    body = {"type": "native", "authToken": logged_in(client)["authToken"], "otpCode": None}
    answer: Json = client.post(f"{ME}/sessions", json=body).json()
    return answer


def renewed(client: TestClient, _: Receiver) -> Json:
    answer: Json = client.patch(
        f"{ME}/sessions", json={"refreshToken": opened(client)["refreshToken"]}
    ).json()
    return answer


def refused_login(client: TestClient, _: Receiver) -> Json:
    answer: Json = client.patch(f"{ME}/sessions", json={"refreshToken": "none-of-ours"}).json()
    return answer


def by_token(path: str) -> Produce:
    def ask(client: TestClient, _: Receiver) -> Json:
        headers = {"Authorization": f"Bearer {opened(client)['accessToken']}"}
        answer: Json = client.get(path, headers=headers).json()
        return answer

    return ask


def uploaded(client: TestClient, _: Receiver) -> Json:
    answer: Json = client.post(f"{BASE}/upload-url", json={"file_type": "wav"}).json()
    return answer


def without_credits(client: TestClient, _: Receiver) -> Json:
    return submit(client, "kling-identify-face", {"video_url": f"{VIDEO_URL}&lipflap.fault=error:402"})


def too_long(client: TestClient, _: Receiver) -> Json:
    return submit(
        client, "kling-identify-face", {"video_url": "https://cdn.test/a.mp4?lipflap.duration_ms=61000"}
    )


def incomplete(client: TestClient, _: Receiver) -> Json:
    return submit(client, "kling-lip-sync", {"session_id": "8"})


PRODUCERS: dict[str, tuple[Produce, dict[str, str]]] = {
    "auth-token-response": (logged_in, {}),
    "callback-succeed": (called_back, {"gmi.callbacks": "kling"}),
    "cancel-response": (cancelled, {}),
    "error-400": (incomplete, {}),
    "error-402": (without_credits, {}),
    "error-500-upstream": (too_long, {}),
    "error-login": (refused_login, {}),
    "identify-polled": (lambda client, _: polled(client, identify(client)), {}),
    "identify-response": (identify, {}),
    "lip-sync-failed-with-error": (failed, {"gmi.failed_error": "both"}),
    "lip-sync-failed": (failed, {}),
    "lip-sync-processing": (running("processing"), {}),
    "lip-sync-queued": (lip_sync, {}),
    "lip-sync-success-media-urls-only": (success, {"gmi.outcome": "media_urls", "gmi.payload_echo": "empty"}),
    "lip-sync-success-older-shape": (success, {"gmi.outcome": "video_url"}),
    "lip-sync-success": (success, {}),
    "list-response": (listed, {}),
    "model-response": (got("/models/kling-lip-sync"), {}),
    "models-cards-response": (by_token(f"{IAM}/models"), {}),
    "models-response": (got("/models"), {}),
    "profile-response": (by_token(f"{ME}/profile"), {}),
    "record-of-the-sdk": (running("dispatched"), {"gmi.record": "sdk"}),
    "refresh-response": (renewed, {}),
    "session-response": (opened, {}),
    "upload-response": (uploaded, {}),
}
"""By example, how to get the like from the server, and the dialects that it takes."""
BEYOND = {
    "lip-sync-success-media-urls-only": {"outcome.thumbnail_image_url"},
    "lip-sync-success-older-shape": {"outcome.thumbnail_image_url"},
}
"""What the server sends and an example does not have."""


def test_every_documented_answer_is_produced(examples_of: Callable[..., dict[str, Json]]) -> None:
    assert set(examples_of("gmi", "response", "callback")) == set(PRODUCERS)


@pytest.mark.parametrize("name", PRODUCERS)
def test_documented_answer_has_the_keys_of_the_server(
    make_client: MakeClient,
    receiver: Receiver,
    examples_of: Callable[..., dict[str, Json]],
    differences: Callable[[object, object], tuple[set[str], set[str]]],
    name: str,
) -> None:
    produce, dialects = PRODUCERS[name]
    sent = produce(make_client(dialects=dialects), receiver)
    example = examples_of("gmi", "response", "callback")[name]["body"]
    assert differences(example, sent) == (set(), BEYOND.get(name, set()))
    assert sent.get("status") == example.get("status")
