"""Movies in ISO-BMFF form (mp4, mov, m4a): tracks, their lengths, sizes and codecs."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from enum import Enum

from mock_server.core.errors import ProbeError
from mock_server.core.media import MediaFormat
from mock_server.media.boxes import Box, BoxReader

MAX_HEADER_BYTES = 8 * 1024 * 1024
"""The largest ``moov`` that is read (reliability.md § 1.9)."""
_DISPLAY_BYTES = 44
_AUDIO_BRANDS = {b"M4A ", b"M4B ", b"M4P "}


class TrackKind(Enum):
    """What a track holds, by the code of its handler."""

    VIDEO = b"vide"
    AUDIO = b"soun"


@dataclass(frozen=True, slots=True)
class Edit:
    """One row of an edit list. ``length`` is in the movie's timescale.

    ``media_time`` is in the track's; -1 is a pause.
    """

    length: int
    media_time: int


@dataclass(frozen=True, slots=True)
class MovieTrack:
    """One track with picture or sound. ``entry`` is its first sample entry, ``table`` its ``stbl`` box."""

    kind: TrackKind
    id: int
    timescale: int
    length: int
    """Sum of the sample durations, in ``timescale``; fragments not counted."""
    edits: tuple[Edit, ...]
    entry: Box
    table: Box
    width: int
    height: int
    display: bytes
    """Matrix and size: the end of ``tkhd``. ``width`` and ``height`` are what comes of it on a screen."""

    @property
    def codec(self) -> bytes:
        """The four-character code of the sample entry."""
        return self.entry.kind


@dataclass(frozen=True, slots=True)
class Movie:
    """What ``moov`` says. ``fragments`` are the ``moof`` boxes that follow it, in order."""

    reader: BoxReader
    format: MediaFormat
    timescale: int
    length: int
    tracks: tuple[MovieTrack, ...]
    fragments: tuple[Box, ...]
    extends: Box | None

    def first(self, kind: TrackKind) -> MovieTrack | None:
        return next((track for track in self.tracks if track.kind is kind), None)


def read_movie(data: bytes) -> Movie:
    """The movie in ``data``. Raises ProbeError where there is none that can be read."""
    reader = BoxReader(data)
    top = reader.top()
    movie = next((box for box in top if box.kind == b"moov"), None)
    if movie is None:
        raise ProbeError("the file has no moov box")
    if movie.size > MAX_HEADER_BYTES:
        raise ProbeError("the moov box is too large")
    tracks = tuple(
        track
        for box in reader.children(movie)
        if box.kind == b"trak" and (track := _track(reader, box)) is not None
    )
    timescale, length = _timing(reader, reader.need(movie, b"mvhd"))
    return Movie(
        reader=reader,
        format=_format(reader, top, tracks),
        timescale=timescale,
        length=length,
        tracks=tracks,
        fragments=tuple(box for box in top if box.kind == b"moof"),
        extends=reader.find(movie, b"mvex"),
    )


def _format(reader: BoxReader, top: list[Box], tracks: tuple[MovieTrack, ...]) -> MediaFormat:
    if not tracks:
        raise ProbeError("the file has neither picture nor sound")
    # QuickTime files from before 2001 have no ftyp box.
    brand = next((reader.content(box)[:4] for box in top if box.kind == b"ftyp"), b"qt  ")
    if brand in _AUDIO_BRANDS or all(track.kind is TrackKind.AUDIO for track in tracks):
        return MediaFormat.M4A
    return MediaFormat.MOV if brand == b"qt  " else MediaFormat.MP4


def _track(reader: BoxReader, box: Box) -> MovieTrack | None:
    media = reader.need(box, b"mdia")
    handler = reader.need(media, b"hdlr")
    (word,) = reader.fields(handler, "I", 8)
    if word.to_bytes(4, "big") not in {kind.value for kind in TrackKind}:
        return None
    kind = TrackKind(word.to_bytes(4, "big"))
    timescale, claimed = _timing(reader, reader.need(media, b"mdhd"))
    table = reader.need(media, b"minf", b"stbl")
    entries = reader.children(reader.need(table, b"stsd"), skip=8)
    if not entries:
        raise ProbeError("a track has no sample description")
    track_id, display = _header(reader, reader.need(box, b"tkhd"))
    width, height = _shown(reader, entries[0], display) if kind is TrackKind.VIDEO else (0, 0)
    return MovieTrack(
        kind=kind,
        id=track_id,
        timescale=timescale,
        length=_samples_length(reader, table) or claimed,
        edits=_edits(reader, box),
        entry=entries[0],
        table=table,
        width=width,
        height=height,
        display=display,
    )


def _timing(reader: BoxReader, box: Box) -> tuple[int, int]:
    """Timescale and length of an ``mvhd`` or ``mdhd`` box; a length of all ones is unknown: 0."""
    is_long = reader.fields(box, "B") == (1,)
    timescale, length = reader.fields(box, "IQ", 20) if is_long else reader.fields(box, "II", 12)
    if timescale == 0:
        raise ProbeError("the file claims a timescale of zero")
    return timescale, 0 if length == (2**64 if is_long else 2**32) - 1 else length


def _header(reader: BoxReader, box: Box) -> tuple[int, bytes]:
    is_long = reader.fields(box, "B") == (1,)
    (track_id,) = reader.fields(box, "I", 20 if is_long else 12)
    display = reader.content(box)[52 if is_long else 40 :]
    if len(display) != _DISPLAY_BYTES:
        raise ProbeError("a track header has the wrong length")
    return track_id, display


def _shown(reader: BoxReader, entry: Box, display: bytes) -> tuple[int, int]:
    """Width and height as shown: the coded size, turned where the matrix turns by a quarter."""
    width, height = reader.fields(entry, "HH", 24)
    *matrix, shown_width, shown_height = struct.unpack(">9i2I", display)
    if not (width and height):
        width, height = shown_width >> 16, shown_height >> 16
    is_quarter_turn = matrix[0] == matrix[4] == 0 and bool(matrix[1]) and bool(matrix[3])
    return (height, width) if is_quarter_turn else (width, height)


def _samples_length(reader: BoxReader, table: Box) -> int:
    times = reader.find(table, b"stts")
    if times is None:
        return 0
    (count,) = reader.fields(times, "I", 4)
    rows = reader.fields(times, f"{_bounded(count, 8, times) * 2}I", 8)
    return sum(map(int.__mul__, rows[::2], rows[1::2]))


def _edits(reader: BoxReader, box: Box) -> tuple[Edit, ...]:
    edits = reader.find(box, b"edts", b"elst")
    if edits is None:
        return ()
    version, count = reader.fields(edits, "B3xI")
    row, size = ("Qqi", 20) if version == 1 else ("Iii", 12)
    fields = reader.fields(edits, row * _bounded(count, size, edits), 8)
    return tuple(Edit(*pair) for pair in zip(fields[::3], fields[1::3], strict=True))


def _bounded(count: int, row_size: int, box: Box) -> int:
    if count * row_size > box.size:
        raise ProbeError(f"box {box.kind!r} claims more rows than it holds")
    return count
