"""How long a track of a movie is shown."""

from __future__ import annotations

from mock_server.media.duration import duration_ms
from mock_server.media.fragments import fragment_samples
from mock_server.media.isobmff import Movie, MovieTrack, TrackKind


def presented_ms(movie: Movie, track: MovieTrack) -> int:
    """The length of ``track`` in milliseconds: its samples, less what its edits leave out.

    An edit list may shorten a track or begin it with a pause; it cannot show more than there is. Only
    a track without any sample is believed what the movie's header claims. Raises ProbeError.
    """
    units = track.length + sum(sample.duration for sample in fragment_samples(movie, track))
    if not units:
        return duration_ms(movie.length, movie.timescale)
    pause = sum(edit.length for edit in track.edits if edit.media_time < 0)
    shown = sum(edit.length for edit in track.edits)
    if shown > pause:
        held_ms = duration_ms(units, track.timescale) + duration_ms(pause, movie.timescale)
        return min(held_ms, duration_ms(shown, movie.timescale))
    # A fragmented file leaves the length of its edit at zero: it was not known when the list was written.
    # Of sound the edit cuts the encoder's run-in; of a picture it only makes up for reordered frames.
    run_in = max((edit.media_time for edit in track.edits), default=0) if track.kind is TrackKind.AUDIO else 0
    return duration_ms(max(0, units - max(0, run_in)), track.timescale)
