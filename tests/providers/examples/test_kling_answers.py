"""Every documented answer and callback of Kling has the keys that the running server sends, and no others."""

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

IDENTIFY, LIP_SYNC, LEGACY = "/v1/videos/identify-face", "/v1/videos/advanced-lip-sync", "/v1/videos/lip-sync"
VIDEO_URL = "https://cdn.test/talk.mp4?lipflap.duration_ms=9500&lipflap.faces=2"
SOUND = "https://cdn.test/line.mp3"


def identify(client: TestClient, *_: object) -> Json:
    found: Json = client.post(IDENTIFY, json={"video_url": VIDEO_URL}).json()
    return found


def create(client: TestClient, receiver: Receiver, sound: str = SOUND) -> Json:
    times = {"sound_start_time": 0, "sound_end_time": 3000, "sound_insert_time": 0}
    body = {
        "session_id": identify(client)["data"]["session_id"],
        "face_choose": [{"face_id": "0", "sound_file": sound, **times}],
        "watermark_info": {"enabled": True},
        "external_task_id": "scene-014",
        "callback_url": receiver.url,
    }
    created: Json = client.post(LIP_SYNC, json=body).json()
    return created


def settled(client: TestClient, receiver: Receiver, sound: str = SOUND) -> Json:
    task_id = create(client, receiver, sound)["data"]["task_id"]
    answer = client.post(
        "/__lipflap/clock/advance", params={"key": "key-of-the-tests"}, json={"until": "idle"}
    )
    assert answer.status_code == 200
    task: Json = client.get(f"{LIP_SYNC}/{task_id}").json()
    return task


def failed(client: TestClient, receiver: Receiver) -> Json:
    return settled(client, receiver, f"{SOUND}?lipflap.fault=error:task-failed")


def listed(client: TestClient, receiver: Receiver) -> Json:
    create(client, receiver)
    page: Json = client.get(LIP_SYNC).json()
    return page


def slots_full(client: TestClient, receiver: Receiver) -> Json:
    for _ in range(5):
        body = create(client, receiver, f"{SOUND}?lipflap.fault=error:1303")
    return body


def legacy(client: TestClient, _: Receiver) -> Json:
    given = {"mode": "audio2video", "video_url": VIDEO_URL, "audio_type": "url", "audio_url": SOUND}
    created: Json = client.post(LEGACY, json={"input": given}).json()
    return created


def spoken(client: TestClient, _: Receiver) -> Json:
    body = {"text": "The tide turns at noon.", "voice_id": "oversea_male1", "voice_language": "en"}
    speech: Json = client.post("/v1/audio/tts", json=body).json()
    return speech


def unknown_task(client: TestClient, _: Receiver) -> Json:
    error: Json = client.get(f"{LIP_SYNC}/812345678901234567").json()
    return error


def last_callback(client: TestClient, receiver: Receiver) -> Json:
    settled(client, receiver)
    return receiver.bodies[-1]


def last_callback_of_a_failure(client: TestClient, receiver: Receiver) -> Json:
    failed(client, receiver)
    return receiver.bodies[-1]


PRODUCERS: dict[str, tuple[Produce, dict[str, str]]] = {
    "identify-face-response": (identify, {}),
    "lip-sync-created": (create, {}),
    "task-succeed": (settled, {}),
    "task-failed": (failed, {}),
    "task-list": (listed, {}),
    "speech-response": (spoken, {}),
    "legacy-created": (legacy, {}),
    "error-slots-full": (slots_full, {}),
    "error-data-null": (unknown_task, {"kling.error_data": "null"}),
    "callback-succeed": (last_callback, {}),
    "callback-failed": (last_callback_of_a_failure, {}),
}
"""By example, how to get the like from the server, and the dialects that it takes."""


def test_every_documented_answer_is_produced(examples_of: Callable[..., dict[str, Json]]) -> None:
    assert set(examples_of("kling", "response", "callback")) == set(PRODUCERS)


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
    example = examples_of("kling", "response", "callback")[name]
    assert differences(example["body"], sent) == (set(), set())
    for key in ("task_status", "code"):
        assert sent.get(key) == example["body"].get(key)
