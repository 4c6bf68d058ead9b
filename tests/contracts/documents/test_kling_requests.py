"""Kling's request schemas at the edges that its pages name: each edge passes, one step beyond does not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, cast

import pytest

from contracts.contract import load_contract

if TYPE_CHECKING:
    from tests.contracts.documents.conftest import Paper, PaperOf

Json = dict[str, object]

CONTRACT = load_contract("kling")


@pytest.fixture
def paper(paper_of: PaperOf) -> Paper:
    return paper_of("kling")


@pytest.fixture
def submit(paper: Paper) -> Json:
    """The documented submit of an audio file."""
    return cast(Json, paper.examples["lip-sync-request-by-file"]["body"])


@pytest.mark.parametrize("count", [0, 2])
def test_a_task_has_exactly_one_face(submit: Json, count: int) -> None:
    body = submit | {"face_choose": cast(list[Json], submit["face_choose"]) * count}

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
def test_any_speed_passes_because_it_is_held_within_its_range_later(paper: Paper, speed: float) -> None:
    body = cast(Json, paper.examples["speech-request"]["body"])

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
def test_a_callback_url_is_empty_or_http(submit: Json, url: str) -> None:
    assert CONTRACT.violations("LipSyncRequest", submit | {"callback_url": url}) == ()
    for wrong in (
        "ftp://a.example",
        "a.example",
        "https://",
        "https://a.example/ b",
        "https://a\0",
        "https://a\n",
    ):
        assert [v.path for v in CONTRACT.violations("LipSyncRequest", submit | {"callback_url": wrong})] == [
            "callback_url"
        ]


def test_unknown_fields_are_ignored_in_requests_and_impossible_in_answers(paper: Paper, submit: Json) -> None:
    assert CONTRACT.violations("LipSyncRequest", submit | {"mystery": 1}) == ()
    answer = cast(Json, paper.examples["task-succeed"]["body"])
    assert [v.rule for v in CONTRACT.violations("TaskAnswer", answer | {"mystery": 1})] == [
        "additionalProperties"
    ]
