"""Movies: what decides the format, the size as shown, and the length."""

from __future__ import annotations

import struct

import pytest

from mock_server.core.errors import ProbeError
from mock_server.core.media import MediaFormat
from mock_server.media.isobmff import MAX_HEADER_BYTES, TrackKind, read_movie
from mock_server.media.presentation import presented_ms
from mock_server.media.probe import probe
from mock_server.media.samples import sample_bytes


def patched(name: str, kind: bytes, offset: int, patch: bytes) -> bytes:
    """The sample with ``patch`` written ``offset`` bytes into the content of its first box of ``kind``."""
    data = bytearray(sample_bytes(name))
    start = data.index(kind) + 4 + offset
    data[start : start + len(patch)] = patch
    return bytes(data)


@pytest.mark.parametrize(
    ("name", "brand", "expected"),
    [
        ("talk.mp4", b"qt  ", MediaFormat.MOV),
        ("talk.mp4", b"mp42", MediaFormat.MP4),
        ("talk.mp4", b"M4A ", MediaFormat.M4A),
        ("speech.m4a", b"isom", MediaFormat.M4A),
    ],
)
def test_the_brand_and_the_tracks_decide_the_format(name, brand, expected):
    assert probe(patched(name, b"ftyp", 0, brand)).format is expected


def test_a_movie_without_a_brand_is_quicktime():
    data = sample_bytes("talk.mov")
    assert probe(data[int.from_bytes(data[:4], "big") :]).format is MediaFormat.MOV


def test_a_quarter_turn_swaps_width_and_height():
    turned = struct.pack(">9i", 0, 0x10000, 0, -0x10000, 0, 0, 0, 0, 0x40000000)
    facts = probe(patched("talk.mp4", b"tkhd", 40, turned))
    assert (facts.width, facts.height) == (720, 1280)


def test_tracks_and_codecs_are_told_apart():
    movie = read_movie(sample_bytes("talk.mp4"))
    assert [(track.kind, track.codec) for track in movie.tracks] == [
        (TrackKind.VIDEO, b"avc1"),
        (TrackKind.AUDIO, b"mp4a"),
    ]


def test_an_edit_list_cannot_show_more_than_there_is():
    movie = read_movie(patched("talk.mp4", b"elst", 8, (80_000).to_bytes(4, "big")))
    assert presented_ms(movie, movie.tracks[0]) == 8_000


def test_an_edit_list_can_show_less():
    movie = read_movie(patched("talk.mp4", b"elst", 8, (2_500).to_bytes(4, "big")))
    assert presented_ms(movie, movie.tracks[0]) == 2_500


def test_a_day_and_a_millisecond_is_too_long():
    # 200 samples of 432 s at 12 800 units a second come to exactly one day.
    day = patched("silent.mp4", b"stts", 8, struct.pack(">II", 125, 8_847_360))
    unedited = day.replace(b"elst", b"free")
    assert probe(unedited).duration_ms == 86_400_000
    longer = patched("silent.mp4", b"stts", 8, struct.pack(">II", 125, 8_847_361)).replace(b"elst", b"free")
    with pytest.raises(ProbeError, match="24 hours"):
        probe(longer)


@pytest.mark.parametrize(
    ("kind", "offset", "patch", "reason"),
    [
        (b"mdhd", 12, bytes(4), "timescale of zero"),
        (b"mvhd", 12, bytes(4), "timescale of zero"),
        (b"stts", 4, b"\xff\xff\xff\xff", "more rows"),
        (b"moov", -4, b"moo_", "no moov"),
        (b"stsd", -4, b"sts_", "missing"),
    ],
)
def test_a_broken_header_is_refused(kind, offset, patch, reason):
    with pytest.raises(ProbeError, match=reason):
        probe(patched("silent.mp4", kind, offset, patch))


def test_a_movie_without_picture_or_sound_is_refused():
    with pytest.raises(ProbeError, match="neither picture nor sound"):
        probe(sample_bytes("talk.mp4").replace(b"vide", b"text").replace(b"soun", b"text"))


def test_a_header_beyond_the_limit_is_refused(box):
    with pytest.raises(ProbeError, match="too large"):
        probe(box(b"ftyp", b"isom") + box(b"moov", bytes(MAX_HEADER_BYTES + 1)))
