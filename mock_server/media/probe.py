"""Facts of a file from its bytes. The format is what the content is, whatever the file is called."""

from __future__ import annotations

from mock_server.core.errors import ProbeError
from mock_server.core.media import MediaFacts, MediaFormat
from mock_server.media.adts import adts_frames, is_adts
from mock_server.media.digest import digest_of
from mock_server.media.duration import duration_ms
from mock_server.media.isobmff import TrackKind, read_movie
from mock_server.media.mp3 import is_mp3, read_mp3
from mock_server.media.presentation import presented_ms
from mock_server.media.riff import is_wave, read_wave

_FIRST_BOXES = {b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot", b"styp"}


def probe(data: bytes) -> MediaFacts:
    """The facts of one file. ``blob`` stays None. Raises ProbeError, and nothing else, for any bytes.

    The duration of a video is that of its picture, of any other file that of its sound.
    """
    if data[4:8] in _FIRST_BOXES:
        return _movie_facts(data)
    if is_wave(data):
        return _sound_facts(data, MediaFormat.WAV, read_wave(data).duration_ms)
    if is_mp3(data):
        mp3 = read_mp3(data)
        return _sound_facts(data, MediaFormat.MP3, duration_ms(mp3.samples, mp3.frames[0].header.sample_rate))
    if is_adts(data):
        frames = adts_frames(data)
        samples = sum(frame.header.samples for frame in frames)
        return _sound_facts(data, MediaFormat.AAC, duration_ms(samples, frames[0].header.sample_rate))
    raise ProbeError("the content is none of mp4, mov, wav, mp3, m4a, aac")


def _sound_facts(data: bytes, form: MediaFormat, length_ms: int) -> MediaFacts:
    return MediaFacts(form, length_ms, len(data), digest_of(data))


def _movie_facts(data: bytes) -> MediaFacts:
    movie = read_movie(data)
    picture, sound = movie.first(TrackKind.VIDEO), movie.first(TrackKind.AUDIO)
    main = picture if movie.format.is_video or sound is None else sound
    if main is None:
        raise ProbeError("the file has neither picture nor sound")
    return MediaFacts(
        format=movie.format,
        duration_ms=presented_ms(movie, main),
        size_bytes=len(data),
        digest=digest_of(data),
        width=main.width,
        height=main.height,
        has_audio=sound is not None,
    )
