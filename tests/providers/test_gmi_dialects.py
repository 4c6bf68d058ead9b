"""Every dialect of GMI Cloud: its default, and each other value, as its row says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from mock_server.providers.gmi.dialects import DIALECTS

if TYPE_CHECKING:
    from collections.abc import Callable

    import httpx2
    from starlette.testclient import TestClient

    from tests.conftest import MakeClient
    from tests.providers.conftest import Receiver

    Observe = Callable[[TestClient, Receiver], object]

REQUESTS = "/api/v1/ie/requestqueue/apikey/requests"
VIDEO_URL = "https://cdn.test/a.mp4?lipflap.duration_ms=10000&lipflap.faces=2"
SOUND = "https://cdn.test/a.mp3"


def submit(client: TestClient, model: str, payload: object) -> httpx2.Response:
    return client.post(REQUESTS, json={"model": model, "payload": payload})


def identify(client: TestClient, video_url: str = VIDEO_URL) -> httpx2.Response:
    return submit(client, "kling-identify-face", {"video_url": video_url})


def clip(face_id: str = "0", **changes: object) -> dict[str, object]:
    times = {"sound_start_time": 0, "sound_end_time": 3000, "sound_insert_time": 0}
    return {"face_id": face_id, "sound_file": SOUND, **times, **changes}


def lip_sync(client: TestClient, *clips: object, **fields: object) -> httpx2.Response:
    session_id = identify(client).json()["outcome"]["data"]["session_id"]
    payload = {"session_id": session_id, "face_choose": clips or [clip()], **fields}
    return submit(client, "kling-lip-sync", payload)


def ended(client: TestClient, created: httpx2.Response) -> dict[str, Any]:
    assert created.status_code == 200, created.text
    answer = client.post(
        "/__lipflap/clock/advance", params={"key": "key-of-the-tests"}, json={"until": "idle"}
    )
    assert answer.status_code == 200
    record: dict[str, Any] = client.get(f"{REQUESTS}/{created.json()['request_id']}").json()
    return record


def two_faces(client: TestClient, _: Receiver) -> object:
    answer = lip_sync(client, clip("0"), clip("1"))
    return answer.status_code if answer.status_code == 400 else ended(client, answer)["status"]


def first_status(client: TestClient, _: Receiver) -> object:
    answer = identify(client)
    return answer.json()["status"], set(answer.json()) >= {"outcome"}, ended(client, answer)["status"]


def outcome_keys(client: TestClient, _: Receiver) -> object:
    return sorted(ended(client, lip_sync(client))["outcome"])


def places_of_the_reason(client: TestClient, _: Receiver) -> object:
    record = ended(client, lip_sync(client, clip(sound_end_time=1999)))
    return record["outcome"]["error"] == record.get("error", ""), "error" in record


def worker_fields(client: TestClient, _: Receiver) -> object:
    return sorted({"user_id", "qworker_id"} & set(ended(client, lip_sync(client))))


def upstream_faults(client: TestClient, _: Receiver) -> object:
    too_long = identify(client, "https://cdn.test/a.mp4?lipflap.duration_ms=61000")
    short = lip_sync(client, clip(sound_end_time=1999))
    return too_long.status_code, short.status_code


def calls(client: TestClient, receiver: Receiver) -> object:
    record = ended(client, lip_sync(client, callback_url=receiver.url))
    return [(body["task_id"] == record["request_id"], body["task_status"]) for body in receiver.bodies]


def echo(client: TestClient, _: Receiver) -> object:
    return identify(client).json()["payload"]


def empty_room(client: TestClient, _: Receiver) -> object:
    answer = identify(client, "https://cdn.test/a.mp4?lipflap.faces=0")
    return answer.status_code, answer.json().get("outcome", {}).get("data", {}).get("face_data")


def organisation(client: TestClient, _: Receiver) -> object:
    own = identify(client).json()["org_id"]
    named = (own, "org_of_somebody_else")
    return [client.get(REQUESTS, headers={"X-Organization-ID": name}).status_code for name in named]


MEDIA, OLDER, STILL = "media_urls", "video_url", "thumbnail_image_url"
CASES: dict[str, tuple[Observe, dict[str, Any]]] = {
    "gmi.several_faces": (two_faces, {"accept": "success", "refuse": 400}),
    "gmi.identify": (
        first_status,
        {"sync": ("success", True, "success"), "async": ("queued", False, "success")},
    ),
    "gmi.outcome": (
        outcome_keys,
        {"both": [MEDIA, STILL, OLDER], MEDIA: [MEDIA, STILL], OLDER: [STILL, OLDER]},
    ),
    "gmi.failed_error": (places_of_the_reason, {"outcome": (False, False), "both": (True, True)}),
    "gmi.record": (worker_fields, {"live": ["user_id"], "sdk": ["qworker_id"]}),
    "gmi.upstream_faults": (upstream_faults, {"task": (500, 200), "create": (400, 400)}),
    "gmi.callbacks": (calls, {"off": [], "kling": [(True, "processing"), (True, "succeed")]}),
    "gmi.payload_echo": (echo, {"verbatim": {"video_url": VIDEO_URL}, "empty": {}}),
    "gmi.no_face": (empty_room, {"error": (500, None), "empty": (200, [])}),
    "gmi.organization": (organisation, {"any": [200, 200], "own": [200, 403]}),
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


def test_refused_faces_and_faults_at_create_are_named_by_their_path(make_client: MakeClient) -> None:
    client = make_client(dialects={"gmi.several_faces": "refuse", "gmi.upstream_faults": "create"})
    two = lip_sync(client, clip("0"), clip("1")).json()["error"]
    assert two == "payload.face_choose must have one entry: this dialect refuses several faces"
    assert (
        lip_sync(client, clip(sound_end_time=1999))
        .json()["error"]
        .startswith("face_choose[0].sound_end_time ")
    )
    too_long = identify(client, "https://cdn.test/a.mp4?lipflap.duration_ms=61000")
    assert too_long.json()["error"].startswith("video_url ")
