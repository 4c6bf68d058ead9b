"""Kling's request schemas at the edges that its pages name: each edge passes, one step beyond does not."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import cast

import pytest

from contracts.contract import load_contract

Json = dict[str, object]

CONTRACT = load_contract("kling")
EXAMPLES_DIR = Path(__file__).parents[2] / "fixtures" / "examples" / "kling"


def body_of(name: str) -> Json:
    """The body of a documented example."""
    return cast(Json, json.loads((EXAMPLES_DIR / f"{name}.json").read_text("utf-8"))["body"])


FACE = cast(Json, cast(list[object], body_of("lip-sync-request-by-file")["face_choose"])[0])


def face_with(**changes: object) -> list[str]:
    """Sentences about a ``face_choose`` entry with ``changes``; None takes a field away."""
    entry = {key: value for key, value in {**FACE, **changes}.items() if value is not None}
    return [violation.sentence() for violation in CONTRACT.violations("FaceChoice", entry)]


@pytest.mark.parametrize("field", ["sound_volume", "original_audio_volume"])
def test_volume_is_from_0_to_2(field: str) -> None:
    assert [face_with(**{field: value}) for value in (0, 2, 1.5)] == [[], [], []]
    assert face_with(**{field: 2.01}) == [f"{field} must be at most 2"]
    assert face_with(**{field: -0.01}) == [f"{field} must be at least 0"]


@pytest.mark.parametrize("field", ["sound_start_time", "sound_end_time", "sound_insert_time"])
def test_times_are_longs(field: str) -> None:
    assert [face_with(**{field: value}) for value in (0, 3000, 3000.0, 2**63 - 1)] == [[], [], [], []]
    assert face_with(**{field: "3000"}) == [f"{field} must be an integer"]
    assert face_with(**{field: -1}) == [f"{field} must be at least 0"]
    assert face_with(**{field: None}) == [f"{field} is required"]
    assert face_with(**{field: 2**63}) != []


def test_an_entry_has_exactly_one_source_of_audio() -> None:
    refusal = ["needs exactly one of audio_id and sound_file"]

    assert face_with(audio_id="") == []
    assert face_with(audio_id="8612", sound_file="") == []
    assert face_with(audio_id="8612", sound_file=None) == []
    assert face_with(audio_id="8612") == refusal
    assert face_with(sound_file="") == refusal
    assert face_with(sound_file=None) == refusal
    assert face_with(audio_id="", sound_file="") == refusal


@pytest.mark.parametrize("count", [0, 2])
def test_a_task_has_exactly_one_face(count: int) -> None:
    body = {"session_id": "1", "face_choose": [FACE] * count}

    (violation,) = CONTRACT.violations("LipSyncRequest", body)
    assert violation.sentence() == "face_choose must hold exactly one entry: one person per task is supported"


@pytest.mark.parametrize(
    ("video", "is_accepted"),
    [
        ({"video_id": "8612"}, True),
        ({"video_id": "", "video_url": "https://a.example/v.mp4"}, True),
        ({"video_id": "8612", "video_url": ""}, True),
        ({"video_id": "8612", "video_url": "https://a.example/v.mp4"}, False),
        ({"video_id": "", "video_url": ""}, False),
        ({}, False),
    ],
)
def test_a_video_is_named_in_exactly_one_way(video: Mapping[str, object], is_accepted: bool) -> None:
    legacy = {"input": {"mode": "text2video", "text": "a", "voice_id": "b", **video}}

    assert (CONTRACT.violations("IdentifyFaceRequest", video) == ()) is is_accepted
    assert (CONTRACT.violations("LegacyLipSyncRequest", legacy) == ()) is is_accepted


@pytest.mark.parametrize(("schema", "longest"), [("SpeechRequest", 1000), ("LegacyInput", 120)])
def test_text_ends_at_its_published_length(schema: str, longest: int) -> None:
    body = {"mode": "text2video", "video_id": "1", "voice_id": "b", "voice_language": "zh"}

    assert CONTRACT.violations(schema, body | {"text": "海" * longest}) == ()
    assert [v.path for v in CONTRACT.violations(schema, body | {"text": "海" * (longest + 1)})] == ["text"]
    assert [v.path for v in CONTRACT.violations(schema, body | {"text": ""})] == ["text"]


@pytest.mark.parametrize("speed", [0.1, 0.84, 1, 3.7, -1])
def test_any_speed_passes_because_it_is_held_within_its_range_later(speed: float) -> None:
    body = body_of("speech-request")

    assert CONTRACT.violations("SpeechRequest", body | {"voice_speed": speed}) == ()


@pytest.mark.parametrize(
    ("fields", "missing"),
    [
        ({"mode": "text2video", "voice_id": "b"}, ["input.text"]),
        ({"mode": "text2video", "text": "a"}, ["input.voice_id"]),
        ({"mode": "audio2video"}, ["input.audio_type"]),
        (
            {"mode": "audio2video", "audio_type": "file", "audio_url": "https://a.example"},
            ["input.audio_file"],
        ),
        (
            {"mode": "audio2video", "audio_type": "url", "audio_file": "AAAA", "audio_url": ""},
            ["input.audio_url"],
        ),
        ({}, ["input.mode"]),
    ],
)
def test_each_mode_of_the_older_endpoint_has_its_own_required_fields(
    fields: Mapping[str, object], missing: list[str]
) -> None:
    body = {"input": {"video_id": "1", **fields}}

    assert [violation.path for violation in CONTRACT.violations("LegacyLipSyncRequest", body)] == missing


@pytest.mark.parametrize(
    "url", ["", "https://a.example/x?y=1", "HTTP://a.example", "https://a.example/海.mp4"]
)
def test_a_callback_url_is_empty_or_http(url: str) -> None:
    body = body_of("lip-sync-request-by-file")

    assert CONTRACT.violations("LipSyncRequest", body | {"callback_url": url}) == ()
    for wrong in (
        "ftp://a.example",
        "a.example",
        "https://",
        "https://a.example/ b",
        "https://a\0",
        "https://a\n",
    ):
        assert [v.path for v in CONTRACT.violations("LipSyncRequest", body | {"callback_url": wrong})] == [
            "callback_url"
        ]


def test_unknown_fields_are_ignored_in_requests_and_impossible_in_answers() -> None:
    assert face_with(mystery=1) == []
    answer = body_of("task-succeed")
    assert [v.rule for v in CONTRACT.violations("TaskAnswer", answer | {"mystery": 1})] == [
        "additionalProperties"
    ]
