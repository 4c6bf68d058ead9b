"""WAV files: a bounded walk over RIFF chunks."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from enum import IntEnum

from mock_server.core.errors import ProbeError
from mock_server.media.duration import duration_ms

_MAX_CHUNKS = 1_000
_UNKNOWN_SIZES = {0, 0xFFFFFFFF}
"""What a writer that cannot seek back leaves in the size of the data chunk."""


class WaveCoding(IntEnum):
    """Format tags that the renderer can read; any other is only measured."""

    PCM = 1
    FLOAT = 3
    EXTENSIBLE = 0xFFFE


@dataclass(frozen=True, slots=True)
class Wave:
    """One WAV file. ``start`` and ``end`` bound the data; ``block_bytes`` is one sample of all channels."""

    coding: int
    channels: int
    sample_rate: int
    byte_rate: int
    block_bytes: int
    start: int
    end: int
    stated_samples: int
    """What a ``fact`` chunk says; 0 where there is none."""

    @property
    def duration_ms(self) -> int:
        """From the data that is there; of a compressed coding what the file states, else by the byte rate."""
        if self.coding in {WaveCoding.PCM, WaveCoding.FLOAT}:
            return duration_ms((self.end - self.start) // self.block_bytes, self.sample_rate)
        if self.stated_samples:
            return duration_ms(self.stated_samples, self.sample_rate)
        if not self.byte_rate:
            raise ProbeError("the WAV file does not say how long it is")
        return duration_ms(self.end - self.start, self.byte_rate)


def is_wave(data: bytes) -> bool:
    return data[:4] in {b"RIFF", b"RF64"} and data[8:12] == b"WAVE"


def read_wave(data: bytes) -> Wave:
    """The WAV file in ``data``. Raises ProbeError where it cannot be read."""
    position, form, stated = 12, b"", b""
    for _ in range(_MAX_CHUNKS):
        if position + 8 > len(data):
            break
        kind = data[position : position + 4]
        (size,) = struct.unpack_from("<I", data, position + 4)
        position += 8
        if kind == b"fmt ":
            form = data[position : position + size]
        elif kind == b"fact":
            stated = data[position : position + min(size, 4)]
        elif kind == b"data":
            samples = int.from_bytes(stated, "little")
            return _wave(form, position, _data_end(data, position, size), samples)
        position += size + (size & 1)
    raise ProbeError("the WAV file has no data chunk")


def _data_end(data: bytes, start: int, size: int) -> int:
    return len(data) if size in _UNKNOWN_SIZES else min(len(data), start + size)


def _wave(form: bytes, start: int, end: int, stated_samples: int) -> Wave:
    if len(form) < 16:
        raise ProbeError("the WAV file has no format chunk before its data")
    coding, channels, sample_rate, byte_rate, block_bytes, _ = struct.unpack_from("<HHIIHH", form)
    if coding == WaveCoding.EXTENSIBLE and len(form) >= 26:
        (coding,) = struct.unpack_from("<H", form, 24)
    if not (channels and sample_rate and block_bytes):
        raise ProbeError("the WAV file has a format chunk with zeros")
    return Wave(coding, channels, sample_rate, byte_rate, block_bytes, start, end, stated_samples)
