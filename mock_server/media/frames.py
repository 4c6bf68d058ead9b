"""Streams of self-describing audio frames (mp3, ADTS): finding the first one and following the chain."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from mock_server.core.errors import ProbeError

_MAX_SKIPPED_BYTES = 65_536
"""Rubbish passed over in one file, in all. More is no stream of frames."""
_MAX_FRAMES = 200_000
"""More than an hour of any coding, and less than a second to follow."""


class FrameHeader(NamedTuple):
    """What one frame says of itself. ``size`` in bytes, header included."""

    size: int
    samples: int
    sample_rate: int
    channels: int


class Frame(NamedTuple):
    """One frame in its file."""

    start: int
    header: FrameHeader

    @property
    def end(self) -> int:
        return self.start + self.header.size


def follow(data: bytes, start: int, read: Callable[[bytes, int], FrameHeader | None]) -> list[Frame]:
    """All whole frames from ``start`` on. ``read`` gives the header at a position, or None.

    A frame is believed when another follows it or the file ends with it; the first one fixes the sample
    rate. Rubbish between frames is passed over, up to a limit for the whole file. Raises ProbeError for a
    chain beyond all reason.
    """
    frames: list[Frame] = []
    position, skipped_bytes = start, 0
    while position < len(data) and skipped_bytes <= _MAX_SKIPPED_BYTES:
        header = read(data, position)
        if header is not None and _is_believable(data, position, header, frames, read):
            if len(frames) == _MAX_FRAMES:
                raise ProbeError(f"more than {_MAX_FRAMES} frames")
            frames.append(Frame(position, header))
            position += header.size
        else:
            following = data.find(b"\xff", position + 1)
            skipped_bytes += (following if following > 0 else len(data)) - position
            position = following if following > 0 else len(data)
    return frames


def _is_believable(
    data: bytes,
    position: int,
    header: FrameHeader,
    frames: list[Frame],
    read: Callable[[bytes, int], FrameHeader | None],
) -> bool:
    end = position + header.size
    if end > len(data):
        return False
    if frames:
        return header.sample_rate == frames[0].header.sample_rate
    return end == len(data) or read(data, end) is not None


def after_id3(data: bytes) -> int:
    """Where the sound begins: behind any ID3v2 tags at the front."""
    position = 0
    while data[position : position + 3] == b"ID3" and len(data) >= position + 10:
        size = 0
        for byte in data[position + 6 : position + 10]:
            size = size << 7 | byte & 0x7F
        position += 10 + size + (10 if data[position + 5] & 0x10 else 0)
    return position
