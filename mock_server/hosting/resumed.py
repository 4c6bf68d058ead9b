"""Go on reading a request whose Upgrade we decline.

Java's own client asks for h2c with the first request of each connection. llhttp takes everything behind such a head for
the other protocol; by RFC 9110 § 7.8 a server may ignore the wish, and then it is the body, and after it more requests.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import httptools

if TYPE_CHECKING:
    from mock_server.hosting.protocol import EdgeProtocol


class Resumed:
    """Passes on what a second parser finds, but for the head with which that parser had to be told of the body."""

    def __init__(self, protocol: EdgeProtocol) -> None:
        self._protocol = protocol
        self._is_told = False
        self.on_body = protocol.on_body
        self.on_message_complete = protocol.on_message_complete

    def on_message_begin(self) -> None:
        if self._is_told:
            self._protocol.on_message_begin()

    def on_url(self, url: bytes) -> None:
        if self._is_told:
            self._protocol.on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        if self._is_told:
            self._protocol.on_header(name, value)

    def on_headers_complete(self) -> None:
        if self._is_told:
            self._protocol.on_headers_complete()
        self._is_told = True


def resume(protocol: EdgeProtocol, framing: bytes) -> httptools.HttpRequestParser:
    """A parser that stands before a body with ``framing``, which is a header line."""
    parser = new_parser(Resumed(protocol))
    parser.feed_data(b"POST / HTTP/1.1\r\n" + framing + b"\r\n\r\n")
    return parser


def new_parser(listener: object) -> httptools.HttpRequestParser:
    """As uvicorn makes it: the answer to the first of pipelined requests is not lost to what stands behind the last."""
    parser = httptools.HttpRequestParser(listener)
    parser.set_dangerous_leniencies(lenient_data_after_close=True)
    return parser
