"""Answer a request for a file: GET and HEAD, ETag and If-None-Match, one Range, If-Range."""

from __future__ import annotations

import re

from mock_server.flow.call import Answer, Headers

_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})", re.ASCII | re.IGNORECASE)

NO_FILE = Answer(
    404,
    b'{"error":"no such file, or not yet, or not any more"}',
    ((b"content-type", b"application/json"),),
)


def file_answer(data: bytes, digest: str, content_type: str, method: str, request: Headers) -> Answer:
    """200, 206, 304 or 416, as the request's conditions ask (RFC 9110 § 13 and 14).

    Several ranges at once get the whole file, which § 14.2 allows. The ETag is the digest. The answer to a HEAD has
    the length of the file in its headers, and no body.
    """
    etag = f'"{digest}"'
    headers = (
        (b"etag", etag.encode()),
        (b"accept-ranges", b"bytes"),
        (b"cache-control", b"private, max-age=60"),
    )
    typed = ((b"content-type", content_type.encode()), *headers)
    if _matches(request.get("if-none-match"), etag):
        return Answer(304, b"", headers)
    if method == "HEAD":
        return Answer(200, b"", ((b"content-length", b"%d" % len(data)), *typed))
    span = _span(request.get("range"), len(data))
    if span is None or request.get("if-range") not in {None, etag}:
        return Answer(200, data, typed)
    first, last = span
    if first > last:
        return Answer(416, b"", ((b"content-range", b"bytes */%d" % len(data)), *headers))
    content_range = (b"content-range", b"bytes %d-%d/%d" % (first, last, len(data)))
    return Answer(206, data[first : last + 1], (content_range, *typed))


def digest_in(answer: Answer) -> str:
    """The digest of the file that the answer is about; empty where it is about none."""
    etag = next((value for name, value in answer.headers if name == b"etag"), b"")
    return etag.decode("latin-1").removeprefix("W/").strip('"')


def _span(wanted: str | None, size: int) -> tuple[int, int] | None:
    """First and last byte of the one range that is asked for; None where the header is absent or to be ignored.

    The first is past the last where the file has no such bytes.
    """
    match = _RANGE.fullmatch(wanted.strip()) if wanted else None
    first, last = match.groups() if match else ("", "")
    if not first:
        return (max(0, size - int(last)), size - 1) if last else None
    if last and int(last) < int(first):
        return None
    return int(first), min(int(last), size - 1) if last else size - 1


def _matches(condition: str | None, etag: str) -> bool:
    if condition is None:
        return False
    return condition.strip() == "*" or etag in {
        part.strip().removeprefix("W/") for part in condition.split(",")
    }
