"""Facts are what FFmpeg says too, follow the content, and hostile bytes raise nothing but ProbeError."""

from __future__ import annotations

import io
import wave

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from tinytag import TinyTag

from mock_server.core.errors import ProbeError
from mock_server.core.media import MediaFormat
from mock_server.media.digest import digest_of
from mock_server.media.duration import MAX_DURATION_MS
from mock_server.media.probe import probe
from mock_server.media.samples import SAMPLES, sample_bytes

NAMES = [sample.name for sample in SAMPLES]
FORMATS = {
    "talk.mp4": MediaFormat.MP4,
    "talk.mov": MediaFormat.MOV,
    "silent.mp4": MediaFormat.MP4,
    "portrait.mp4": MediaFormat.MP4,
    "speech.wav": MediaFormat.WAV,
    "speech.mp3": MediaFormat.MP3,
    "speech.m4a": MediaFormat.M4A,
    "speech.aac": MediaFormat.AAC,
}
"""reliability.md § 1.9."""


@pytest.mark.parametrize("name", NAMES)
def test_facts_of_samples_agree_with_ffmpeg(name, inspect):
    facts = probe(sample_bytes(name))
    length, streams = inspect(sample_bytes(name))
    videos = [stream for stream in streams if stream.type == "video"]
    assert facts.format is FORMATS[name]
    assert facts.has_audio == any(stream.type == "audio" for stream in streams)
    assert [(facts.width, facts.height)] == ([(v.width, v.height) for v in videos] or [(0, 0)])
    if name != "speech.aac":  # FFmpeg guesses the length of raw AAC from its first frames.
        assert facts.duration_ms == pytest.approx(length * 1000, abs=1)


def test_raw_aac_is_as_long_as_it_sounds(hear):
    sound = hear(sample_bytes("speech.aac"))
    assert probe(sample_bytes("speech.aac")).duration_ms == pytest.approx(
        sound.samples * 1000 / sound.rate, abs=1
    )


@pytest.mark.parametrize(
    ("codec", "form", "options", "rate", "layout"),
    [
        ("libmp3lame", "mp3", {"q": "5"}, 44_100, "stereo"),
        ("libmp3lame", "mp3", {"b": "320000"}, 48_000, "stereo"),
        ("libmp3lame", "mp3", {"b": "32000"}, 22_050, "mono"),
        ("libmp3lame", "mp3", {"b": "16000"}, 8_000, "mono"),
        ("aac", "adts", {}, 48_000, "stereo"),
        ("aac", "ipod", {}, 44_100, "stereo"),
        ("alac", "ipod", {}, 44_100, "stereo"),
        ("pcm_s24le", "wav", {}, 96_000, "5.1"),
        ("pcm_f32le", "wav", {}, 48_000, "mono"),
        ("pcm_alaw", "wav", {}, 8_000, "mono"),
        ("adpcm_ima_wav", "wav", {}, 22_050, "mono"),
        ("pcm_s16le", "mov", {}, 48_000, "stereo"),
    ],
)
def test_lengths_of_other_codings_are_those_of_ffmpeg(
    codec, form, options, rate, layout, encode, inspect, hear
):
    data = encode(codec, form, options, rate, layout)
    length = probe(data).duration_ms / 1000
    sound = hear(data)
    heard = sound.samples / sound.rate
    declared, _ = inspect(data)
    frame = 1152 / rate
    # An mp3 declares its run-in as part of its length and a decoder drops it: either is right.
    assert min(declared, heard) - frame <= length <= max(declared, heard) + frame


@pytest.mark.parametrize("form", ["mp4", "mov"])
@pytest.mark.parametrize("options", [{"movflags": "frag_keyframe+empty_moov"}, {}])
def test_a_video_keeps_its_length_in_every_layout(form, options, remux):
    data = remux(sample_bytes("talk.mp4"), form, options)
    facts = probe(data)
    assert facts.format.value == form
    assert facts.duration_ms == pytest.approx(8_000, abs=41)
    assert (facts.width, facts.height, facts.has_audio) == (1280, 720, True)


def test_format_follows_content_behind_an_id3_tag():
    tag = b"ID3\4\0\0" + bytes([0, 0, 1, 0]) + bytes(128)
    assert probe(tag + sample_bytes("speech.mp3")).format is MediaFormat.MP3
    assert probe(tag + sample_bytes("speech.aac")).format is MediaFormat.AAC


