"""Results: playable, of the right length and size, with every sound where the request put it."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mock_server.core.errors import ProbeError
from mock_server.core.media import MediaFacts, MediaFormat
from mock_server.core.task import Clip
from mock_server.media.probe import probe
from mock_server.media.result import render_video
from mock_server.media.samples import sample_bytes

SOURCES = ["talk.mp4", "talk.mov", "silent.mp4", "portrait.mp4"]
SOUNDS = ["speech.wav", "speech.mp3", "speech.m4a", "speech.aac"]
CODECS = {"speech.wav": "flac", "speech.mp3": "mp3float", "speech.m4a": "aac", "speech.aac": "aac"}


def clip_of(name: str, *times: int, **rest: float) -> tuple[Clip, bytes]:
    data = sample_bytes(name)
    return Clip("0", probe(data), *times, **rest), data


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("sound", SOUNDS)
def test_a_real_source_keeps_its_picture_and_gets_the_sound(source, sound, inspect, watch):
    facts = probe(sample_bytes(source))
    clip, audio = clip_of(sound, 500, 2_500, 1_000, original_volume=0.0)
    data = render_video(facts, sample_bytes(source), [(clip, audio)])
    length, (video, dub) = inspect(data)
    assert length == pytest.approx(facts.duration_ms / 1000, abs=0.04)
    assert (video.codec, video.width, video.height) == ("h264", facts.width, facts.height)
    assert dub.codec == CODECS[sound]
    before, after = (watch(film) for film in (sample_bytes(source), data))
    assert len(before) == len(after)
    assert [bytes(frame.planes[0])[:2_000] for frame in before[::25]] == [
        bytes(frame.planes[0])[:2_000] for frame in after[::25]
    ]
    assert probe(data).duration_ms == facts.duration_ms


@pytest.mark.parametrize("sound", SOUNDS)
@pytest.mark.parametrize(
    ("start_ms", "end_ms", "insert_ms"), [(0, 2_000, 0), (700, 3_100, 2_050), (1_999, 4_000, 1)]
)
def test_the_window_is_heard_where_it_was_put(sound, start_ms, end_ms, insert_ms, drawn_facts, hear):
    clip, audio = clip_of(sound, start_ms, end_ms, insert_ms)
    heard, whole = hear(render_video(drawn_facts, None, [(clip, audio)])), hear(audio)
    assert heard.start == pytest.approx(insert_ms / 1000, abs=0.001)
    length = (end_ms - start_ms) * heard.rate // 1000
    assert heard.samples == pytest.approx(length, abs=1152 + 1)
    first = start_ms * whole.rate // 1000
    ours, theirs = (memoryview(side.planes[0]).cast("h") for side in (heard, whole))
    count = min(len(ours), len(theirs) - first, length)
    # The same waveform: the difference holds next to none of the energy.
    energy = sum(theirs[first + at] ** 2 for at in range(0, count, 7))
    difference = min(
        sum((theirs[first + at + shift] - ours[at]) ** 2 for at in range(0, count - 2, 7))
        for shift in (-1, 0, 1)
        if first + shift >= 0
    )
    assert difference < energy / 50


@pytest.mark.parametrize(
    ("width", "height", "shown"),
    [
        (1280, 720, (1280, 720)),
        (720, 1280, (720, 1280)),
        (1920, 1080, (1920, 1080)),
        (2160, 512, (2160, 512)),
        (718, 1042, (718, 1042)),
        (1001, 777, (1002, 778)),
        (0, 0, (1280, 720)),
        (9, 9_000, (16, 4096)),
    ],
)
def test_a_drawn_video_has_the_size_that_was_stated(width, height, shown, inspect, watch):
    data = render_video(MediaFacts(MediaFormat.MP4, 2_017, 1, "d", width, height), None, [])
    length, (video,) = inspect(data)
    assert (video.width, video.height) == shown
    assert length == pytest.approx(2.017, abs=0.001)
    assert len(watch(data)) == 51


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 65_000))
def test_a_drawn_video_is_as_long_as_was_stated(inspect, duration_ms):
    data = render_video(MediaFacts(MediaFormat.MP4, duration_ms, 1, "d", 320, 240), None, [])
    assert inspect(data)[0] == pytest.approx(max(1, duration_ms) / 1000, abs=0.001)


def test_a_long_video_stays_small(inspect):
    data = render_video(MediaFacts(MediaFormat.MP4, 86_400_000, 1, "d", 1280, 720), None, [])
    assert inspect(data)[0] == 86_400
    assert len(data) < 16_000_000


def test_the_mouth_moves_during_the_clips_only(drawn_facts, clip, watch):
    frames = watch(render_video(drawn_facts, None, [(clip(0, 2_000, 1_000), None)]))
    pictures = [bytes(frame.planes[0]) for frame in frames]
    assert len(set(pictures[:25])) == 1
    assert len(set(pictures[25:75])) == 4
    assert set(pictures[75:]) == {pictures[0]}


def test_clips_without_bytes_are_heard_as_silence(drawn_facts, clip, hear, inspect):
    data = render_video(drawn_facts, None, [(clip(0, 3_000, 1_500), None)])
    sound = hear(data)
    assert (sound.start, sound.samples / sound.rate) == (1.5, 3.0)
    assert not any(sound.planes[0])
    assert inspect(data)[0] == pytest.approx(5.31)


def test_a_clip_ends_with_the_video(drawn_facts, hear, inspect):
    data = render_video(drawn_facts, None, [clip_of("speech.wav", 0, 4_000, 3_310)])
    sound = hear(data)
    assert (sound.start, sound.samples) == (3.31, 32_000)
    assert inspect(data)[0] == pytest.approx(5.31)


def test_a_clip_at_the_very_end_leaves_no_track(drawn_facts, inspect):
    _, streams = inspect(render_video(drawn_facts, None, [clip_of("speech.wav", 0, 4_000, 5_310)]))
    assert [stream.type for stream in streams] == ["video"]


def test_a_window_past_the_sound_is_silence(drawn_facts, hear):
    for name in SOUNDS:
        sound = hear(render_video(drawn_facts, None, [clip_of(name, 4_500, 5_500, 1_000)]))
        assert (sound.start, sound.samples) == (1.0, 16_000)


def test_every_face_has_its_own_track_in_order(drawn_facts, inspect, hear):
    clips = [clip_of("speech.mp3", 0, 2_000, 3_000), clip_of("speech.wav", 0, 2_000, 500)]
    data = render_video(drawn_facts, None, clips)
    assert [stream.codec for stream in inspect(data)[1]] == ["h264", "mp3float", "flac"]
    assert [hear(data, number).start for number in (0, 1)] == [pytest.approx(3.0), 0.5]


@pytest.mark.parametrize(
    ("volumes", "codecs"),
    [((1.0,), ["flac", "aac"]), ((0.0,), ["flac"]), ((0.0, 0.5), ["flac", "flac", "aac"])],
)
def test_the_sources_own_sound_stays_unless_it_is_turned_off(volumes, codecs, inspect, hear):
    source = sample_bytes("talk.mp4")
    clips = [clip_of("speech.wav", 0, 2_000, 0, original_volume=volume) for volume in volumes]
    data = render_video(probe(source), source, clips)
    assert [stream.codec for stream in inspect(data)[1]] == ["h264", *codecs]
    if codecs[-1] == "aac":
        assert hear(data, len(volumes)).planes == hear(source).planes


def test_the_volume_stands_in_the_track_header(drawn_facts):
    data = render_video(drawn_facts, None, [clip_of("speech.wav", 0, 2_000, 0, volume=0.5)])
    header = data.index(b"tkhd", data.index(b"tkhd") + 4) + 4
    assert struct.unpack_from(">H", data, header + 36) == (0x80,)


@pytest.mark.parametrize("form", ["mp4", "mov"])
def test_a_fragmented_source_is_copied_too(form, remux, inspect, watch, hear):
    source = remux(sample_bytes("talk.mp4"), form, {"movflags": "frag_keyframe+empty_moov"})
    facts = probe(source)
    data = render_video(facts, source, [clip_of("speech.wav", 0, 2_000, 1_000)])
    assert inspect(data)[0] == pytest.approx(inspect(source)[0], abs=0.04)
    assert inspect(data)[1][0].duration == facts.duration_ms / 1000
    assert len(watch(data)) == 200
    assert hear(data, 1).samples == pytest.approx(8 * 48_000, abs=2_048)


def test_the_sound_of_a_quicktime_source_is_put_into_mp4_form(encode, hear, inspect):
    """QuickTime wraps the description of AAC; a clip and a source's own sound both have to come out of it."""
    sound = encode("aac", "mov", {}, 48_000, "stereo")
    clip = Clip("0", probe(sound), 0, 2_000, 0)
    data = render_video(MediaFacts(MediaFormat.MP4, 3_000, 1, "d", 320, 240), None, [(clip, sound)])
    assert inspect(data)[1][1].codec == "aac"
    assert b"wave" not in data
    assert any(hear(data).planes[0])


