"""Kirin's request schemas at the edges that its pages name: each edge passes, one step beyond does not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, cast

import pytest

from contracts.contract import load_contract

if TYPE_CHECKING:
    from tests.contracts.documents.conftest import Paper, PaperOf

Json = dict[str, object]

CONTRACT = load_contract("kirin")


@pytest.fixture
def paper(paper_of: PaperOf) -> Paper:
    return paper_of("kirin")


@pytest.fixture
def flat(paper: Paper) -> Json:
    """The documented flat submit."""
    return cast(Json, paper.examples["request-lipsync-flat"]["body"])


@pytest.fixture
def speech(paper: Paper) -> Json:
    """The documented order of a voice clip."""
    return cast(Json, paper.examples["request-tts"]["body"])


@pytest.mark.parametrize("count", [0, 2])
def test_a_task_has_exactly_one_face(flat: Json, count: int) -> None:
    faces = cast(list[Json], flat["face_choose"]) * count
    (violation,) = CONTRACT.violations("LipsyncParams", flat | {"face_choose": faces})

    assert violation.sentence() == "face_choose must hold exactly one entry: one person per task is supported"


@pytest.mark.parametrize(
    ("video", "is_accepted"),
    [
        ({"video_id": "8532"}, True),
        ({"video_id": "", "video_url": "https://a.example/v.mp4"}, True),
        ({"video_id": "8532", "video_url": ""}, True),
        ({"video_id": "8532", "video_url": "https://a.example/v.mp4"}, False),
        ({"video_id": "", "video_url": ""}, False),
        ({"video_url": "v.mp4"}, False),
        ({}, False),
    ],
)
def test_a_video_is_named_in_exactly_one_way(video: Mapping[str, object], is_accepted: bool) -> None:
    assert (CONTRACT.violations("IdentifyFaceParams", video) == ()) is is_accepted


def test_text_ends_at_its_published_length(speech: Json) -> None:
    assert CONTRACT.violations("TtsParams", speech | {"text": "海" * 1000}) == ()
    assert [v.path for v in CONTRACT.violations("TtsParams", speech | {"text": "海" * 1001})] == ["text"]
    assert [v.path for v in CONTRACT.violations("TtsParams", speech | {"text": ""})] == ["text"]


@pytest.mark.parametrize("speed", [0.1, 0.84, 1, 3.7, -1])
def test_any_speed_passes_because_it_is_held_within_its_range_later(speech: Json, speed: float) -> None:
    assert CONTRACT.violations("TtsParams", speech | {"voice_speed": speed}) == ()


def test_only_the_first_wrapped_entry_counts(flat: Json) -> None:
    first = {"params": {key: value for key, value in flat.items() if key != "model"}}
    wrapped = {"model": "kirin_lipsync", "input": [first, {"params": {}}, "anything"]}

    assert CONTRACT.violations("GenerationRequest", wrapped) == ()
    assert CONTRACT.violations("GenerationRequest", wrapped | {"input": [{"params": {}}, first]}) != ()
    assert CONTRACT.violations("GenerationRequest", wrapped | {"input": []}) != ()


def test_wrapped_wins_where_a_body_has_both_forms(flat: Json) -> None:
    assert CONTRACT.violations("GenerationRequest", flat) == ()
    assert CONTRACT.violations("GenerationRequest", flat | {"input": [{"params": {}}]}) != ()
