"""Made speech: a real mp3 of the length asked for."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mock_server.core.media import MediaFormat
from mock_server.media.probe import probe
from mock_server.media.speech import MIN_LENGTH_MS, render_speech, speech_length_ms


@given(st.integers(0, 120_000))
def test_it_is_as_long_as_asked_to_within_half_a_frame(duration_ms):
    facts = probe(render_speech(duration_ms))
    assert facts.format is MediaFormat.MP3
    assert facts.duration_ms == pytest.approx(max(24, duration_ms), abs=12)


@settings(max_examples=5, deadline=None)
@given(st.integers(500, 20_000))
def test_it_decodes_without_a_fault(hear, duration_ms):
    sound = hear(render_speech(duration_ms))
    assert sound.samples / sound.rate == pytest.approx(duration_ms / 1000, abs=0.05)
    assert any(sound.planes[0])


def test_the_same_length_gives_the_same_bytes():
    assert render_speech(3_000) == render_speech(3_000) != render_speech(4_000)


@given(st.text(max_size=200), st.text(max_size=200), st.floats(0.8, 2.0))
def test_more_text_never_takes_less_time_and_speed_shortens_it(text, more, speed):
    length_ms = speech_length_ms(text, speed)
    assert MIN_LENGTH_MS <= length_ms <= speech_length_ms(text + more, speed)
    assert speech_length_ms(text, 2.0) <= length_ms <= speech_length_ms(text, 0.8)


def test_a_sign_for_a_syllable_takes_longer_than_a_letter():
    assert speech_length_ms("你好世界你好世界", 1.0) == 8 * 220
    assert speech_length_ms("hello world.", 1.0) == 12 * 65
