"""Coded sound, whatever file it came in: frames to be copied, and the entry that describes them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import accumulate

from mock_server.media.adts import SAMPLE_RATES, adts_frames, header_bytes
from mock_server.media.frames import Frame
from mock_server.media.isobmff import Movie, MovieTrack, TrackKind, read_movie
from mock_server.media.mp3 import read_mp3, side_info_bytes, side_info_start
from mock_server.media.sample_entry import ObjectType, audio_entry, mpeg_audio_entry
from mock_server.media.tables import samples_of

_MP3_DECODER_DELAY = 529
"""Samples by which every decoder lags; whoever cuts the encoder's delay off cuts them off too."""


def _one_before(index: int) -> int:
    """Overlapping transforms: a frame sounds right once the one before it was decoded."""
    return max(0, index - 1)


@dataclass(frozen=True, slots=True)
class CodedSound:
    """Frames with their durations in ``timescale``. ``run_in`` units at the front are not part of the sound.

    ``decodes_from(index)`` is the frame with which a decoder has to begin for frame ``index`` to be right.
    """

    entry: bytes
    timescale: int
    frames: Sequence[memoryview]
    durations: Sequence[int]
    run_in: int = 0
    decodes_from: Callable[[int], int] = _one_before

    @property
    def starts(self) -> list[int]:
        """Where each frame begins, in ``timescale``; one more at the end."""
        return list(accumulate(self.durations, initial=0))


def sound_of_mp3(data: bytes) -> CodedSound:
    """The frames of an mp3 file. Raises ProbeError."""
    mp3 = read_mp3(data)
    frames, header = mp3.frames, mp3.frames[0].header
    kind = ObjectType.MP3 if header.samples == 1152 else ObjectType.MP3_LOW_RATE
    return CodedSound(
        entry=mpeg_audio_entry(kind, header.channels, header.sample_rate),
        timescale=header.sample_rate,
        frames=[memoryview(data)[frame.start : frame.end] for frame in frames],
        durations=[frame.header.samples for frame in frames],
        run_in=mp3.delay + _MP3_DECODER_DELAY if mp3.delay else 0,
        decodes_from=partial(_mp3_decodes_from, data, frames),
    )


def sound_of_adts(data: bytes) -> CodedSound:
    """The frames of a raw AAC file, without their headers. Raises ProbeError."""
    frames = adts_frames(data)
    start, header = frames[0].start, frames[0].header
    profile, rate = data[start + 2] >> 6, SAMPLE_RATES.index(header.sample_rate)
    channels = (data[start + 2] & 1) << 2 | data[start + 3] >> 6
    specific = (profile + 1) << 11 | rate << 7 | channels << 3
    return CodedSound(
        entry=mpeg_audio_entry(
            ObjectType.AAC, header.channels, header.sample_rate, specific.to_bytes(2, "big")
        ),
        timescale=header.sample_rate,
        frames=[memoryview(data)[f.start + header_bytes(data, f.start) : f.end] for f in frames],
        durations=[frame.header.samples for frame in frames],
    )


def sound_of_movie(data: bytes) -> CodedSound | None:
    """The sound of an m4a, mp4 or mov file, whatever its coding; None without any. Raises ProbeError."""
    movie = read_movie(data)
    track = movie.first(TrackKind.AUDIO)
    if track is None:
        return None
    samples = samples_of(movie, track)
    view = memoryview(data)
    return CodedSound(
        entry=sound_entry(movie, track),
        timescale=track.timescale,
        frames=[view[sample.start : sample.start + sample.size] for sample in samples],
        durations=[sample.duration for sample in samples],
        run_in=next((edit.media_time for edit in track.edits if edit.media_time >= 0), 0),
    )


def sound_entry(movie: Movie, track: MovieTrack) -> bytes:
    """The track's sample entry as MP4 has it. QuickTime's longer forms of ``mp4a`` are brought into shape."""
    reader, box = movie.reader, track.entry
    version, channels, rate = reader.fields(box, "8xH6xH6xH", 0)
    whole = reader.data[box.header : box.end]
    if box.kind != b"mp4a" or version == 0:
        return whole
    inner = reader.children(box, skip=44 if version == 1 else 64)
    wave = next((child for child in inner if child.kind == b"wave"), None)
    if wave is not None:
        inner += reader.children(wave)
    found = next((child for child in inner if child.kind == b"esds"), None)
    if found is None:
        return whole
    return audio_entry(b"mp4a", channels, rate, reader.data[found.header : found.end])


def _mp3_decodes_from(data: bytes, frames: Sequence[Frame], index: int) -> int:
    """One frame earlier, and as many more as the bit reservoir of that one reaches back."""
    index = first = max(0, index - 1)
    frame = frames[index]
    side = side_info_start(data, frame)
    # main_data_begin: 9 bits in MPEG-1, 8 bits before (ISO/IEC 11172-3 § 2.4.1.7, 13818-3 § 2.4.1.7).
    reaches_back = data[side] << 1 | data[side + 1] >> 7 if frame.header.samples == 1152 else data[side]
    while reaches_back > 0 and first > 0:
        first -= 1
        earlier = frames[first]
        reaches_back -= earlier.end - side_info_start(data, earlier) - side_info_bytes(earlier)
    return first
