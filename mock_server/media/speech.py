"""Speech that nobody spoke: a real mp3 of any length for the text-to-speech operations."""

from __future__ import annotations

from functools import cache

from mock_server.media.mp3 import read_mp3
from mock_server.media.samples import sample_bytes

MS_PER_CHARACTER = {"narrow": 65, "wide": 220}
"""ASSUMED: about 15 letters, or 4 to 5 Chinese characters, a second at speed 1.0."""
MIN_LENGTH_MS = 500
_FIRST_WIDE = "\u2e80"
"""Scripts that write a syllable with one sign begin about here: CJK radicals, kana, Hangul, ideographs."""


def speech_length_ms(text: str, speed: float) -> int:
    """How long ``text`` takes to be spoken at ``speed`` (1.0 is normal, more is faster). An estimate."""
    total_ms = sum(MS_PER_CHARACTER["wide" if sign >= _FIRST_WIDE else "narrow"] for sign in text)
    return max(MIN_LENGTH_MS, round(total_ms / speed))


def render_speech(duration_ms: int) -> bytes:
    """An mp3 of ``duration_ms``, to the nearest frame of 24 ms, at least one. Deterministic.

    The sample's frames over and over: they were made without a bit reservoir, so each stands alone.
    """
    frames, frame_us = _template()
    count = max(1, (duration_ms * 1000 + frame_us // 2) // frame_us)
    rounds, rest = divmod(count, len(frames))
    return b"".join(frames) * rounds + b"".join(frames[:rest])


@cache
def _template() -> tuple[tuple[bytes, ...], int]:
    data = sample_bytes("speech.mp3")
    frames = read_mp3(data).frames
    header = frames[0].header
    return tuple(
        data[frame.start : frame.end] for frame in frames
    ), header.samples * 1_000_000 // header.sample_rate
