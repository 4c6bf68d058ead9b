"""The head of an answer as bytes, and what it promises of the body."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from uvicorn.protocols.http.httptools_impl import STATUS_LINE

Header = tuple[bytes, bytes]

_NO_NAME = re.compile(rb'[\x00-\x20\x7f()<>@,;:\\[\]={}"]')
_NO_VALUE = re.compile(rb"[\x00-\x08\x0a-\x1f\x7f]")
_WITHOUT_BODY = frozenset({204, 304})
_FRAMING = frozenset({b"content-length", b"transfer-encoding", b"connection"})


class Head(NamedTuple):
    """``body_bytes`` is the length of the body that follows; None where it goes out in chunks."""

    data: bytes
    body_bytes: int | None
    keep_alive: bool


# an answer's headers are mostly the same, and the date among them lasts for a second
@lru_cache(maxsize=512)
def before_length(status: int, headers: tuple[Header, ...]) -> bytes | None:
    """The head of a whole answer up to the number of its Content-Length; None where a header has a say in the framing.

    Raises ValueError as ``rendered`` does.
    """
    if status in _WITHOUT_BODY or any(name.lower() in _FRAMING for name, _ in headers):
        return None
    return b"".join(
        (STATUS_LINE[status], *(_line(name, value) for name, value in headers), b"content-length: ")
    )


# an application repeats its headers, and the date among them lasts for a second
@lru_cache(maxsize=512)
def rendered(status: int, headers: tuple[Header, ...], *, has_body: bool, keep_alive: bool) -> Head:
    """The head with ``headers``, and those that the framing needs besides. An answer to HEAD has no body.

    Raises ValueError for a header that would break out of its line.
    """
    lines = [STATUS_LINE[status]]
    length: int | None = None
    is_chunked = says_close = False
    for name, value in headers:
        lines.append(_line(name, value))
        match name.lower():
            case b"content-length":
                length = int(value)
            case b"transfer-encoding":
                is_chunked = value.lower() == b"chunked"
            case b"connection":
                says_close = b"close" in value.lower()
    if not (keep_alive or says_close):
        lines.append(b"connection: close\r\n")
    if not has_body or status in _WITHOUT_BODY:
        length = 0
    elif is_chunked:
        length = None
    elif length is None:
        lines.append(b"transfer-encoding: chunked\r\n")
    return Head(b"".join((*lines, b"\r\n")), length, keep_alive and not says_close)


def _line(name: bytes, value: bytes) -> bytes:
    if _NO_NAME.search(name) or _NO_VALUE.search(value):
        raise ValueError(f"the header {name!r} cannot be sent")
    return b"%b: %b\r\n" % (name, value)
