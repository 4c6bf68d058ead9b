"""Samples of an ordinary movie: the tables under ``stbl``, put together."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import accumulate, chain, repeat

from mock_server.core.errors import ProbeError
from mock_server.media.boxes import Box, BoxReader
from mock_server.media.fragments import Sample, fragment_samples
from mock_server.media.isobmff import Movie, MovieTrack

_MAX_SAMPLES = 1_000_000


def samples_of(movie: Movie, track: MovieTrack) -> list[Sample]:
    """All samples of ``track`` in decoding order: its tables', then its fragments'. Raises ProbeError."""
    reader = movie.reader
    tables = {box.kind: box for box in reader.children(track.table)}
    sizes = _sizes(reader, tables)
    starts = _starts(reader, tables, sizes)
    durations = chain(_runs(reader, tables.get(b"stts"), "II"), repeat(0))
    compositions = chain(_runs(reader, tables.get(b"ctts"), "Ii"), repeat(0))
    sync = _sync(reader, tables.get(b"stss"))
    samples = [
        Sample(start, size, duration, composition, sync is None or number in sync)
        for number, (start, size, duration, composition) in enumerate(
            zip(starts, sizes, durations, compositions, strict=False), 1
        )
    ]
    samples += fragment_samples(movie, track)
    if any(sample.start < 0 or sample.start + sample.size > len(reader.data) for sample in samples):
        raise ProbeError("a sample lies outside the file")
    return samples


def _table(reader: BoxReader, box: Box | None, row: str, offset: int = 4) -> tuple[int, ...]:
    """The fields of a table that begins with a count of rows, ``offset`` bytes into the box."""
    if box is None:
        return ()
    (count,) = reader.fields(box, "I", offset)
    if count > box.size // (4 * len(row)):
        raise ProbeError(f"box {box.kind!r} claims more rows than it holds")
    return reader.fields(box, row * count, offset + 4)


def _sizes(reader: BoxReader, tables: dict[bytes, Box]) -> tuple[int, ...]:
    box = tables.get(b"stsz")
    if box is None:
        raise ProbeError("a track has no table of sample sizes")
    same, count = reader.fields(box, "II", 4)
    if not same:
        return _table(reader, box, "I", 8)
    if count > _MAX_SAMPLES:
        raise ProbeError(f"more than {_MAX_SAMPLES} samples")
    return (same,) * count


def _starts(reader: BoxReader, tables: dict[bytes, Box], sizes: tuple[int, ...]) -> Iterator[int]:
    chunks = _table(reader, tables.get(b"stco"), "I") or _table(reader, tables.get(b"co64"), "Q")
    rows = _table(reader, tables.get(b"stsc"), "III")
    firsts, counts = rows[::3], rows[1::3]
    index, row = 0, -1
    for number, position in enumerate(chunks, 1):
        while row + 1 < len(firsts) and firsts[row + 1] <= number:
            row += 1
        held = sizes[index : index + counts[row]] if row >= 0 else ()
        yield from accumulate(held[:-1], initial=position) if held else ()
        index += len(held)


def _runs(reader: BoxReader, box: Box | None, row: str) -> Iterator[int]:
    fields = _table(reader, box, row)
    return chain.from_iterable(
        repeat(value, count) for count, value in zip(fields[::2], fields[1::2], strict=True)
    )


def _sync(reader: BoxReader, box: Box | None) -> frozenset[int] | None:
    """Numbers of the samples that can be started from; None where all can."""
    return None if box is None else frozenset(_table(reader, box, "I"))
