"""Reasons in words, the same in every run."""

from __future__ import annotations

import ssl

import httpx
import pytest

from mock_server.outbound.failure import words_for
from mock_server.outbound.transport import HostNotFound


def caused(error: httpx.TransportError, cause: BaseException) -> httpx.TransportError:
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (TimeoutError(), "timed out"),
        (httpx.ConnectTimeout("x"), "timed out"),
        (httpx.ReadTimeout("x"), "timed out"),
        (HostNotFound("x"), "host not found"),
        (httpx.ReadError("x"), "connection closed early"),
        (httpx.RemoteProtocolError("x"), "no valid HTTP answer"),
        (httpx.UnsupportedProtocol("x"), "the URL cannot be used"),
        (httpx.InvalidURL("x"), "the URL cannot be used"),
        (caused(httpx.ConnectError("x"), ConnectionRefusedError(111, "10.0.0.1")), "connection refused"),
        (caused(httpx.ConnectError("x"), ssl.SSLCertVerificationError("x")), "certificate not trusted"),
        (caused(httpx.ConnectError("x"), ssl.SSLError("x")), "TLS handshake failed"),
        (caused(httpx.ConnectError("x"), ConnectionResetError()), "connection closed early"),
        (caused(httpx.ConnectError("x"), OSError(113, "no route to 10.0.0.1")), "cannot connect"),
        (
            caused(httpx.ConnectError("x"), ExceptionGroup("all", [OSError(), ConnectionRefusedError()])),
            "connection refused",
        ),
    ],
)
def test_an_error_has_words_of_ours(error: httpx.TransportError | TimeoutError, words: str) -> None:
    assert words_for(error) == words
