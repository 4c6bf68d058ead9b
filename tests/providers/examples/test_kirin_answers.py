"""Every documented answer and callback of Kirin has the keys that the running server sends."""

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

GENERATION = "/model/v1/generation"
VIDEO_URL = "https://cdn.test/talk.mp4?lipflap.duration_ms=12500&lipflap.faces=2"
SOUND = "https://cdn.test/line.mp3"


def generate(client: TestClient, model: str, **fields: object) -> Json:
    created: Json = client.post(GENERATION, json={"model": model, **fields}).json()
    return created


def ended(client: TestClient, created: Json) -> Json:
    answer = client.post(
        "/__lipflap/clock/advance", params={"key": "key-of-the-tests"}, json={"until": "idle"}
    )
    assert answer.status_code == 200
    task: Json = client.get(f"{GENERATION}/task/{created['id']}").json()
    return task


def identified(client: TestClient, *_: object) -> Json:
    return ended(client, generate(client, "kirin_identify_face", video_url=VIDEO_URL))


def choice(session_id: str) -> Json:
    times = {"sound_start_time": 0, "sound_end_time": 3000, "sound_insert_time": 0}
    return {"session_id": session_id, "face_choose": [{"face_id": "0", "sound_file": SOUND, **times}]}


def created(client: TestClient, receiver: Receiver, session_id: str = "") -> Json:
    real = session_id or identified(client)["output"][0]["content"][0]["jobId"]
    return generate(client, "kirin_lipsync", **choice(real), callback_url=receiver.url)


def in_progress(client: TestClient, receiver: Receiver) -> Json:
    task: Json = client.get(f"{GENERATION}/task/{created(client, receiver)['id']}").json()
    return task


def completed(client: TestClient, receiver: Receiver) -> Json:
    return ended(client, created(client, receiver))


def failed(client: TestClient, receiver: Receiver) -> Json:
    return ended(client, created(client, receiver, "none"))


def spoken(client: TestClient, _: Receiver) -> Json:
    voice = {"voice_id": "oversea_male1", "voice_language": "en"}
    return ended(client, generate(client, "kirin_tts", text="The tide turns at noon.", **voice))


def callback(produce: Produce) -> Produce:
    def last(client: TestClient, receiver: Receiver) -> Json:
        produce(client, receiver)
        return receiver.bodies[-1]

    return last


def forced(row: str) -> Produce:
    return lambda client, _: generate(client, "kirin_tts", **spoken_words(f"lipflap.fault=error:{row}"))


def spoken_words(text: str) -> Json:
    return {"text": text, "voice_id": "oversea_male1", "voice_language": "en"}


def got(path: str, **headers: str) -> Produce:
    def ask(client: TestClient, _: Receiver) -> Json:
        body: Json = client.get(path, headers=headers).json()
        return body

    return ask


def precharged(client: TestClient, _: Receiver) -> Json:
    session_id = identified(client)["output"][0]["content"][0]["jobId"]
    price: Json = client.post(
        f"{GENERATION}/precharge", json={"model": "kirin_lipsync", **choice(session_id)}
    ).json()
    return price


def not_precharged(client: TestClient, _: Receiver) -> Json:
    price: Json = client.post(
        f"{GENERATION}/precharge", json={"model": "kirin_lipsync", **choice("none")}
    ).json()
    return price


METADATA = {"metadata", "metadata.in_queue_at", "metadata.completed_at"}
MODEL_ROWS = {f"data.models[].{key}" for key in ("model_id", "provider", "has_spec")}
"""Keys that later versions of the clients know."""

PRODUCERS: dict[str, tuple[Produce, set[str]]] = {
    "answer-created": (created, METADATA),
    "answer-in-progress": (in_progress, set()),
    "answer-identify-face-completed": (identified, METADATA),
    "answer-lipsync-completed": (completed, METADATA),
    "answer-tts-completed": (spoken, METADATA),
    "answer-failed": (failed, METADATA),
    "answer-400": (lambda client, _: generate(client, "kirin_lipsync", session_id="8"), set()),
    "answer-401": (got(f"{GENERATION}/task/x", Authorization="Basic x"), set()),
    "answer-402": (forced("payment-required"), set()),
    "answer-403": (forced("insufficient-credits"), set()),
    "answer-404-task": (got(f"{GENERATION}/task/d90abctg77120c5k1q0z"), set()),
    "answer-429": (forced("rate-limited"), set()),
    "answer-discovery-404": (got("/api/v1/skill/models/kirin_video/spec"), set()),
    "answer-models": (got("/api/v1/skill/models?page=3&page_size=1"), MODEL_ROWS),
    "answer-precharge": (precharged, set()),
    "answer-precharge-missed": (not_precharged, set()),
    "answer-spec": (got("/api/v1/skill/models/kirin_identify_face/spec"), set()),
    "callback-completed": (callback(completed), METADATA),
    "callback-failed": (callback(failed), METADATA),
}
"""By example, how to get the like from the server, and what the server sends beyond it."""
UNSENT = {"answer-spec": {"data.parameters[].example"}}
"""What an example has and the server does not: optional for the clients, and the contract has no examples of fields."""


def test_every_documented_answer_is_produced(examples_of: Callable[..., dict[str, Json]]) -> None:
    assert set(examples_of("kirin", "response", "callback")) == set(PRODUCERS)


@pytest.mark.parametrize("name", PRODUCERS)
def test_documented_answer_has_the_keys_of_the_server(
    make_client: MakeClient,
    receiver: Receiver,
    examples_of: Callable[..., dict[str, Json]],
    differences: Callable[[object, object], tuple[set[str], set[str]]],
    name: str,
) -> None:
    produce, beyond = PRODUCERS[name]
    sent = produce(make_client(), receiver)
    example = examples_of("kirin", "response", "callback")[name]["body"]
    missing, extra = differences(example, sent)
    assert missing == UNSENT.get(name, set())
    assert extra <= beyond
    assert sent.get("status") == example.get("status") or isinstance(example.get("status"), dict)
