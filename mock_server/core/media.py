"""What is known about a file: the facts that rules, faces and results are computed from."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct


class MediaFormat(StrEnum):
    """The real format of a file, judged by its content, whatever its name says."""

    MP4 = "mp4"
    MOV = "mov"
    WAV = "wav"
    MP3 = "mp3"
    M4A = "m4a"
    AAC = "aac"
    UNKNOWN = "unknown"

    @property
    def is_video(self) -> bool:
        return self in {MediaFormat.MP4, MediaFormat.MOV}


class Interval(Struct, frozen=True, gc=False):
    """A half-open stretch of time ``[start_ms, end_ms)``."""

    start_ms: int
    end_ms: int

    @property
    def length_ms(self) -> int:
        return self.end_ms - self.start_ms

    def overlap_ms(self, other: Interval) -> int:
        """How long both run at once; 0 where they do not meet."""
        # every submit asks, and calls of min and max would be most of the answer
        start_ms = other.start_ms if other.start_ms > self.start_ms else self.start_ms  # noqa: FURB136
        end_ms = other.end_ms if other.end_ms < self.end_ms else self.end_ms  # noqa: FURB136
        return end_ms - start_ms if end_ms > start_ms else 0


class MediaFacts(Struct, frozen=True, gc=False):
    """Facts of one file. ``duration_ms`` is rounded to the nearest millisecond; ``digest`` identifies the content.

    ``blob`` is the digest under which the bytes are kept, or None where only facts are known.
    ``faces`` is None where nobody said how many there are, so that they follow from the digest.
    """

    format: MediaFormat
    duration_ms: int
    size_bytes: int
    digest: str
    width: int = 0
    height: int = 0
    has_audio: bool = True
    faces: tuple[Interval, ...] | None = None
    is_rejected_by_moderation: bool = False
    is_reachable: bool = True
    blob: str | None = None
