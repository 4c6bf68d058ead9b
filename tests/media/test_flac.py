"""FLAC: checksums by another algorithm, and PCM that comes out as it went in."""

from __future__ import annotations

import io
import wave

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_server.core.media import Interval
from mock_server.media import flac
from mock_server.media.clip_track import clip_track
from mock_server.media.drawn import drawn_track
from mock_server.media.mux import write_movie


def crc16_bit_by_bit(data: bytes) -> int:
    remainder = 0
    for byte in data:
        remainder ^= byte << 8
        for _ in range(8):
            remainder = (remainder << 1) ^ (0x18005 if remainder & 0x8000 else 0)
    return remainder


def test_the_checksum_of_the_catalogue():
    # CRC-16/UMTS of "123456789", the check value published for this polynomial.
    assert flac.crc16(b"123456789") == 0xFEE8


@given(st.binary(max_size=400))
def test_folding_gives_the_same_checksum_as_long_division(data):
    assert flac.crc16(data) == crc16_bit_by_bit(data)


def wav(channels: int, sample_bytes: int, rate: int, data: bytes) -> bytes:
    target = io.BytesIO()
    with wave.open(target, "wb") as file:
        file.setparams((channels, sample_bytes, rate, 0, "NONE", ""))
        file.writeframes(data)
    return target.getvalue()


def noise(count: int) -> bytes:
    """Bytes without a pattern, the same every time."""
    state, found = 1, bytearray()
    for _ in range(count):
        state = (state * 1_103_515_245 + 12_345) & 0x7FFFFFFF
        found.append(state >> 16 & 0xFF)
    return bytes(found)


@pytest.mark.parametrize(("channels", "rate"), [(1, 16_000), (2, 44_100)])
def test_sixteen_bit_sound_is_placed_to_the_sample(channels, rate, clip, hear):
    step = 2 * channels
    data = noise(rate * step * 3)
    track = clip_track(clip(500, 2_500, 1_000), wav(channels, 2, rate, data), 5_000)
    sound = hear(write_movie([drawn_track(320, 240, 5_000, [Interval(1_000, 3_000)]), track]))
    window = data[rate * step // 2 : rate * step * 5 // 2]
    assert (sound.start, sound.rate) == (1.0, rate)
    for channel, plane in enumerate(sound.planes):
        expected = b"".join(
            window[at + 2 * channel : at + 2 * channel + 2] for at in range(0, len(window), step)
        )
        assert plane == expected


@pytest.mark.parametrize(("sample_bytes", "first"), [(1, 0), (3, 1), (4, 2)])
def test_other_widths_keep_their_highest_bits(sample_bytes, first, clip, hear):
    data = noise(8_000 * sample_bytes * 2)
    sound = hear(write_movie([clip_track(clip(0, 2_000, 0), wav(1, sample_bytes, 8_000, data), 5_000)]))
    assert sound.samples == 16_000
    if sample_bytes == 1:
        expected = b"".join(bytes((0, byte ^ 0x80)) for byte in data)
    else:
        width = sample_bytes
        expected = b"".join(data[at + first : at + first + 2] for at in range(0, len(data), width))
    # FFmpeg brings 24 bits down to 16 by rounding, so the last bit may differ.
    for at in range(0, len(expected), 2):
        ours = int.from_bytes(expected[at : at + 2], "little", signed=True)
        heard = int.from_bytes(sound.planes[0][at : at + 2], "little", signed=True)
        assert abs(ours - heard) <= 1


def test_floats_become_integers(encode, clip, hear):
    floats, integers = (encode(codec, "wav", {}, 16_000) for codec in ("pcm_f32le", "pcm_s16le"))
    tracks = [clip_track(clip(0, 2_000, 0), data, 5_000) for data in (floats, integers)]
    first, second = (hear(write_movie([track])).planes[0] for track in tracks)
    pairs = zip(memoryview(first).cast("h"), memoryview(second).cast("h"), strict=True)
    assert all(abs(one - other) <= 1 for one, other in pairs)
    assert any(memoryview(first).cast("h"))


def test_silence_is_silent_and_small(clip, hear):
    data = write_movie([clip_track(clip(0, 5_000, 250), None, 60_000)])
    sound = hear(data)
    assert (sound.start, sound.samples) == (0.25, 80_000)
    assert not any(sound.planes[0])
    assert len(data) < 2_000
