"""PCM of a WAV file, brought into the form that FLAC holds: big-endian signed planes of 8, 16 or 24 bits."""

from __future__ import annotations

import sys
from array import array

from mock_server.media.flac import MAX_CHANNELS, Stream
from mock_server.media.riff import Wave, WaveCoding

_FLIPPED = bytes(byte ^ 0x80 for byte in range(256))
"""8-bit WAV is unsigned; FLAC is signed."""
_LOUDEST = 32_767


def planes_of(data: bytes, wave: Wave, first: int, end: int) -> tuple[Stream, list[bytes]] | None:
    """Samples ``first`` to ``end`` of every channel, and the stream that they make.

    Integers of 8 to 32 bits and 32-bit floats are read (of 32 bits the highest 24 and 16 are kept); None
    for any other coding.
    """
    width, odd = divmod(wave.block_bytes, wave.channels)
    if odd or wave.channels > MAX_CHANNELS or wave.sample_rate >= 1 << 20:
        return None
    raw = data[wave.start + first * wave.block_bytes : min(wave.end, wave.start + end * wave.block_bytes)]
    raw = raw[: len(raw) // wave.block_bytes * wave.block_bytes]
    if wave.coding == WaveCoding.FLOAT and width == 4:
        raw, width = _integers_of_floats(raw), 2
    elif wave.coding != WaveCoding.PCM or width not in {1, 2, 3, 4}:
        return None
    elif width == 1:
        raw = raw.translate(_FLIPPED)
    kept = min(width, 3)
    stream = Stream(wave.sample_rate, wave.channels, kept, len(raw) // (width * wave.channels))
    return stream, [_plane(raw, channel, wave.channels, width, kept) for channel in range(wave.channels)]


def _plane(raw: bytes, channel: int, channels: int, width: int, kept: int) -> bytes:
    """One channel, its bytes turned round: byte by byte of all samples at once."""
    step = channels * width
    plane = bytearray(len(raw) // step * kept)
    for place in range(kept):
        plane[place::kept] = raw[channel * width + width - 1 - place :: step]
    return bytes(plane)


def _integers_of_floats(raw: bytes) -> bytes:
    """Little-endian 16-bit samples; what is louder than 1.0, or no number, is cut off."""
    floats = array("f", raw)
    if sys.byteorder == "big":
        floats.byteswap()
    # "not x > -1" is true of NaN as well, which so becomes the lowest value instead of an error.
    levels = (1.0 if x >= 1 else -1.0 if not x > -1 else x for x in floats)
    integers = array("h", [round(level * _LOUDEST) for level in levels])
    if sys.byteorder == "big":
        integers.byteswap()
    return integers.tobytes()
