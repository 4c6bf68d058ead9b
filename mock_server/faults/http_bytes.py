"""An answer as HTTP/1.1 bytes, for faults that put it on the raw socket in their own way."""

from __future__ import annotations

from collections.abc import Iterable
from http import HTTPStatus

from mock_server.flow.call import Answer

LAST_CHUNK = b"0\r\n\r\n"
_JSON_TYPE = b"content-type: application/json\r\n"
_LENGTH = b"content-length"
_CHUNKED = b"transfer-encoding: chunked\r\n"
_WITHOUT_BODY = frozenset({204, 304})
_PHRASES = {status.value: status.phrase.encode() for status in HTTPStatus}


def status_line(answer: Answer) -> bytes:
    """The first line with its end; the reason phrase is empty for a status that has none."""
    return b"HTTP/1.1 %d %s\r\n" % (answer.status, _PHRASES.get(answer.status, b""))


def head(answer: Answer) -> bytes:
    """Status line, headers and the empty line.

    The length is the body's, unless the answer has a Content-Length of its own, as that to a HEAD request has.
    There is no Date: RFC 9110 § 6.6.1 lets a server without a clock leave it out, and scripts are the same each time.
    """
    has_length = any(name == _LENGTH for name, _ in answer.headers)
    is_framed = not has_length and answer.status not in _WITHOUT_BODY
    return _head(answer, b"%s: %d\r\n" % (_LENGTH, len(answer.body)) if is_framed else b"")


def whole(answer: Answer) -> bytes:
    """Head and body."""
    return head(answer) + answer.body


def half_way(answer: Answer) -> int:
    """An offset in the whole answer with more to come: amid the body, or before the head's last line end."""
    before = len(head(answer))
    return before + len(answer.body) // 2 if answer.body else before - 2


def chunked_head(answer: Answer) -> bytes:
    """The head of an answer whose body comes in chunks."""
    kept = tuple((name, value) for name, value in answer.headers if name != _LENGTH)
    return _head(Answer(answer.status, answer.body, kept), _CHUNKED)


def chunk(data: bytes) -> bytes:
    """One chunk with its size. ``data`` is not empty: a chunk of size 0 would be the last."""
    return b"%x\r\n%s\r\n" % (len(data), data)


def chunked(answer: Answer, pieces: Iterable[bytes]) -> bytes:
    """The whole answer with ``pieces`` in place of its body, one a chunk."""
    return chunked_head(answer) + b"".join(chunk(piece) for piece in pieces) + LAST_CHUNK


def _head(answer: Answer, framing: bytes) -> bytes:
    given = b"".join(b"%s: %s\r\n" % pair for pair in answer.headers)
    is_json = answer.is_json and answer.status not in _WITHOUT_BODY
    return status_line(answer) + framing + given + (_JSON_TYPE if is_json else b"") + b"\r\n"
