"""Every dialect of Kling: its default, and each other value, as its row says."""

from __future__ import annotations

import base64
from importlib.resources import files
from typing import TYPE_CHECKING, Any, cast

import jwt
import pytest

from mock_server.core.account import DEMO_ACCESS_KEY, DEMO_SECRET_KEY
from mock_server.core.clock import MANUAL_EPOCH_MS
from mock_server.providers.kling.dialects import DIALECTS

if TYPE_CHECKING:
    from collections.abc import Callable

    import httpx2
    from starlette.testclient import TestClient

    from mock_server.app import App
    from tests.conftest import MakeClient
    from tests.providers.conftest import Receiver

    Observe = Callable[[TestClient, Receiver], object]

IDENTIFY, LIP_SYNC = "/v1/videos/identify-face", "/v1/videos/advanced-lip-sync"
VIDEO = {"video_url": "https://cdn.test/a.mp4"}
SOUND = "https://cdn.test/a.mp3"


def create(client: TestClient, sound: str = SOUND, **fields: object) -> httpx2.Response:
    session_id = client.post(IDENTIFY, json=VIDEO).json()["data"]["session_id"]
    clip = {
        "face_id": "0",
        "sound_file": sound,
        "sound_start_time": 0,
        "sound_end_time": 3000,
        "sound_insert_time": 0,
    }
    return client.post(LIP_SYNC, json={"session_id": session_id, "face_choose": [clip], **fields})


def settle(client: TestClient) -> None:
    answer = client.post(
        "/__lipflap/clock/advance", params={"key": "key-of-the-tests"}, json={"until": "idle"}
    )
    assert answer.status_code == 200


def end(client: TestClient, created: httpx2.Response) -> tuple[int, object]:
    """The code at create, and the word in which the task ends, where there is one."""
    body = created.json()
    if body["code"]:
        return created.status_code, body["code"]
    settle(client)
    task = client.get(f"{LIP_SYNC}/{body['data']['task_id']}").json()["data"]
    return created.status_code, (task["task_status"], task["task_status_msg"])


def capital_i(client: TestClient, _: Receiver) -> object:
    return client.post("/v1/videos/Identify-face", json=VIDEO).status_code


def short_audio(client: TestClient, _: Receiver) -> object:
    return end(client, create(client, f"{SOUND}?lipflap.duration_ms=1999"))


def empty_room(client: TestClient, _: Receiver) -> object:
    body = client.post(IDENTIFY, json={"video_url": f"{VIDEO['video_url']}?lipflap.faces=0"}).json()
    return body["code"] or body["data"]["face_data"]


def rejected_audio(client: TestClient, _: Receiver) -> object:
    return end(client, create(client, f"{SOUND}?lipflap.moderation=reject"))


def waits(client: TestClient, _: Receiver) -> object:
    answers = [
        create(client, external_task_id=f"lipflap.fault=error:{code}") for code in (1303, 5001, 5000, 1201)
    ]
    return [answer.headers.get("retry-after") for answer in answers]


def data_uri(client: TestClient, _: Receiver) -> object:
    data = files("mock_server.media").joinpath("samples", "speech.mp3").read_bytes()
    text = "data:audio/mpeg;base64," + base64.b64encode(data).decode()
    legacy = {"mode": "audio2video", "video_url": f"{VIDEO['video_url']}?lipflap.duration_ms=5000"}
    given = {**legacy, "audio_type": "file", "audio_file": text}
    older = client.post("/v1/videos/lip-sync", json={"input": given})
    return create(client, text).json()["code"], older.json()["code"]


def keys_on_the_way(client: TestClient, _: Receiver) -> object:
    task_id = create(client).json()["data"]["task_id"]
    running = set(client.get(f"{LIP_SYNC}/{task_id}").json()["data"])
    settle(client)
    return sorted(set(client.get(f"{LIP_SYNC}/{task_id}").json()["data"]) - running)


