"""Base64 that a client sends in place of a URL: strict, measured before it is decoded."""

from __future__ import annotations

import binascii

import pybase64

from mock_server.core.errors import ProbeError


class NotBase64Error(ProbeError):
    """Not base64: standard alphabet, padded, without blanks, breaks or a ``data:`` prefix."""


class TooLargeError(ProbeError):
    """The text stands for more bytes than are allowed."""


def decoded_bytes(text: str) -> int:
    """How many bytes well-formed base64 of this length stands for."""
    return len(text) // 4 * 3 - (2 if text.endswith("==") else 1 if text.endswith("=") else 0)


def decode_base64(text: str, max_bytes: int) -> bytes:
    """The bytes that ``text`` stands for.

    The size is judged from the length, before anything is decoded. Raises TooLargeError above
    ``max_bytes``, and NotBase64Error for what an exact decoder refuses (RFC 4648 § 3.3), the empty text
    included.
    """
    if decoded_bytes(text) > max_bytes:
        raise TooLargeError(f"decodes to more than {max_bytes} bytes")
    if not text or len(text) % 4:
        raise NotBase64Error("is not valid base64")
    try:
        return pybase64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as fault:
        raise NotBase64Error("is not valid base64") from fault
