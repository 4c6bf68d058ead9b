"""MP3: frames of MPEG-1, 2 and 2.5 Layer III. They are counted, whatever a Xing or VBRI header says."""

from __future__ import annotations

from dataclasses import dataclass

from mock_server.core.errors import ProbeError
from mock_server.media.frames import Frame, FrameHeader, after_id3, follow

_RATES_KBPS = (
    (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
)
_SAMPLE_RATES = {3: (44_100, 48_000, 32_000), 2: (22_050, 24_000, 16_000), 0: (11_025, 12_000, 8_000)}
"""By the version bits of the header: 3 is MPEG-1, 2 is MPEG-2, 0 is MPEG-2.5."""

_XING_FIELDS = ((1, 4), (2, 4), (4, 100), (8, 4))
"""Flag and size of each optional field: frames, bytes, table of contents, quality."""


def frame_header(data: bytes, position: int) -> FrameHeader | None:
    """The Layer III header at ``position``; None where there is none. Free-format frames are not read."""
    if position + 4 > len(data) or data[position] != 0xFF or data[position + 1] & 0xE6 != 0xE2:
        return None
    version = data[position + 1] >> 3 & 3
    rate, sample_rate = data[position + 2] >> 4, data[position + 2] >> 2 & 3
    if version == 1 or rate in {0, 15} or sample_rate == 3:
        return None
    hertz = _SAMPLE_RATES[version][sample_rate]
    samples = 1152 if version == 3 else 576
    bits_per_second = _RATES_KBPS[version != 3][rate] * 1000
    size = samples // 8 * bits_per_second // hertz + (data[position + 2] >> 1 & 1)
    return FrameHeader(size, samples, hertz, 1 if data[position + 3] >> 6 == 3 else 2)


@dataclass(frozen=True, slots=True)
class Mp3:
    """The frames that sound. ``delay`` and ``padding`` are samples that the encoder added at both ends."""

    frames: list[Frame]
    delay: int = 0
    padding: int = 0

    @property
    def samples(self) -> int:
        """How long it sounds, without what the encoder added."""
        return max(0, sum(frame.header.samples for frame in self.frames) - self.delay - self.padding)


def read_mp3(data: bytes) -> Mp3:
    """The mp3 in ``data``, less a leading Xing, Info or VBRI frame. Raises ProbeError where none is left."""
    frames = follow(data, after_id3(data), frame_header)
    delay = padding = 0
    if frames and _is_index(data, frames[0]):
        delay, padding = _encoder_gap(data, frames.pop(0))
    if not frames:
        raise ProbeError("no MP3 frames in the file")
    return Mp3(frames, delay, padding)


def is_mp3(data: bytes) -> bool:
    return frame_header(data, after_id3(data)) is not None


def side_info_start(data: bytes, frame: Frame) -> int:
    """Where the side information begins: behind the header and, where there is one, its checksum."""
    return frame.start + (4 if data[frame.start + 1] & 1 else 6)


def side_info_bytes(frame: Frame) -> int:
    is_mono, is_mpeg1 = frame.header.channels == 1, frame.header.samples == 1152
    return (17 if is_mono else 32) if is_mpeg1 else (9 if is_mono else 17)


def _is_index(data: bytes, frame: Frame) -> bool:
    body = data[frame.start : frame.end]
    return _xing_start(frame, body) > 0 or body[36:40] == b"VBRI"


def _xing_start(frame: Frame, body: bytes) -> int:
    """Where the tag begins in its frame; 0 where there is none."""
    start = 4 + side_info_bytes(frame)
    return start if body[start : start + 4] in {b"Xing", b"Info"} else 0


def _encoder_gap(data: bytes, frame: Frame) -> tuple[int, int]:
    """Delay and padding as LAME notes them behind the Xing fields; zeros where nobody did."""
    body = data[frame.start : frame.end]
    start = _xing_start(frame, body)
    if not start:
        return 0, 0
    flags = int.from_bytes(body[start + 4 : start + 8], "big")
    encoder = start + 8 + sum(size for bit, size in _XING_FIELDS if flags & bit)
    if body[encoder : encoder + 4] not in {b"LAME", b"Lavf", b"Lavc"}:
        return 0, 0
    gap = int.from_bytes(body[encoder + 21 : encoder + 24], "big")
    return gap >> 12, gap & 0xFFF
