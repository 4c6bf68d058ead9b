"""Take secrets out of what is written down: of headers, of the query of a target, of URLs in a body."""

from __future__ import annotations

import re

REDACTED = "redacted"
_SECRET_HEADERS = frozenset(
    {b"authorization", b"proxy-authorization", b"cookie", b"x-api-key", b"x-lipflap-admin-token"}
)
_PARAMETERS_TO_REDACT = "signature|credential|security-token|token|key|api_?key"
_SECRET_QUERY = re.compile(rf"(?i)(?<![\w-])((?:x-amz-)?(?:{_PARAMETERS_TO_REDACT})=)[^&]*")
_SECRET_IN_URL = re.compile(rb"(?i)([?&](?:x-amz-)?(?:%s)=)[^&\"'\\<>\s]*" % _PARAMETERS_TO_REDACT.encode())
_TRACES = (b"ignature=", b"redential=", b"token=", b"key=")
"""No URL in a body has a secret without one of these in it, in some case of letters."""
_WITHOUT_VALUE = rf"\1{REDACTED}"
_CACHE_SIZE = 512

RawHeaders = tuple[tuple[bytes, bytes], ...]


class HeaderRedaction:
    """Clients repeat their headers, so redacted headers are remembered and shared."""

    def __init__(self) -> None:
        self._redacted: dict[RawHeaders, tuple[tuple[str, str], ...]] = {}

    def headers(self, raw: RawHeaders) -> tuple[tuple[str, str], ...]:
        """Names and values, in order; that there was a secret stays to be seen."""
        known = self._redacted.get(raw)
        if known is None:
            if len(self._redacted) >= _CACHE_SIZE:
                self._redacted.clear()
            known = self._redacted[raw] = tuple(
                (name.decode("latin-1"), REDACTED if name in _SECRET_HEADERS else value.decode("latin-1"))
                for name, value in raw
            )
        return known


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
    """A body as it may be written down: the secrets in the queries of its URLs taken out, all else as it is."""
    lower = body.lower()
    if not any(trace in lower for trace in _TRACES):
        return body
    return _SECRET_IN_URL.sub(rb"\1" + REDACTED.encode(), body)
