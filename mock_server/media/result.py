"""The result of a lip-sync task: an MP4 that plays, with the right length, size and sound at the right place.

Nothing is decoded or encoded. The picture of a source that is at hand is copied, else a face is drawn. Each
clip becomes an audio track of its own, in the order of the request, and the source's own sound, where it is
to be kept, one more. Tracks are not mixed: a player that plays one track plays the first clip.
"""

from __future__ import annotations

from collections.abc import Sequence

from mock_server.core.errors import ProbeError
from mock_server.core.media import Interval, MediaFacts
from mock_server.core.task import Clip
from mock_server.media.clip_track import clip_track
from mock_server.media.coded_sound import sound_entry
from mock_server.media.drawn import drawn_track
from mock_server.media.isobmff import Edit, Movie, MovieTrack, TrackKind, read_movie
from mock_server.media.mux import write_movie
from mock_server.media.presentation import presented_ms
from mock_server.media.tables import samples_of
from mock_server.media.track import MOVIE_TIMESCALE, Track


def render_video(
    facts: MediaFacts, source: bytes | None, clips: Sequence[tuple[Clip, bytes | None]]
) -> bytes:
    """The result for the video of ``facts``, whose bytes are ``source`` where they are known.

    Each clip comes with the bytes of its audio, or None where only its facts are known, which is heard as
    silence. Deterministic.
    """
    picture, own_sound = _tracks_of(source)
    if picture is None:
        talking = [Interval(clip.insert_ms, clip.insert_ms + clip.length_ms) for clip, _ in clips]
        picture = drawn_track(facts.width, facts.height, facts.duration_ms, talking)
    sounds = [clip_track(clip, audio, picture.presented_ms) for clip, audio in clips]
    if own_sound is not None and (not clips or any(clip.original_volume > 0 for clip, _ in clips)):
        sounds.append(own_sound)
    return write_movie([picture, *sounds])


def _tracks_of(source: bytes | None) -> tuple[Track | None, Track | None]:
    """Picture and sound of the source, as far as they can be copied."""
    if source is None:
        return None, None
    try:
        movie = read_movie(source)
        picture, sound = (_copied(movie, movie.first(kind)) for kind in (TrackKind.VIDEO, TrackKind.AUDIO))
    except ProbeError:
        # The file was fit to be probed, yet its tables lead nowhere: it is treated as one without bytes.
        return None, None
    return picture, sound


def _copied(movie: Movie, track: MovieTrack | None) -> Track | None:
    if track is None:
        return None
    samples, view = samples_of(movie, track), memoryview(movie.reader.data)
    presented_ms(movie, track)  # Raises ProbeError where the track's times make no sense.
    if not samples:
        return None
    entry = track.entry
    is_sound = track.kind is TrackKind.AUDIO
    return Track(
        kind=track.kind,
        timescale=track.timescale,
        entry=sound_entry(movie, track) if is_sound else movie.reader.data[entry.header : entry.end],
        samples=[view[sample.start : sample.start + sample.size] for sample in samples],
        durations=[sample.duration for sample in samples],
        edits=_edits(movie, track),
        compositions=[sample.composition for sample in samples],
        sync=[sample.is_sync for sample in samples],
        display=track.display,
    )


def _edits(movie: Movie, track: MovieTrack) -> tuple[Edit, ...]:
    """The track's own edits in our timescale; a length that was left open is filled in."""
    if any(edit.length for edit in track.edits if edit.media_time >= 0):
        return tuple(
            Edit(round(edit.length * MOVIE_TIMESCALE / movie.timescale), edit.media_time)
            for edit in track.edits
        )
    return tuple(
        Edit(presented_ms(movie, track), edit.media_time) for edit in track.edits if edit.media_time >= 0
    )
