"""Every dialect of Kirin: its default, and each other value, as its row says."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from mock_server.providers.kirin.dialects import DIALECTS

if TYPE_CHECKING:
    from collections.abc import Callable

    import httpx2
    from starlette.testclient import TestClient

    from tests.conftest import MakeClient
    from tests.providers.conftest import Receiver

    Observe = Callable[[TestClient, Receiver], object]

GENERATION = "/model/v1/generation"
VIDEO_URL = "https://cdn.test/a.mp4"
LONG_VIDEO = f"{VIDEO_URL}?lipflap.duration_ms=61000"
TOO_LONG = "video_url must last 2000 to 60000 ms, not 61000 ms"


def identify(client: TestClient, video_url: str = VIDEO_URL) -> httpx2.Response:
    return client.post(GENERATION, json={"model": "kirin_identify_face", "video_url": video_url})


def ended(client: TestClient, created: httpx2.Response) -> dict[str, Any]:
    assert created.status_code == 200, created.text
    answer = client.post(
        "/__lipflap/clock/advance", params={"key": "key-of-the-tests"}, json={"until": "idle"}
    )
    assert answer.status_code == 200
    task: dict[str, Any] = client.get(f"{GENERATION}/task/{created.json()['id']}").json()
    return task


def content(task: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = task["output"][0]["content"][0]
    return found


def lip_sync(client: TestClient, session_id: str = "", **fields: object) -> httpx2.Response:
    session_id = session_id or content(ended(client, identify(client)))["jobId"]
    times = {"sound_start_time": 0, "sound_end_time": 3000, "sound_insert_time": 0}
    clip = {"face_id": "0", "sound_file": "https://cdn.test/a.mp3", **times}
    return client.post(
        GENERATION, json={"model": "kirin_lipsync", "session_id": session_id, "face_choose": [clip], **fields}
    )


def durations(client: TestClient, _: Receiver) -> object:
    spoken = {"model": "kirin_tts", "text": "x" * 40, "voice_id": "oversea_male1", "voice_language": "en"}
    tasks = (ended(client, lip_sync(client)), ended(client, client.post(GENERATION, json=spoken)))
    return [type(content(task)["duration"]) for task in tasks]


def code_of_a_failure(client: TestClient, _: Receiver) -> object:
    return ended(client, lip_sync(client, "none"))["error"]["code"]


def keys_of_a_failure(client: TestClient, _: Receiver) -> object:
    error = ended(client, lip_sync(client, "none"))["error"]
    return sorted(error), error.get("message", error["error_message"]) == error["error_message"]


def running_word(client: TestClient, _: Receiver) -> object:
    created = identify(client)
    polled = client.get(f"{GENERATION}/task/{created.json()['id']}").json()
    return created.json()["status"], polled["status"], ended(client, created)["status"]


def upstream_fault(client: TestClient, _: Receiver) -> object:
    spoken = {"model": "kirin_tts", "text": "x", "voice_id": "nobody", "voice_language": "en"}
    answers = (lip_sync(client, "none"), identify(client, LONG_VIDEO), client.post(GENERATION, json=spoken))
    return [answer.status_code for answer in answers]


def long_video(client: TestClient, _: Receiver) -> object:
    task = ended(client, identify(client, LONG_VIDEO))
    if task["status"] == "failed":
        return task["status"], task["error"]["error_message"]
    answer = json.loads(content(task)["text"])
    return task["status"], (answer["code"], answer["message"], answer["data"]["face_data"])


def empty_room(client: TestClient, _: Receiver) -> object:
    task = ended(client, identify(client, f"{VIDEO_URL}?lipflap.faces=0"))
    if task["status"] == "failed":
        return task["error"]["error_message"]
    return json.loads(content(task)["text"])["data"]["face_data"]


def called_back(client: TestClient, receiver: Receiver) -> object:
    task = ended(client, lip_sync(client, callback_url=receiver.url))
    assert receiver.bodies
    if "task_id" not in receiver.bodies[-1]:
        return [body == task for body in receiver.bodies]
    return [(body["task_status"], body["task_id"] == content(task)["jobId"]) for body in receiver.bodies]


def at_create(client: TestClient, _: Receiver) -> object:
    return [identify(client, url).json()["status"] for url in (VIDEO_URL, LONG_VIDEO)]


CASES: dict[str, tuple[Observe, dict[str, Any]]] = {
    "kirin.duration": (durations, {"number": [float, float], "string": [str, str]}),
    "kirin.error_code": (code_of_a_failure, {"string": "014002097", "int": 14_002_097}),
    "kirin.error_keys": (
        keys_of_a_failure,
        {
            "error_message": (["code", "error_message"], True),
            "both": (["code", "error_message", "message"], True),
        },
    ),
    "kirin.status_words": (
        running_word,
        {
            "gateway": ("in_progress", "in_progress", "completed"),
            "cli": ("processing", "processing", "completed"),
        },
    ),
    "kirin.upstream_faults": (upstream_fault, {"task": [200, 200, 200], "create": [400, 400, 400]}),
    "kirin.identify_fault": (
        long_video,
        {
            "failed": ("failed", f"upstream HTTP 400: code 1201, {TOO_LONG}"),
            "completed": ("completed", (1201, TOO_LONG, [])),
        },
    ),
    "kirin.no_face": (
        empty_room,
        {"error": "upstream HTTP 400: code 1201, there is no human in the video", "empty": []},
    ),
    "kirin.callback_body": (called_back, {"gateway": [True], "kling": [("succeed", True)]}),
    "kirin.instant": (at_create, {"off": ["in_progress", "in_progress"], "on": ["completed", "failed"]}),
}
PACES = {"kirin.instant": "instant"}
"""Where another pace than the default is needed to see anything."""


def test_every_value_of_every_row_has_a_case() -> None:
    assert {row.name: set(row.values) for row in DIALECTS} == {
        name: set(case[1]) for name, case in CASES.items()
    }


@pytest.mark.parametrize(
    ("name", "value"), [(name, value) for name, case in CASES.items() for value in case[1]]
)
def test_value_shows_as_its_row_says(
    make_client: MakeClient, receiver: Receiver, name: str, value: str
) -> None:
    observe, expected = CASES[name]
    client = make_client(pace=PACES.get(name, "quick"), dialects={name: value})
    assert observe(client, receiver) == expected[value]


@pytest.mark.parametrize("row", DIALECTS, ids=lambda row: row.name)
def test_first_value_is_the_default(make_client: MakeClient, receiver: Receiver, row: Any) -> None:
    observe, expected = CASES[row.name]
    assert observe(make_client(pace=PACES.get(row.name, "quick")), receiver) == expected[row.default]


def test_moderation_inside_of_a_completed_identify_face_has_its_own_code(make_client: MakeClient) -> None:
    client = make_client(dialects={"kirin.identify_fault": "completed"})
    task = ended(client, identify(client, f"{VIDEO_URL}?lipflap.moderation=reject"))
    assert json.loads(content(task)["text"])["code"] == 1301


def test_failure_of_the_gateway_itself_fails_an_identify_face_all_the_same(make_client: MakeClient) -> None:
    client = make_client(dialects={"kirin.identify_fault": "completed"})
    task = ended(client, identify(client, f"{VIDEO_URL}?lipflap.fault=error:014002099"))
    assert (task["status"], task["error"]["code"]) == ("failed", "014002099")