def statuses_called_back(client: TestClient, receiver: Receiver) -> object:
    create(client, callback_url=receiver.url)
    settle(client)
    return [body["task_status"] for body in receiver.bodies]


def keys_of_an_error(client: TestClient, _: Receiver) -> object:
    return list(client.get(f"{LIP_SYNC}/unknown").json().items())[3:]


def token_that_only_the_wall_finds_old(client: TestClient, _: Receiver) -> object:
    cast("App", client.app).house.simulator.wall_ms = lambda: MANUAL_EPOCH_MS + 100_000
    claims = {"iss": DEMO_ACCESS_KEY, "exp": MANUAL_EPOCH_MS // 1000 + 50}
    token = jwt.encode(claims, DEMO_SECRET_KEY, algorithm="HS256")
    return client.get(LIP_SYNC, headers={"Authorization": f"Bearer {token}"}).json()["code"]


TOO_SHORT = "face_choose[0].sound_file must last 2000 to 60000 ms, not 1999 ms"
REJECTED = "face_choose[0].sound_file was rejected by content moderation"
CASES: dict[str, tuple[Observe, dict[str, Any]]] = {
    "kling.path_case": (capital_i, {"exact": 404, "any": 200}),
    "kling.media_faults": (short_audio, {"create": (400, 1201), "task": (200, ("failed", TOO_SHORT))}),
    "kling.no_face": (empty_room, {"error": 1201, "empty": []}),
    "kling.moderation": (rejected_audio, {"create": (400, 1301), "task": (200, ("failed", REJECTED))}),
    "kling.retry_after": (waits, {"off": [None] * 4, "on": ["1", "1", None, None]}),
    "kling.data_uri": (data_uri, {"refuse": (1201, 1201), "accept": (0, 0)}),
    "kling.empty_fields": (keys_on_the_way, {"send": [], "omit": ["task_result", "task_status_msg"]}),
    "kling.callback_submitted": (
        statuses_called_back,
        {"off": ["processing", "succeed"], "on": ["submitted", "processing", "succeed"]},
    ),
    "kling.error_data": (keys_of_an_error, {"absent": [], "null": [("data", None)]}),
    "kling.jwt_clock": (token_that_only_the_wall_finds_old, {"wall": 1004, "virtual": 0}),
}


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
    assert observe(make_client(dialects={name: value}), receiver) == expected[value]


@pytest.mark.parametrize("row", DIALECTS, ids=lambda row: row.name)
def test_first_value_is_the_default(make_client: MakeClient, receiver: Receiver, row: Any) -> None:
    observe, expected = CASES[row.name]
    assert observe(make_client(), receiver) == expected[row.default]


@pytest.mark.parametrize("name", ["kling.media_faults", "kling.moderation"])
def test_faults_on_the_task_hide_neither_a_bad_session_nor_a_bad_shape(
    make_client: MakeClient, name: str
) -> None:
    client = make_client(dialects={name: "task"})
    clip = {
        "face_id": "0",
        "sound_file": SOUND,
        "sound_start_time": 0,
        "sound_end_time": 3000,
        "sound_insert_time": 0,
    }
    for body in ({"session_id": "none", "face_choose": [clip]}, {"session_id": "none"}):
        assert client.post(LIP_SYNC, json=body).json()["code"] == 1201


def test_clock_of_the_wall_lets_a_token_pass_that_virtual_time_finds_old(make_client: MakeClient) -> None:
    for value, code in (("wall", 0), ("virtual", 1004)):
        client = make_client(dialects={"kling.jwt_clock": value})
        cast("App", client.app).house.simulator.wall_ms = lambda: MANUAL_EPOCH_MS - 100_000
        claims = {"iss": DEMO_ACCESS_KEY, "exp": MANUAL_EPOCH_MS // 1000 - 50}
        token = jwt.encode(claims, DEMO_SECRET_KEY, algorithm="HS256")
        assert client.get(LIP_SYNC, headers={"Authorization": f"Bearer {token}"}).json()["code"] == code
