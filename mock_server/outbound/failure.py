"""What went wrong with a connection, in a few words that are the same in every run.

Importing this module imports httpx, as ``transport`` does.
"""

from __future__ import annotations

import ssl
from collections.abc import Iterator

import httpx

from mock_server.outbound.transport import HostNotFound

_WORDS: tuple[tuple[type[BaseException], str], ...] = (
    (HostNotFound, "host not found"),
    (TimeoutError, "timed out"),
    (httpx.TimeoutException, "timed out"),
    (httpx.UnsupportedProtocol, "the URL cannot be used"),
    (httpx.InvalidURL, "the URL cannot be used"),
    (httpx.RemoteProtocolError, "no valid HTTP answer"),
    (httpx.LocalProtocolError, "the request cannot be sent as HTTP"),
    (httpx.ReadError, "connection closed early"),
    (httpx.WriteError, "connection closed early"),
)
_CONNECT_WORDS: tuple[tuple[type[BaseException], str], ...] = (
    (ssl.SSLCertVerificationError, "certificate not trusted"),
    (ssl.SSLError, "TLS handshake failed"),
    (ConnectionRefusedError, "connection refused"),
    (ConnectionError, "connection closed early"),
)


def words_for(error: httpx.TransportError | httpx.InvalidURL | TimeoutError) -> str:
    """A short reason without addresses, ports or the library's own text."""
    for kind, words in _WORDS:
        if isinstance(error, kind):
            return words
    causes = tuple(_causes(error))
    for kind, words in _CONNECT_WORDS:
        if any(isinstance(cause, kind) for cause in causes):
            return words
    return "cannot connect"


def _causes(error: BaseException) -> Iterator[BaseException]:
    cause: BaseException | None = error
    while cause is not None:
        yield cause
        if isinstance(cause, BaseExceptionGroup):
            for member in cause.exceptions:
                yield from _causes(member)
        cause = cause.__cause__ or cause.__context__
