"""An MP4 file from tracks: header first, so that it plays while it loads; samples interleaved by time."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from itertools import accumulate, groupby
from typing import NamedTuple

from mock_server.media.box_writer import box, full_box
from mock_server.media.isobmff import Edit, TrackKind
from mock_server.media.track import MOVIE_TIMESCALE, UPRIGHT, Track

_CHUNK_MS = 500
_LANGUAGE = b"\x55\xc4\0\0"
"""ISO 639 "und", packed as § 8.4.2.3 of ISO/IEC 14496-12 asks."""
_HERE = full_box(b"dref", 0, 0, b"\0\0\0\1", full_box(b"url ", 0, 1))
_HANDLERS = {
    TrackKind.VIDEO: (b"VideoHandler\0", full_box(b"vmhd", 0, 1, bytes(8))),
    TrackKind.AUDIO: (b"SoundHandler\0", full_box(b"smhd", 0, 0, bytes(4))),
}


class _Chunk(NamedTuple):
    """Samples ``first`` to ``end`` of a track, which lie side by side in the file."""

    starts_ms: float
    track: int
    first: int
    end: int


def write_movie(tracks: Sequence[Track]) -> bytes:
    """The file. Tracks without samples are left out; the others are numbered from 1 in their order."""
    tracks = [track for track in tracks if track.samples]
    chunks = sorted(chunk for number, track in enumerate(tracks) for chunk in _chunks(number, track))
    sizes = [sum(map(len, tracks[c.track].samples[c.first : c.end])) for c in chunks]
    kind = box(b"ftyp", b"isom\0\0\2\0isomiso2avc1mp41")
    # The offsets have a fixed width, so a header written with any of them tells the size of the right one.
    head_bytes = len(kind) + len(_header(tracks, chunks, [0] * len(chunks))) + 8
    offsets = [head_bytes + before for before in accumulate(sizes, initial=0)][:-1]
    pieces = (sample for c in chunks for sample in tracks[c.track].samples[c.first : c.end])
    data = struct.pack(">I4s", 8 + sum(sizes), b"mdat")
    return b"".join((kind, _header(tracks, chunks, offsets), data, *pieces))


def _chunks(number: int, track: Track) -> Iterator[_Chunk]:
    pause_ms = track.edits[0].length if track.edits and track.edits[0].media_time < 0 else 0
    starts = [at * MOVIE_TIMESCALE / track.timescale for at in accumulate(track.durations, initial=0)]
    for _, group in groupby(range(len(track.samples)), key=lambda index: starts[index] // _CHUNK_MS):
        first, *rest = group
        yield _Chunk(pause_ms + starts[first], number, first, (rest[-1] if rest else first) + 1)


def _header(tracks: Sequence[Track], chunks: Sequence[_Chunk], offsets: Sequence[int]) -> bytes:
    length_ms = max(track.presented_ms for track in tracks)
    fields = struct.pack(">IIIIIH10x", 0, 0, MOVIE_TIMESCALE, length_ms, 0x10000, 0x100)
    boxes = []
    for number, track in enumerate(tracks):
        placed = [(c, at) for c, at in zip(chunks, offsets, strict=True) if c.track == number]
        boxes.append(_track(number + 1, track, placed))
    next_id = struct.pack(">I", len(tracks) + 1)
    return box(b"moov", full_box(b"mvhd", 0, 0, fields, UPRIGHT, bytes(24), next_id), *boxes)


def _track(number: int, track: Track, placed: Sequence[tuple[_Chunk, int]]) -> bytes:
    volume = round(track.volume * 0x100) if track.kind is TrackKind.AUDIO else 0
    shown = struct.pack(">IIIIIQHHHH", 0, 0, number, 0, track.presented_ms, 0, 0, 0, volume, 0)
    name, media_header = _HANDLERS[track.kind]
    media = (
        full_box(b"mdhd", 1, 0, struct.pack(">QQIQ", 0, 0, track.timescale, track.length), _LANGUAGE),
        full_box(b"hdlr", 0, 0, bytes(4), track.kind.value, bytes(12), name),
        box(b"minf", media_header, box(b"dinf", _HERE), box(b"stbl", *_tables(track, placed))),
    )
    # Flags: enabled, in movie, in preview.
    parts = (full_box(b"tkhd", 0, 7, shown, track.display), *_edit_list(track.edits), box(b"mdia", *media))
    return box(b"trak", *parts)


def _edit_list(edits: Sequence[Edit]) -> tuple[bytes, ...]:
    if not edits:
        return ()
    rows = (struct.pack(">QqI", edit.length, edit.media_time, 0x10000) for edit in edits)
    return (box(b"edts", full_box(b"elst", 1, 0, _count(edits), *rows)),)


def _tables(track: Track, placed: Sequence[tuple[_Chunk, int]]) -> Iterator[bytes]:
    yield full_box(b"stsd", 0, 0, b"\0\0\0\1", track.entry)
    yield full_box(b"stts", 0, 0, *_runs(track.durations, ">II"))
    if any(track.compositions):
        yield full_box(b"ctts", 1, 0, *_runs(track.compositions, ">Ii"))
    if track.sync is not None and not all(track.sync):
        numbers = [number for number, is_sync in enumerate(track.sync, 1) if is_sync]
        yield full_box(b"stss", 0, 0, _count(numbers), *(struct.pack(">I", number) for number in numbers))
    yield full_box(b"stsc", 0, 0, *_samples_per_chunk([chunk for chunk, _ in placed]))
    sizes = struct.pack(f">{len(track.samples)}I", *map(len, track.samples))
    yield full_box(b"stsz", 0, 0, bytes(4), _count(track.samples), sizes)
    yield full_box(b"stco", 0, 0, _count(placed), *(struct.pack(">I", at) for _, at in placed))


def _samples_per_chunk(chunks: Sequence[_Chunk]) -> list[bytes]:
    rows, last = [], 0
    for number, chunk in enumerate(chunks, 1):
        if chunk.end - chunk.first != last:
            last = chunk.end - chunk.first
            rows.append(struct.pack(">III", number, last, 1))
    return [_count(rows), *rows]


def _runs(values: Sequence[int], form: str) -> list[bytes]:
    """Run-length coding of a column, preceded by the number of runs."""
    rows = [struct.pack(form, len(list(group)), value) for value, group in groupby(values)]
    return [_count(rows), *rows]


def _count(rows: Sequence[object]) -> bytes:
    return struct.pack(">I", len(rows))
