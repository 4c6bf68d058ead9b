"""One entry of ``face_choose``, which all three providers share: each edge passes, one step beyond does not."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.contracts.documents.conftest import Paper

Said = Callable[..., list[str]]
LONGEST_MS = 2**63 - 1
FACE = {
    "face_id": "0",
    "sound_file": "https://a.example/a.mp3",
    "sound_start_time": 0,
    "sound_end_time": 3000,
    "sound_insert_time": 1000,
}
TIMES = ["sound_start_time", "sound_end_time", "sound_insert_time"]


@pytest.fixture
def said(paper: Paper) -> Said:
    """Sentences about an entry with changes; None takes a field away."""

    def sentences(**changes: object) -> list[str]:
        entry = {key: value for key, value in {**FACE, **changes}.items() if value is not None}
        return [violation.sentence() for violation in paper.contract.violations("FaceChoice", entry)]

    return sentences


@pytest.mark.parametrize("field", ["sound_volume", "original_audio_volume"])
def test_volume_is_from_0_to_2(said: Said, field: str) -> None:
    assert [said(**{field: value}) for value in (0, 2, 1.5, None)] == [[], [], [], []]
    assert said(**{field: 2.01}) == [f"{field} must be at most 2"]
    assert said(**{field: -0.01}) == [f"{field} must be at least 0"]


@pytest.mark.parametrize("field", TIMES)
def test_times_are_whole_milliseconds(said: Said, field: str) -> None:
    assert [said(**{field: value}) for value in (0, 3000, 3000.0, LONGEST_MS)] == [[], [], [], []]
    assert said(**{field: "3000"}) == [f"{field} must be an integer"]
    assert said(**{field: 0.5}) == [f"{field} must be an integer"]
    assert said(**{field: -1}) == [f"{field} must be at least 0"]
    assert said(**{field: LONGEST_MS + 1}) == [f"{field} must be at most {LONGEST_MS}"]


@pytest.mark.parametrize("field", ["face_id", *TIMES])
def test_a_missing_field_is_named(said: Said, field: str) -> None:
    assert said(**{field: None}) == [f"{field} is required"]


def test_there_is_exactly_one_source_of_audio(said: Said) -> None:
    refusal = ["needs exactly one of audio_id and sound_file"]
    assert said(audio_id="") == []
    assert said(audio_id="8612", sound_file="") == []
    assert said(audio_id="8612", sound_file=None) == []
    assert said(audio_id="8612") == refusal
    assert said(sound_file="") == refusal
    assert said(sound_file=None) == refusal
    assert said(audio_id="", sound_file="") == refusal


def test_base64_is_a_source_of_audio_too(said: Said) -> None:
    assert said(sound_file="UklGRg==") == []


def test_unknown_fields_are_ignored(said: Said) -> None:
    assert said(mystery=1) == []
