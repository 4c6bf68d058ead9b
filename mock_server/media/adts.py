"""Raw AAC: ADTS frame headers."""

from __future__ import annotations

from mock_server.core.errors import ProbeError
from mock_server.media.frames import Frame, FrameHeader, after_id3, follow

_HIGH_RATES = (96_000, 88_200, 64_000, 48_000, 44_100, 32_000)
SAMPLE_RATES = (*_HIGH_RATES, 24_000, 22_050, 16_000, 12_000, 11_025, 8_000, 7_350)
"""By the index in the header."""
_CHANNELS = (2, 1, 2, 3, 4, 5, 6, 8)
"""By channel configuration; 0 leaves it to the stream, where stereo is the usual case."""


def frame_header(data: bytes, position: int) -> FrameHeader | None:
    """The ADTS header at ``position``; None where there is none."""
    if position + 7 > len(data) or data[position] != 0xFF or data[position + 1] & 0xF6 != 0xF0:
        return None
    rate = data[position + 2] >> 2 & 15
    size = (data[position + 3] & 3) << 11 | data[position + 4] << 3 | data[position + 5] >> 5
    if rate >= len(SAMPLE_RATES) or size <= header_bytes(data, position):
        return None
    channels = (data[position + 2] & 1) << 2 | data[position + 3] >> 6
    samples = 1024 * ((data[position + 6] & 3) + 1)
    return FrameHeader(size, samples, SAMPLE_RATES[rate], _CHANNELS[channels])


def header_bytes(data: bytes, position: int) -> int:
    """7 bytes, or 9 where a checksum follows."""
    return 7 if data[position + 1] & 1 else 9


def adts_frames(data: bytes) -> list[Frame]:
    """The frames of the file. Raises ProbeError where there are none."""
    frames = follow(data, after_id3(data), frame_header)
    if not frames:
        raise ProbeError("no AAC frames in the file")
    return frames


def is_adts(data: bytes) -> bool:
    return frame_header(data, after_id3(data)) is not None
