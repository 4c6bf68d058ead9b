"""NUL and odd Unicode: refused in ids and URLs, kept in free text, harmless in paths and queries."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.testclient import TestClient

    from tests.edge.conftest import Target

    TargetOf = Callable[[str], Target]

CLIP = ("face_choose", 0)
IDS: dict[str, list[tuple[str | int, ...]]] = {
    "identifyFace": [("video_url",), ("video_id",)],
    "createLipSync": [
        ("session_id",),
        ("external_task_id",),
        ("callback_url",),
        *((*CLIP, name) for name in ("face_id", "audio_id", "sound_file")),
    ],
    "createSpeech": [("voice_id",), ("voice_language",)],
    "createLegacyLipSync": [
        ("callback_url",),
        *(("input", name) for name in ("video_url", "video_id", "audio_url", "voice_id", "mode")),
    ],
    "submitRequest": [
        ("model",),
        *(("payload", name) for name in ("session_id", "external_task_id", "callback_url")),
        *(("payload", *CLIP, name) for name in ("face_id", "audio_id", "sound_file")),
    ],
    "createUploadUrl": [("file_type",)],
    "createAuthToken": [("email",)],
    "createSession": [("authToken",), ("type",)],
    "refreshSession": [("refreshToken",)],
    "createGeneration": [
        ("model",),
        ("session_id",),
        ("external_task_id",),
        ("callback_url",),
        *((*CLIP, name) for name in ("face_id", "audio_id")),
    ],
    "prechargeGeneration": [("model",), ("session_id",), (*CLIP, "face_id")],
}
ODD_TEXTS = [
    "\u202egnp.exe",
    "\u00e9",
    "e\u0301",
    "\U0001f9d1\u200d\U0001f680",
    "\x7f",
    "'; DROP TABLE tasks; --",
    "../../etc/passwd",
    "{id}",
    "\uff10",
]


def in_url(path: tuple[str | int, ...]) -> str:
    return (
        "https://cdn.test/"
        if str(path[-1]) in {"video_url", "callback_url", "audio_url", "sound_file"}
        else ""
    )


@pytest.mark.parametrize(
    ("operation", "path"), [(name, path) for name, paths in IDS.items() for path in paths]
)
@pytest.mark.parametrize("text", ["\x00", "8\x00", "\x008"], ids=["alone", "behind", "ahead"])
def test_nul_in_an_id_or_a_url_is_refused(
    target_of: TargetOf, operation: str, path: tuple[str | int, ...], text: str
) -> None:
    target = target_of(operation)
    target.refused(target.send_json(target.changed(path, in_url(path) + text)))


def test_nul_in_the_url_of_a_sound_fails_the_task_of_a_gateway(target_of: TargetOf) -> None:
    target = target_of("createGeneration")
    opened = target.client.post(
        target.path, json={"model": "kirin_identify_face", "video_url": "https://cdn.test/a.mp4"}
    )
    target.client.post("/__lipflap/clock/advance", params={"key": "key-of-the-edge"}, json={"until": "idle"})
    job: dict[str, Any] = target.client.get(f"{target.path}/task/{opened.json()['id']}").json()
    body = target.changed((*CLIP, "sound_file"), "https://cdn.test/\x00.mp3")
    created = target.send_json({**body, "session_id": job["output"][0]["content"][0]["jobId"]})
    target.client.post("/__lipflap/clock/advance", params={"key": "key-of-the-edge"}, json={"until": "idle"})
    task = target.client.get(f"{target.path}/task/{created.json()['id']}").json()
    assert task["error"]["error_message"].endswith("face_choose[0].sound_file cannot be downloaded")


def test_nul_in_a_text_to_speak_is_kept_by_kirin_and_refused_by_kling(target_of: TargetOf) -> None:
    spoken = {"text": "a\x00b", "voice_id": "oversea_male1", "voice_language": "en"}
    assert target_of("createGeneration").send_json({"model": "kirin_tts", **spoken}).status_code == 200
    kling = target_of("createSpeech")
    kling.refused(kling.send_json(spoken))


@pytest.mark.parametrize("text", ODD_TEXTS)
def test_odd_text_makes_an_id_that_can_be_found_again(target_of: TargetOf, text: str) -> None:
    target = target_of("createLipSync")
    body = target.changed(("external_task_id",), text)
    task_id = target.send_json(body).json()["data"]["task_id"]
    if "/" not in text:
        found = target.client.get(f"{target.path}/{quote(text, safe='')}")
        assert found.json()["data"]["task_id"] == task_id
    assert (
        target.client.get(f"{target.path}/{task_id}").json()["data"]["task_info"]["external_task_id"] == text
    )


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/v1/videos/advanced-lip-sync/%00", 404),
        ("/v1/videos/advanced-lip-sync/%ff%fe", 404),
        ("/v1/videos/advanced-lip-sync/%ED%A0%80", 404),
        ("/v1/videos/advanced-lip-sync/" + "8" * 4000, 404),
        ("/v1/videos/advanced-lip-sync/..%2f..%2fidentify-face", 404),
        ("/v1/videos/advanced-lip-sync?pageNum=%EF%BC%91", 400),
        ("/v1/videos/advanced-lip-sync?pageNum=+1", 400),
        ("/v1/videos/advanced-lip-sync?pageNum=1_0", 400),
        ("/v1/videos/advanced-lip-sync?pageSize=" + "9" * 5000, 400),
        ("/v1/videos/advanced-lip-sync?pageSize=500&pageNum=1000", 200),
        ("/v1/videos/advanced-lip-sync?pageSize=501", 400),
        ("/v1/videos/advanced-lip-sync?pageNum=1001", 400),
        ("/v1/videos/advanced-lip-sync?pageNum=0", 400),
        ("/v1/videos/advanced-lip-sync?pageNum=", 400),
        ("/v1/videos/advanced-lip-sync?pageNum=1&pageNum=2", 200),
        ("/v1/videos/advanced-lip-sync?" + "&" * 2000 + "%", 200),
        ("/model/v1/generation/task/%00", 404),
        ("/model/v1/generation/task/", 404),
        ("/api/v1/skill/models?page=%00", 400),
        ("/api/v1/skill/models/%00/spec", 404),
        ("/api/v1/ie/requestqueue/apikey/requests/%00", 404),
        ("/api/v1/ie/requestqueue/apikey/models/%00", 404),
        ("/api/v1/ie/requestqueue/apikey/requests?model_id=%00", 200),
    ],
)
def test_odd_paths_and_queries_never_harm(client: TestClient, path: str, status: int) -> None:
    assert client.get(path).status_code == status
