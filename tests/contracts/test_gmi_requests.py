"""What GMI Cloud's queue refuses by the shape of a request alone, and in which words."""

from __future__ import annotations

import json
from pathlib import Path
from typing import cast

import pytest

from contracts.contract import load_contract

Json = dict[str, object]

CONTRACT = load_contract("gmi")
EXAMPLES_DIR = Path(__file__).parents[2] / "fixtures" / "examples" / "gmi"
LONGEST_MS = 2**63 - 1


def documented(name: str) -> Json:
    return cast(Json, cast(Json, json.loads((EXAMPLES_DIR / f"{name}.json").read_text("utf-8")))["body"])


def lip_sync(**changes: object) -> Json:
    """The documented submit with fields of its only entry changed; None takes a field away."""
    body = documented("lip-sync-request")
    (entry,) = cast(dict[str, list[Json]], body["payload"])["face_choose"]
    entry.update(changes)
    for name in [name for name, value in changes.items() if value is None]:
        del entry[name]
    return body


def submit(model: str, payload: object) -> Json:
    return {"model": model, "payload": payload}


def sentences(body: Json) -> list[str]:
    branch = CONTRACT.branch("SubmitBody", body)
    assert branch is not None
    return [violation.sentence() for violation in CONTRACT.violations(branch, body)]


@pytest.mark.parametrize(
    ("model", "branch"),
    [
        ("kling-identify-face", "SubmitIdentifyFace"),
        ("kling-lip-sync", "SubmitLipSync"),
        ("Kling-Lip-Sync", None),
        ("sora-2-pro", None),
    ],
)
def test_model_slug_picks_the_branch_whatever_the_payload(model: str, branch: str | None) -> None:
    assert CONTRACT.branch("SubmitBody", submit(model, {})) == branch


@pytest.mark.parametrize("payload", [{}, {"prompt": "your prompt here"}])
def test_template_payload_alone_is_refused_naming_what_is_missing(payload: Json) -> None:
    assert sentences(submit("kling-lip-sync", payload)) == [
        "payload.session_id is required",
        "payload.face_choose is required",
    ]
    assert sentences(submit("kling-identify-face", payload)) == [
        "payload needs exactly one of video_id and video_url"
    ]


@pytest.mark.parametrize("prompt", ["walk slowly", "", 7, None, ["x"]])
def test_prompt_beside_valid_fields_is_ignored_whatever_it_is(prompt: object) -> None:
    body = lip_sync()
    cast(Json, body["payload"])["prompt"] = prompt

    assert sentences(body) == []


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({}, ["model is required", "payload is required"]),
        ({"model": 7, "payload": []}, ["model must be a string", "payload must be an object"]),
        ({"model": "", "payload": {}}, ["model must not be empty"]),
    ],
)
def test_envelope_is_checked_for_every_model(body: Json, said: list[str]) -> None:
    assert sorted(v.sentence() for v in CONTRACT.violations("RequestEnvelope", body)) == said


@pytest.mark.parametrize(
    ("payload", "is_accepted"),
    [
        ({"video_url": "https://a.example/v.mp4"}, True),
        ({"video_id": "8612"}, True),
        ({"video_id": "", "video_url": "https://a.example/v.mp4"}, True),
        ({"video_id": "8612", "video_url": ""}, True),
        ({"video_id": "8612", "video_url": "https://a.example/v.mp4"}, False),
        ({"video_id": "", "video_url": ""}, False),
        ({"video_url": "file:///etc/passwd"}, False),
        ({"video_url": 7}, False),
    ],
)
def test_identify_takes_exactly_one_video(payload: Json, is_accepted: bool) -> None:
    assert (sentences(submit("kling-identify-face", payload)) == []) is is_accepted


@pytest.mark.parametrize("name", ["sound_volume", "original_audio_volume"])
@pytest.mark.parametrize(("value", "is_accepted"), [(0, True), (2, True), (-0.01, False), (2.01, False)])
def test_volumes_lie_between_0_and_2(name: str, value: float, is_accepted: bool) -> None:
    said = (
        []
        if is_accepted
        else [f"payload.face_choose[0].{name} must be at {'least 0' if value < 0 else 'most 2'}"]
    )

    assert [sentence.replace(".0", "") for sentence in sentences(lip_sync(**{name: value}))] == said


@pytest.mark.parametrize("name", ["sound_start_time", "sound_end_time", "sound_insert_time"])
@pytest.mark.parametrize(
    ("value", "is_accepted"),
    [
        (0, True),
        (3000.0, True),
        (LONGEST_MS, True),
        (-1, False),
        (LONGEST_MS + 1, False),
        ("3000", False),
        (0.5, False),
    ],
)
def test_times_are_whole_milliseconds(name: str, value: object, is_accepted: bool) -> None:
    assert (sentences(lip_sync(**{name: value})) == []) is is_accepted


@pytest.mark.parametrize("name", ["face_id", "sound_start_time", "sound_end_time", "sound_insert_time"])
def test_a_missing_field_is_named_by_its_path(name: str) -> None:
    assert sentences(lip_sync(**{name: None})) == [f"payload.face_choose[0].{name} is required"]


@pytest.mark.parametrize(
    ("audio_id", "sound_file", "is_accepted"),
    [
        (None, "https://a.example/a.mp3", True),
        ("", "UklGRg==", True),
        ("8612", None, True),
        ("8612", "", True),
        ("8612", "https://a.example/a.mp3", False),
        (None, None, False),
        ("", "", False),
    ],
)
def test_an_entry_has_exactly_one_source_of_audio(
    audio_id: str | None, sound_file: str | None, is_accepted: bool
) -> None:
    said = [] if is_accepted else ["payload.face_choose[0] needs exactly one of audio_id and sound_file"]

    assert sentences(lip_sync(audio_id=audio_id, sound_file=sound_file)) == said


def test_any_number_of_faces_but_none_is_accepted() -> None:
    body = documented("lip-sync-request-several-faces")
    payload = cast(Json, body["payload"])
    entry = cast(list[Json], payload["face_choose"])[0]

    assert sentences(body) == []
    payload["face_choose"] = [{**entry, "face_id": str(number)} for number in range(50)]
    assert sentences(body) == []
    payload["face_choose"] = []
    assert sentences(body) == ["payload.face_choose must not be empty"]


def test_fields_of_kling_that_have_no_effect_are_still_text() -> None:
    body = documented("lip-sync-request-by-audio-id")
    payload = cast(Json, body["payload"])

    assert sentences(body) == []
    payload.update(external_task_id=7, callback_url={})
    assert sorted(sentences(body)) == [
        "payload.callback_url must be a string",
        "payload.external_task_id must be a string",
    ]


@pytest.mark.parametrize("file_type", ["jpeg", "jpg", "png", "mp4", "mp3", "wav"])
def test_upload_takes_the_known_file_types(file_type: str) -> None:
    assert CONTRACT.violations("UploadUrlRequest", {"file_type": file_type}) == ()


@pytest.mark.parametrize("body", [{}, {"file_type": "mov"}, {"file_type": "MP3"}, {"file_type": None}])
def test_upload_refuses_any_other(body: Json) -> None:
    assert {violation.path for violation in CONTRACT.violations("UploadUrlRequest", body)} == {"file_type"}
