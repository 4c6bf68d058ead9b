"""Sample entries: what a track says of the coding of its samples."""

from __future__ import annotations

from enum import IntEnum

from mock_server.media.box_writer import box, full_box


class ObjectType(IntEnum):
    """Codings of an ``mp4a`` entry (ISO/IEC 14496-1 § 7.2.6.6) that we write."""

    AAC = 0x40
    MP3_LOW_RATE = 0x69
    """MPEG-2 Layer III: 24 kHz and less."""
    MP3 = 0x6B


def video_entry(kind: bytes, width: int, height: int, configuration: bytes) -> bytes:
    """A visual sample entry (ISO/IEC 14496-12 § 12.1.3): 72 dpi, one picture a sample, 24 bits of colour."""
    sides = width.to_bytes(2, "big") + height.to_bytes(2, "big")
    fields = bytes(6) + b"\0\1" + bytes(16) + sides + b"\0\x48\0\0" * 2 + bytes(4) + b"\0\1"
    return box(kind, fields, bytes(32), b"\0\x18\xff\xff", configuration)


def audio_entry(kind: bytes, channels: int, sample_rate: int, configuration: bytes) -> bytes:
    """An audio sample entry (§ 12.2.3); a rate that 16 bits cannot hold is left to the configuration."""
    shown_rate = sample_rate if sample_rate < 0x10000 else 0
    sizes = channels.to_bytes(2, "big") + b"\0\x10" + bytes(4)
    fields = bytes(6) + b"\0\1" + bytes(8) + sizes + shown_rate.to_bytes(2, "big") + bytes(2)
    return box(kind, fields, configuration)


def mpeg_audio_entry(kind: ObjectType, channels: int, sample_rate: int, specific: bytes = b"") -> bytes:
    """An ``mp4a`` entry; ``specific`` is the decoder's own configuration, where it has one."""
    decoder = bytes([kind, 0x15]) + bytes(11) + (_descriptor(5, specific) if specific else b"")
    stream = bytes(3) + _descriptor(4, decoder) + _descriptor(6, b"\2")
    return audio_entry(b"mp4a", channels, sample_rate, full_box(b"esds", 0, 0, _descriptor(3, stream)))


def _descriptor(tag: int, content: bytes) -> bytes:
    return bytes([tag, len(content)]) + content
