"""Text to speech: voices, speed, moderation, and a clip as long as the text."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from contracts.contract import Contract, load_contract
from mock_server.core.errors import Refused
from mock_server.flow.call import Call
from mock_server.flow.speech import REJECTED_TEXT, Script, make_speech, speed_within, spoken
from mock_server.media.probe import probe
from mock_server.media.speech import speech_length_ms

if TYPE_CHECKING:
    from tests.flow.conftest import MakeCall, Run

SCRIPT = Script("Good morning, everybody.", "oversea_male1", "en", 1.0)
SPEED = load_contract("kling").rule("speech", "speed-range")


def refusal(run: Run, call: Call, contract: Contract, script: Script) -> Refused:
    with pytest.raises(Refused) as refused:
        run(make_speech(call, contract, script))
    return refused.value


@given(st.floats(0.8, 2.0))
def test_a_speed_within_the_range_is_rounded_to_a_tenth(speed: float) -> None:
    assert speed_within(SPEED, speed) == round(speed, 1)


@pytest.mark.parametrize(
    ("given_speed", "speed"),
    [(0.0, 0.8), (0.74, 0.8), (0.8, 0.8), (1.26, 1.3), (2.0, 2.0), (2.06, 2.0), (99.0, 2.0)],
)
def test_a_speed_outside_the_range_is_held_and_never_refused(given_speed: float, speed: float) -> None:
    assert speed_within(SPEED, given_speed) == speed


def test_speech_is_a_file_as_long_as_its_text(run: Run, call: Call, kling: Contract) -> None:
    speech = run(make_speech(call, kling, SCRIPT))
    data = call.simulator.blobs.get(speech.audio.blob or "")
    assert data is not None
    assert replace(speech.audio, blob=None) == probe(data)
    assert abs(speech.audio.duration_ms - speech_length_ms(SCRIPT.text, 1.0)) <= 24
    assert (speech.text, speech.created_ms, speech.provider) == (SCRIPT.text, call.now_ms, "kling")


def test_speech_can_be_found_again_and_each_clip_has_an_id_of_its_own(
    run: Run, call: Call, kling: Contract
) -> None:
    first, second = (run(make_speech(call, kling, SCRIPT)) for _ in range(2))
    assert first.id != second.id
    assert call.simulator.store.speech(call.tenant, "kling", first.id) == first


def test_faster_speech_is_shorter(run: Run, call: Call, kling: Contract) -> None:
    slow, fast = (run(spoken(call, kling, replace(SCRIPT, speed=speed))).duration_ms for speed in (0.8, 2.0))
    assert fast < slow


@pytest.mark.parametrize(("voice_id", "language"), [("oversea_male1", "zh"), ("nobody", "en"), ("", "")])
def test_a_voice_must_speak_the_language(
    run: Run, call: Call, kling: Contract, voice_id: str, language: str
) -> None:
    refused = refusal(run, call, kling, replace(SCRIPT, voice_id=voice_id, language=language, path="input."))
    assert (refused.error, refused.message) == ("invalid-value", "input.voice_id Voice id not found")


def test_text_can_ask_to_be_rejected(run: Run, call: Call, kling: Contract) -> None:
    refused = refusal(run, call, kling, replace(SCRIPT, text=f"well, {REJECTED_TEXT}"))
    assert (refused.error, refused.message) == ("moderation", "text was rejected by content moderation")


def test_what_is_refused_leaves_no_number_behind(run: Run, make_call: MakeCall, kling: Contract) -> None:
    call = make_call()
    refusal(run, call, kling, replace(SCRIPT, voice_id="nobody"))
    assert call.simulator.store.next_number(call.tenant, "speech") == 1