@pytest.mark.parametrize(
    ("codec", "options", "rate", "layout"),
    [("libmp3lame", {"b": "64000"}, 44_100, "stereo"), ("libmp3lame", {"q": "7"}, 16_000, "mono")],
)
def test_an_mp3_with_a_bit_reservoir_is_cut_cleanly(codec, options, rate, layout, encode, drawn_facts, hear):
    audio = encode(codec, "mp3", options, rate, layout)
    clip = Clip("0", probe(audio), 600, 1_800, 1_000)
    heard, whole = hear(render_video(drawn_facts, None, [(clip, audio)])), hear(audio)
    first = 600 * rate // 1000
    ours, theirs = (memoryview(side.planes[0]).cast("h") for side in (heard, whole))
    count = 1_000 * rate // 1000
    energy = sum(theirs[first + at] ** 2 for at in range(count))
    assert sum((theirs[first + at] - ours[at]) ** 2 for at in range(count)) < energy / 50


def test_the_same_request_gives_the_same_bytes():
    source = sample_bytes("talk.mp4")
    first, second = (
        render_video(probe(source), source, [clip_of("speech.mp3", 0, 2_000, 5)]) for _ in range(2)
    )
    assert first == second


def test_the_header_comes_before_the_samples(drawn_facts):
    data = render_video(drawn_facts, None, [])
    assert data.index(b"ftyp") < data.index(b"moov") < data.index(b"mdat")


@settings(max_examples=150, deadline=None)
@given(
    name=st.sampled_from([*SOURCES, *SOUNDS]),
    changes=st.lists(
        st.tuples(st.integers(0, 6_000), st.binary(min_size=1, max_size=6)), min_size=1, max_size=8
    ),
)
def test_whatever_can_be_probed_can_be_rendered(name, changes, drawn_facts):
    data = bytearray(sample_bytes(name))
    for position, patch in changes:
        data[position : position + len(patch)] = patch
    try:
        facts = probe(bytes(data))
    except ProbeError:
        return
    clip = Clip("0", facts, 0, 2_000, 0)
    source = (facts, bytes(data)) if facts.format.is_video else (drawn_facts, None)
    assert render_video(*source, [(clip, bytes(data))])[4:8] == b"ftyp"


@pytest.mark.parametrize("sound", SOUNDS)
@pytest.mark.parametrize("insert_ms", [3_310, 3_290, 5_250, 5_309])
def test_no_sound_makes_the_file_longer_than_its_video(sound, insert_ms, drawn_facts, inspect):
    data = render_video(drawn_facts, None, [clip_of(sound, 1_003, 3_003, insert_ms)])
    assert inspect(data)[0] == pytest.approx(5.31, abs=0.001)
