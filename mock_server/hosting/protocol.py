"""HTTP/1.1 as it comes in, with every byte counted before the parser gets it.

The parser itself keeps whatever it is given, however long the head.
"""

from __future__ import annotations

import logging

import httptools
from uvicorn.protocols.http.flow_control import HIGH_WATER_LIMIT

from mock_server.hosting.connection import Connection
from mock_server.hosting.cycle import Cycle
from mock_server.hosting.refusal import Refusal
from mock_server.hosting.resumed import resume
from mock_server.hosting.target import Target, target_of
from mock_server.hosting.vigil import Phase

log = logging.getLogger("mock_server.hosting")

PIECE_BYTES = 4 * 1024
"""The parser gets no more at once, but for content of declared length: what it makes of so much is bounded."""
_UNKNOWN = -1
_ASGI = {"version": "3.0", "spec_version": "2.3"}
_HEAD, _BODY, _IDLE = Phase.HEAD, Phase.BODY, Phase.IDLE


class EdgeProtocol(Connection):
    """Feeds the parser and hears from it."""

    _room = PIECE_BYTES
    _head_bytes = 0
    _wire_bytes = 0
    _length = 0
    _known_host = b""
    _url = b""
    _expects_100 = False
    _names_connection = False

    def data_received(self, data: bytes) -> None:
        if self.is_deaf:
            return
        if self.backlog or len(data) > self._room:
            self.backlog += data
            self.feed_backlog()
        else:
            self._feed(data)

    def feed_backlog(self) -> None:
        data, self.backlog = self.backlog, b""
        start = 0
        while start < len(data) and not self.is_deaf:
            if self.pipeline:
                self.backlog = data[start:]
                self.flow.is_held = True
                self.flow.pause_reading()
                return
            end = start + self._next_piece()
            self._feed(data[start:end])
            start = end
        if self.flow.is_held:
            self.flow.is_held = False
            if not self.pipeline and (self.cycle is None or len(self.cycle.body) <= HIGH_WATER_LIMIT):
                self.flow.resume_reading()

    def _next_piece(self) -> int:
        if self.stage is _HEAD:
            return self._room
        if self.stage is _BODY:
            return max(PIECE_BYTES, self._length - self.body_bytes)
        return PIECE_BYTES

    def _feed(self, piece: bytes) -> None:
        size = len(piece)
        while piece:
            try:
                self.parser.feed_data(piece)
            except httptools.HttpParserUpgrade as upgrade:
                piece = piece[upgrade.args[0] :]
                self._decline_upgrade()
            except httptools.HttpParserError as fault:
                self.refuse(_refusal_of(fault))
                return
            else:
                break
        if self.stage is not _IDLE:
            self._count(size)

    def _count(self, size: int) -> None:
        """Weigh what an unfinished request has sent. A piece counts in full for the stage that it ended in."""
        limits = self.edge.limits
        if self.stage is _HEAD:
            self._head_bytes += size
            if self._head_bytes >= limits.head_bytes:
                self.refuse(Refusal(431, f"the head of a request is at most {limits.head_bytes} bytes"))
            self._room = min(PIECE_BYTES, limits.head_bytes - self._head_bytes)
        elif self.stage is _BODY:
            self._wire_bytes += size
            framing = self._wire_bytes - self.body_bytes
            if framing > limits.framing_bytes + PIECE_BYTES and framing > self.body_bytes:
                self.refuse(Refusal(400, "the body has more framing than content"))

    # what the parser finds

    def on_message_begin(self) -> None:
        if self.resets_on_next_request:
            self.reset()
            raise Refusal(400, "the connection is broken off")
        self._url = b""
        self.headers = []
        self._expects_100 = self._names_connection = False
        self.stage = _HEAD
        self._room = PIECE_BYTES
        self._head_bytes = self._wire_bytes = self.body_bytes = 0

    def on_url(self, url: bytes) -> None:
        self._url += url
        limit = self.edge.limits.target_bytes
        if len(self._url) > limit:
            raise Refusal(414, f"the target of a request is at most {limit} bytes")

    def on_header(self, name: bytes, value: bytes) -> None:
        # trailers come here too, when the application has long taken the headers for all there are
        if self.stage is _HEAD:
            self.headers.append((name.lower(), value))

    def on_headers_complete(self) -> None:
        host = length = b""
        for name, value in self.headers:
            if name == b"host":
                if host:
                    raise Refusal(400, "the request has two Host headers")
                host = value
            elif name == b"content-length":
                length = value
            elif name == b"expect":
                self._expects_100 = value.lower() == b"100-continue"
            elif name == b"connection":
                self._names_connection = True
        if host != self._known_host or not host:
            self._check_host(host)
        self._length = self._checked_length(length) if length else _UNKNOWN
        if len(self.headers) > self.edge.limits.header_count:
            raise Refusal(431, f"a request has at most {self.edge.limits.header_count} headers")
        self._take(target_of(self._url))
        self.stage = _BODY

    def _take(self, target: Target) -> None:
        persists = self.parser.should_keep_alive()
        # to stay where nothing was said of it is the way of HTTP/1.1 alone: then the dear question is spared
        version = "1.1" if persists and not self._names_connection else self.parser.get_http_version()
        scope = {
            "type": "http",
            "asgi": _ASGI,
            "http_version": version,
            "method": self.parser.get_method().decode("ascii"),
            "scheme": self.scheme,
            "path": target.path,
            "raw_path": target.raw_path,
            "query_string": target.query,
            "root_path": "",
            "headers": self.headers,
            "client": self.client,
            "server": self.server,
            "extensions": self.extensions,
        }
        keep_alive = persists and version != "1.0" and not self.ends_with_answer
        before = self.cycle
        cycle = self.cycle = Cycle(self, scope, keep_alive=keep_alive, expects_100=self._expects_100)
        if before is None or before.response_complete:
            self.begin(cycle)
        else:
            self.flow.pause_reading()
            self.pipeline.appendleft(cycle)

    def on_body(self, body: bytes) -> None:
        self.body_bytes += len(body)
        if self.body_bytes > self.edge.limits.body_bytes:
            raise self._too_large()
        cycle = self.cycle
        if cycle is None or cycle.response_complete or cycle is self.scripted:
            return
        cycle.body += body
        if len(cycle.body) > HIGH_WATER_LIMIT:
            self.flow.pause_reading()
        cycle.ring()

    def on_message_complete(self) -> None:
        self.stage = _IDLE
        cycle = self.cycle
        if cycle is not None and not cycle.response_complete:
            cycle.more_body = False
            cycle.ring()

    # what it may not find

    def _check_host(self, host: bytes) -> None:
        if not host:
            # HTTP/1.0 knows no Host, and no browser speaks it: RFC 9112 § 3.2
            if self.parser.get_http_version() != "1.0":
                raise Refusal(400, "the request has no Host header")
            return
        self.edge.hosts.check(host)
        self._known_host = host

    def _checked_length(self, length: bytes) -> int:
        if len(length) > 18 or int(length) > self.edge.limits.body_bytes:
            raise self._too_large()
        return int(length)

    def _too_large(self) -> Refusal:
        return Refusal(413, f"the body of a request is at most {self.edge.limits.body_bytes} bytes")

    def _decline_upgrade(self) -> None:
        """Read on as if the client had not asked to change the protocol, as a server may."""
        if self._length > 0:
            framing = b"Content-Length: %d" % self._length
        elif any(name == b"transfer-encoding" for name, _ in self.headers):
            framing = b"Transfer-Encoding: chunked"
        else:
            return
        assert self.cycle is not None, "its head was complete"
        self.stage = _BODY
        self.cycle.more_body = True
        self.parser = resume(self, framing)


def _refusal_of(fault: httptools.HttpParserError) -> Refusal:
    """What is wrong: the reason of ours, or the parser's."""
    reason = fault.__context__
    if isinstance(reason, Refusal):
        return reason
    if isinstance(fault, httptools.HttpParserCallbackError) and not isinstance(
        reason, httptools.HttpParserInvalidURLError
    ):
        log.error("a request could not be read", exc_info=reason)
    return Refusal(400, "this is not HTTP as RFC 9112 has it")
