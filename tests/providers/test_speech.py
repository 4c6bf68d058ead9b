"""Text to speech at Kling and behind Kirin: the text, the voice, the speed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from contracts.contract import load_contract

if TYPE_CHECKING:
    from tests.providers.conftest import Kirin, Kling

    Speaker = Kling | Kirin

FRAME_MS = 24
"""One frame of the mp3: no clip is more exact."""
TEXT = "x" * 100
"""6.5 s at speed 1.0."""


@pytest.fixture(params=["kling", "kirin"])
def speaker(request: pytest.FixtureRequest) -> Speaker:
    found: Speaker = request.getfixturevalue(request.param)
    return found


def length_ms(speaker: Speaker, **fields: object) -> float:
    return float(speaker.speak(TEXT, **fields).data["duration"]) * 1000


@pytest.mark.parametrize("text", ["x" * 1000, "语" * 1000, "😀" * 1000], ids=["latin", "chinese", "emoji"])
def test_text_of_1000_characters_is_spoken(speaker: Speaker, text: str) -> None:
    clip = speaker.speak(text).data
    assert float(clip["duration"]) > 60
    assert speaker.client.get(clip["url"]).headers["content-type"] == "audio/mpeg"


@pytest.mark.parametrize("text", ["", "x" * 1001, "😀" * 1001], ids=["none", "1001", "1001 emoji"])
def test_text_outside_1_to_1000_characters_is_refused_at_once(speaker: Speaker, text: str) -> None:
    verdict = speaker.speak(text)
    assert verdict.place == "create"
    assert verdict.reason is not None
    assert verdict.reason.startswith("text must ")


@pytest.mark.parametrize(
    ("asked", "taken"),
    [
        (0.8, 0.8),
        (2.0, 2.0),
        (1.04, 1.0),
        (1.26, 1.3),
        (0.84, 0.8),
        (0.1, 0.8),
        (-3, 0.8),
        (2.04, 2.0),
        (9, 2.0),
        (1e300, 2.0),
    ],
)
def test_speed_is_rounded_to_one_decimal_and_held_within_its_range(
    speaker: Speaker, asked: float, taken: float
) -> None:
    assert length_ms(speaker, voice_speed=asked) == pytest.approx(6500 / taken, abs=FRAME_MS)


def test_speed_is_1_where_none_is_given(speaker: Speaker) -> None:
    assert length_ms(speaker) == length_ms(speaker, voice_speed=1.0)


@pytest.mark.parametrize("speed", ["1.0", True, [1]])
def test_speed_must_be_a_number(speaker: Speaker, speed: object) -> None:
    verdict = speaker.speak(TEXT, voice_speed=speed)
    assert (verdict.place, verdict.reason) == ("create", "voice_speed must be a number")


@pytest.mark.parametrize(
    ("voice", "language"),
    [("oversea_male1", "zh"), ("girlfriend_1_speech02", "en"), ("nobody", "en"), ("OVERSEA_MALE1", "en")],
)
def test_voice_that_does_not_speak_the_language_is_not_found(
    speaker: Speaker, voice: str, language: str
) -> None:
    verdict = speaker.speak(TEXT, voice_id=voice, voice_language=language)
    assert (verdict.place, verdict.reason) == (speaker.rules_show_at, "voice_id Voice id not found")


def test_every_listed_voice_speaks_its_language(speaker: Speaker) -> None:
    (rule,) = (rule for rule in load_contract(speaker.name).rules["speech"] if rule.id == "voice-known")
    for pair in rule.accepts:
        voice, _, language = pair.partition(":")
        assert speaker.speak("Hello.", voice_id=voice, voice_language=language).is_accepted


def test_language_outside_the_list_is_refused_at_once(speaker: Speaker) -> None:
    verdict = speaker.speak(TEXT, voice_language="fr")
    assert (verdict.place, verdict.reason) == ("create", "voice_language must be one of zh, en")


@pytest.mark.parametrize("name", ["text", "voice_id", "voice_language"])
def test_required_fields_are_named_when_missing(speaker: Speaker, name: str) -> None:
    fields = {"model": "kirin_tts", "text": TEXT, "voice_id": "oversea_male1", "voice_language": "en"}
    del fields[name]
    path = "/v1/audio/tts" if speaker.name == "kling" else "/model/v1/generation"
    answer = speaker.client.post(path, json=fields)
    assert answer.status_code == 400
    assert answer.json()["message"] == f"{name} is required"


def test_same_text_is_spoken_into_a_new_clip_each_time(speaker: Speaker) -> None:
    assert speaker.speak(TEXT).data["id"] != speaker.speak(TEXT).data["id"]


def test_older_endpoint_of_kling_speaks_120_characters_at_most(kling: Kling) -> None:
    fields = {
        "mode": "text2video",
        "video_url": "https://cdn.test/a.mp4?lipflap.duration_ms=5000",
        "voice_id": "oversea_male1",
        "voice_language": "en",
    }
    assert kling.legacy(text="x" * 120, **fields).is_accepted
    verdict = kling.legacy(text="x" * 121, **fields)
    assert verdict.reason == "input.text must have at most 120 characters"
    mismatch = kling.legacy(text="x", **{**fields, "voice_language": "zh"})
    assert mismatch.reason == "input.voice_id Voice id not found"
