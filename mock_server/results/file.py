"""A file as it goes out: bytes, content type, and what its ETag is made of."""

from __future__ import annotations

from msgspec import Struct


class Content(Struct, frozen=True):
    """Bytes, and the digest that identifies them."""

    data: bytes
    digest: str


class File(Struct, frozen=True):
    """What is behind a path. The same path gives the same bytes for as long as it gives any."""

    content: Content
    content_type: str


CONTENT_TYPES = {
    "mp4": "video/mp4",
    "mov": "video/quicktime",
    "mp3": "audio/mpeg",
    "m4a": "audio/mp4",
    "wav": "audio/wav",
    "aac": "audio/aac",
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
}
"""By extension. Paths with any other lead nowhere."""
