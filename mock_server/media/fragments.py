"""Samples of fragmented movies: the ``moof`` boxes that recorders and streaming servers write."""

from __future__ import annotations

from typing import NamedTuple

from mock_server.core.errors import ProbeError
from mock_server.media.boxes import Box, BoxReader
from mock_server.media.isobmff import Movie, MovieTrack

_IS_NOT_SYNC = 0x0001_0000
_MAX_SAMPLES = 1_000_000


class Sample(NamedTuple):
    """One sample of a track: where its bytes are, and its times in the track's timescale."""

    start: int
    size: int
    duration: int
    composition: int
    is_sync: bool


class _Defaults(NamedTuple):
    duration: int
    size: int
    flags: int


def fragment_samples(movie: Movie, track: MovieTrack) -> list[Sample]:
    """The samples that the movie's fragments hold for ``track``, in order. Raises ProbeError."""
    reader, samples = movie.reader, list[Sample]()
    defaults = _movie_defaults(movie, track)
    for fragment in movie.fragments:
        for part in reader.children(fragment):
            if part.kind == b"traf":
                _read_part(reader, fragment, part, track, defaults, samples)
    return samples


def _movie_defaults(movie: Movie, track: MovieTrack) -> _Defaults:
    for box in movie.reader.children(movie.extends) if movie.extends else ():
        if box.kind == b"trex":
            track_id, duration, size, flags = movie.reader.fields(box, "4xI4xIII")
            if track_id == track.id:
                return _Defaults(duration, size, flags)
    return _Defaults(0, 0, 0)


def _read_part(
    reader: BoxReader, fragment: Box, part: Box, track: MovieTrack, defaults: _Defaults, samples: list[Sample]
) -> None:
    boxes = reader.children(part)
    header = next((box for box in boxes if box.kind == b"tfhd"), None)
    if header is None:
        raise ProbeError("a fragment has no header")
    flags, track_id = reader.fields(header, "II")
    if track_id != track.id:
        return
    base, offset = fragment.header, 8
    if flags & 0x1:
        (base,) = reader.fields(header, "Q", offset)
        offset += 8
    offset += 4 if flags & 0x2 else 0
    values = list(defaults)
    for index, bit in enumerate((0x8, 0x10, 0x20)):
        if flags & bit:
            (values[index],) = reader.fields(header, "I", offset)
            offset += 4
    position = base
    for box in boxes:
        if box.kind == b"trun":
            position = _read_run(reader, box, base, position, _Defaults(*values), samples)


def _read_run(
    reader: BoxReader, box: Box, base: int, position: int, defaults: _Defaults, samples: list[Sample]
) -> int:
    """Add the run's samples; the position behind them, where a run without an offset begins."""
    flags, count = reader.fields(box, "II")
    first_flags, offset = defaults.flags, 8
    if flags & 0x1:
        position = base + reader.fields(box, "i", offset)[0]
        offset += 4
    if flags & 0x4:
        (first_flags,) = reader.fields(box, "I", offset)
        offset += 4
    present = [bool(flags & bit) for bit in (0x100, 0x200, 0x400, 0x800)]
    row = "".join(form for form, is_there in zip("IIIi", present, strict=True) if is_there)
    if count > _MAX_SAMPLES - len(samples) or count * 4 * len(row) > box.size:
        raise ProbeError("a fragment claims more samples than it holds")
    fields = iter(reader.fields(box, row * count, offset))
    for number in range(count):
        duration = next(fields) if present[0] else defaults.duration
        size = next(fields) if present[1] else defaults.size
        own = next(fields) if present[2] else first_flags if number == 0 else defaults.flags
        composition = next(fields) if present[3] else 0
        samples.append(Sample(position, size, duration, composition, not own & _IS_NOT_SYNC))
        position += size
    return position