@pytest.mark.parametrize(
    "lead", [b"", b"<html>", b"\x1aE\xdf\xa3webm", b"OggS\0\2", b"fLaC\0\0\0\x22", b"\x89PNG\r\n"]
)
def test_other_contents_are_refused(lead):
    with pytest.raises(ProbeError, match="none of mp4, mov, wav, mp3, m4a, aac"):
        probe(lead.ljust(64, b"\0") if lead else b"")


def test_a_wav_from_a_pipe_is_measured_by_what_is_there():
    data = bytearray(sample_bytes("speech.wav"))
    data[4:8] = data[40:44] = b"\xff\xff\xff\xff"
    assert probe(bytes(data)).duration_ms == 4_000


def test_a_wav_that_ends_early_is_as_long_as_what_is_left():
    assert probe(sample_bytes("speech.wav")[: 44 + 32_000]).duration_ms == 1_000


def test_a_wav_claiming_a_sample_a_second_is_no_longer_than_a_day():
    target = io.BytesIO()
    with wave.open(target, "wb") as file:
        file.setparams((1, 1, 1, 0, "NONE", ""))
        file.writeframes(bytes(86_401))
    with pytest.raises(ProbeError, match="24 hours"):
        probe(target.getvalue())


def test_the_same_bytes_have_the_same_digest_and_others_another():
    first, second = sample_bytes("speech.wav"), sample_bytes("speech.mp3")
    assert probe(first).digest == digest_of(first) != probe(second).digest
    assert len(digest_of(first)) == 32


def bounded_probe(data: bytes) -> None:
    try:
        facts = probe(data)
    except ProbeError:
        pass
    else:
        assert 0 <= facts.duration_ms <= MAX_DURATION_MS
        assert facts.format is not MediaFormat.UNKNOWN
        assert facts.size_bytes == len(data)


@given(
    name=st.sampled_from(NAMES),
    cut=st.integers(0, 200_000),
    changes=st.lists(st.tuples(st.integers(0, 8_191), st.binary(min_size=1, max_size=8)), max_size=12),
)
@example(name="talk.mp4", cut=200_000, changes=[(4, b"moov")])
def test_mutants_of_samples_raise_probe_errors_only(name, cut, changes):
    data = bytearray(sample_bytes(name)[:cut])
    for position, patch in changes:
        data[position : position + len(patch)] = patch
    bounded_probe(bytes(data))


@given(
    lead=st.sampled_from(
        [
            b"RIFF\0\0\0\0WAVE",
            b"\0\0\0\x18ftypisom",
            b"\0\0\0\0moov",
            b"ID3\3\0\0\0\0\0\0",
            b"\xff\xfb\x90\0",
            b"\xff\xf1\x50\x80",
        ]
    ),
    rest=st.binary(max_size=2_000),
)
def test_rubbish_behind_a_signature_raises_probe_errors_only(lead, rest):
    bounded_probe(lead + rest)


@pytest.mark.parametrize(
    "data",
    [
        b"\xff" * 5_000_000,
        b"\xff\xfb\x14\xc4" * 1_250_000,
        b"\xff\xf1\x50\x80\x01\x1f\xfc\x00" * 625_000,
        b"ID3\3\0\0\0\0\0\0" * 500_000,
        b"RIFF\0\0\0\0WAVE" + b"junk\0\0\0\0" * 600_000,
        b"\0\0\0\x08free" * 625_000,
        b"\0\0\0\x10ftypqt  \0\0\0\0" + b"\0\0\0\x08moov" * 625_000,
    ],
)
def test_five_megabytes_of_malice_end_in_facts_or_a_probe_error(data):
    bounded_probe(data)


@given(cut=st.integers(2_000, 24_336))
def test_a_cut_mp3_is_as_long_as_tinytag_says(cut):
    data = sample_bytes("speech.mp3")[:cut]
    says = TinyTag.get(filename="x.mp3", file_obj=io.BytesIO(data)).duration
    assert says is not None
    assert probe(data).duration_ms == pytest.approx(says * 1000, abs=60)


def test_a_stream_of_more_frames_than_a_clip_can_have_is_refused_before_it_is_followed_to_its_end():
    with pytest.raises(ProbeError, match="frames"):
        probe(b"\xff\xf1\x50\x80\x01\x1f\xfc\x00" * 250_000)
