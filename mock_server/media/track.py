"""A track to be written: coded samples with their times, whatever made them."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass

from mock_server.media.isobmff import Edit, TrackKind

MOVIE_TIMESCALE = 1000
"""The movies that we write count in milliseconds; edits of a Track do so too."""

UPRIGHT = struct.pack(">9i", 0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)


@dataclass(frozen=True, slots=True)
class Track:
    """One track. ``durations`` and ``compositions`` are in ``timescale``, one a sample.

    ``entry`` is the whole sample entry box. ``sync`` marks the samples that can be started from; None is
    all of them. ``display`` is the end of a ``tkhd`` box: matrix, width, height. ``volume`` is 1.0 for
    "as recorded".
    """

    kind: TrackKind
    timescale: int
    entry: bytes
    samples: Sequence[bytes | memoryview]
    durations: Sequence[int]
    edits: tuple[Edit, ...] = ()
    compositions: Sequence[int] = ()
    sync: Sequence[bool] | None = None
    display: bytes = UPRIGHT + bytes(8)
    volume: float = 1.0

    @property
    def length(self) -> int:
        """In ``timescale``."""
        return sum(self.durations)

    @property
    def presented_ms(self) -> int:
        """How long the track is shown, pauses included."""
        if self.edits:
            return sum(edit.length for edit in self.edits)
        return round(self.length * MOVIE_TIMESCALE / self.timescale)


def upright(width: int, height: int) -> bytes:
    """The ``display`` of a picture that is not turned."""
    return UPRIGHT + struct.pack(">II", width << 16, height << 16)
