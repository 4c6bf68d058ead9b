"""Take secrets out of what is written down and shown: of headers, of the query of a target, of URLs in a body."""

from __future__ import annotations

import re
from functools import lru_cache

from mock_server.flow.call import Headers

REDACTED = "redacted"
_SECRET_HEADERS = frozenset(
    {b"authorization", b"proxy-authorization", b"cookie", b"x-api-key", b"x-lipflap-admin-token"}
)
_PARAMETERS_TO_REDACT = "signature|credential|security-token|token|key|api_?key"
_SECRET_QUERY = re.compile(rf"(?i)(?<![\w-])((?:x-amz-)?(?:{_PARAMETERS_TO_REDACT})=)[^&]*")
_SECRET_IN_URL = re.compile(rb"(?i)([?&](?:x-amz-)?(?:%s)=)[^&\"'\\<>\s]*" % _PARAMETERS_TO_REDACT.encode())
_WITHOUT_VALUE = rf"\1{REDACTED}"


@lru_cache(maxsize=512)
def redacted_headers(headers: Headers) -> tuple[tuple[str, str], ...]:
    """Names and values, in order; that there was a secret stays to be seen.

    Requests that share their headers share what is written down of them.
    """
    return tuple(
        (name.decode("latin-1"), REDACTED if name in _SECRET_HEADERS else value.decode("latin-1"))
        for name, value in headers.raw
    )


def redacted_target(path: str, query: str) -> str:
    """Path and query as they may be written down."""
    if not query:
        return path
    return f"{path}?{_SECRET_QUERY.sub(_WITHOUT_VALUE, query)}"


def redacted_url(url: str) -> str:
    """A URL as it may be shown."""
    path, _, query = url.partition("?")
    return redacted_target(path, query)


def redacted_body(body: bytes) -> bytes:
    """A body as it may be shown: the secrets in the queries of its URLs taken out, all else as it is."""
    return _SECRET_IN_URL.sub(rb"\1" + REDACTED.encode(), body)
