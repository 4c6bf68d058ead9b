"""MP3 files: which frames sound, and how long."""

from __future__ import annotations

import pytest

from mock_server.core.errors import ProbeError
from mock_server.media.mp3 import frame_header, read_mp3
from mock_server.media.samples import sample_bytes

FRAME = b"\xff\xfb\x90\xc4"
"""MPEG-1 Layer III, 128 kbit/s, 44.1 kHz, mono: 417 bytes."""


def frame(body: bytes = b"") -> bytes:
    return (FRAME + body).ljust(417, b"\0")


def xing(flags: int, fields: int, rest: bytes) -> bytes:
    return frame(bytes(17) + b"Xing" + flags.to_bytes(4, "big") + bytes(fields) + rest)


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("fffb90c4", (417, 1152, 44_100, 1)),
        ("fffb9264", (418, 1152, 44_100, 2)),
        ("fff384c4", (192, 576, 24_000, 1)),
        ("ffe318c4", (72, 576, 8_000, 1)),
        ("fffb00c4", None),
        ("fffbf0c4", None),
        ("fffb9cc4", None),
        ("fffd90c4", None),
        ("ffeb90c4", None),
        ("fffb90", None),
    ],
    ids=["cbr", "padded", "mpeg2", "mpeg2.5", "free", "bad rate", "bad hertz", "layer II", "reserved", "cut"],
)
def test_headers_are_read_by_the_tables_of_the_standard(header, expected):
    assert frame_header(bytes.fromhex(header), 0) == expected


@pytest.mark.parametrize(
    ("index", "samples"),
    [
        (b"", 11_520),
        (xing(0, 0, b""), 11_520),
        (xing(15, 112, b"LAME3.100" + bytes(12) + b"\x24\x04\x00"), 11_520 - 576 - 1_024),
        (xing(1, 4, b"Lavc60.31" + bytes(12) + b"\x00\x10\x02"), 11_520 - 1 - 2),
        (frame(bytes(32) + b"VBRI"), 11_520),
    ],
    ids=["none", "xing", "lame", "lavc", "vbri"],
)
def test_an_index_frame_is_silent_and_the_encoders_gap_does_not_count(index, samples):
    mp3 = read_mp3(index + frame() * 10)
    assert len(mp3.frames) == 10
    assert mp3.samples == samples


def test_a_gap_longer_than_the_sound_leaves_nothing():
    assert read_mp3(xing(0, 0, b"LAME" + bytes(17) + b"\xff\xff\xff") + frame()).samples == 0


def test_rubbish_before_between_and_behind_is_passed_over():
    data = b"\0" * 900 + frame() * 3 + b"\xff" * 50 + frame() * 4 + b"TAG".ljust(128, b" ")
    assert len(read_mp3(data).frames) == 7


def test_too_much_rubbish_is_no_mp3():
    with pytest.raises(ProbeError, match="no MP3 frames"):
        read_mp3(b"\xff\xfb" + b"\0" * 70_000 + frame() * 9)


def test_a_single_frame_that_fills_the_file_is_enough():
    assert len(read_mp3(frame()).frames) == 1
    with pytest.raises(ProbeError):
        read_mp3(frame() + b"\0" * 10)


def test_the_samples_frames_stand_alone():
    """Speech of any length is made of them, so none may lean on the one before."""
    data = sample_bytes("speech.mp3")
    mp3 = read_mp3(data)
    assert mp3.frames[0].start == 0
    assert all(data[frame.start + 4] == 0 for frame in mp3.frames)
