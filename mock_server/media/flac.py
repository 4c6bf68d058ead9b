"""FLAC without compression: PCM as verbatim subframes, silence as constant ones (RFC 9639)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from mock_server.media.bits import fixed, packed
from mock_server.media.box_writer import full_box
from mock_server.media.sample_entry import audio_entry

BLOCK_SAMPLES = 4096
MAX_CHANNELS = 8
_CONSTANT, _VERBATIM = b"\x00", b"\x02"
"""Subframe headers (§ 9.2.1): kind, no wasted bits."""
_TRINOMIAL = 1 << 15 | 0b11
"""x^15 + x + 1, which times x + 1 is the polynomial of the frame's checksum."""


class Stream(NamedTuple):
    """What STREAMINFO says. ``sample_bytes`` is 1, 2 or 3."""

    sample_rate: int
    channels: int
    sample_bytes: int
    samples: int


def entry(stream: Stream) -> bytes:
    """The sample entry of FLAC in MP4: ``fLaC`` with its ``dfLa``."""
    info = packed(
        fixed(BLOCK_SAMPLES, 16) * 2,
        fixed(0, 48),
        fixed(stream.sample_rate, 20),
        fixed(stream.channels - 1, 3),
        fixed(stream.sample_bytes * 8 - 1, 5),
        fixed(stream.samples, 36),
    )
    # The last metadata block, of kind STREAMINFO, 34 bytes long; an MD5 of zeros means "unknown".
    configuration = full_box(b"dfLa", 0, 0, b"\x80\x00\x00\x22", info, bytes(16))
    return audio_entry(b"fLaC", stream.channels, stream.sample_rate, configuration)


def verbatim_frames(stream: Stream, planes: list[bytes]) -> Iterator[bytes]:
    """Frames of ``BLOCK_SAMPLES``; ``planes`` hold big-endian signed samples, one plane a channel."""
    width = stream.sample_bytes
    for number, first in enumerate(range(0, stream.samples, BLOCK_SAMPLES)):
        count = min(BLOCK_SAMPLES, stream.samples - first)
        parts = (_VERBATIM + plane[first * width : (first + count) * width] for plane in planes)
        yield _frame(stream, number, count, b"".join(parts))


def silent_frames(stream: Stream) -> Iterator[bytes]:
    """Frames of zeros, a dozen bytes each."""
    for number, first in enumerate(range(0, stream.samples, BLOCK_SAMPLES)):
        count = min(BLOCK_SAMPLES, stream.samples - first)
        yield _frame(stream, number, count, (_CONSTANT + bytes(stream.sample_bytes)) * stream.channels)


def durations(stream: Stream) -> list[int]:
    """Samples in each frame."""
    return [min(BLOCK_SAMPLES, stream.samples - first) for first in range(0, stream.samples, BLOCK_SAMPLES)]


def _frame(stream: Stream, number: int, count: int, subframes: bytes) -> bytes:
    # Sync and fixed block size; the size in 16 bits below, rate as in STREAMINFO; channels; sample size.
    sample_size = {1: 1, 2: 4, 3: 6}[stream.sample_bytes]
    header = b"\xff\xf8\x70" + packed(fixed(stream.channels - 1, 4), fixed(sample_size, 3), "0")
    header += chr(number).encode("utf-8", "surrogatepass") + (count - 1).to_bytes(2, "big")
    frame = header + bytes([_crc8(header)]) + subframes
    return frame + crc16(frame).to_bytes(2, "big")


def _crc8(data: bytes) -> int:
    remainder = 0
    for byte in data:
        remainder ^= byte
        for _ in range(8):
            remainder = (remainder << 1 ^ (0x107 if remainder & 0x80 else 0)) & 0x1FF
    return remainder


def crc16(data: bytes) -> int:
    """The checksum of § 9.3, polynomial x^16 + x^15 + x^2 + 1, without a loop over the bytes.

    The polynomial is (x + 1)(x^15 + x + 1). In characteristic two the trinomial's power of n, n itself a
    power of two, is x^15n + x^n + 1: so the remainder by it is found by folding one huge integer onto
    itself, and that by x + 1 is the parity. The two together fix the remainder by the product. Megabytes
    take milliseconds that way.
    """
    parity = int.from_bytes(data, "big").bit_count() & 1
    rest = int.from_bytes(data, "big") << 16
    power = 1 << max(0, rest.bit_length() // 15).bit_length()
    while power:
        while high := rest >> 15 * power:
            rest = rest & (1 << 15 * power) - 1 ^ high << power ^ high
        power >>= 1
    return rest if rest.bit_count() & 1 == parity else rest ^ _TRINOMIAL
