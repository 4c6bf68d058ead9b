"""What a client hears of a wire script: the HTTP that its bytes make, how long it waits for them, and how it ends.

The words are httpx's, whose parser this is too: a client without a socket sees what it would see with one.
"""

from __future__ import annotations

from collections.abc import Iterator

import h11
import httpx

from mock_server.core.wire import (
    Close,
    Pause,
    RefuseConnections,
    Reset,
    ResetOnNextRequest,
    Script,
    Send,
    Stall,
)

_PASSED_BY = (RefuseConnections, ResetOnNextRequest)
"""Acts that this answer does not show, but the next request."""


class Hearing:
    """One script as the answer to ``request``. ``head`` comes first; then ``status`` and ``headers`` are known.

    Both parts yield seconds to wait, the second also bytes. They raise httpx.ReadError for a reset, ReadTimeout for
    a silence that is longer than the request's read timeout, RemoteProtocolError for what is no HTTP.
    """

    def __init__(self, request: httpx.Request, script: Script) -> None:
        self._request = request
        timeout = request.extensions.get("timeout", {}).get("read")
        self._acts = _heard(script, None if timeout is None else float(timeout))
        self._parser = h11.Connection(h11.CLIENT)
        target = request.url.raw_path or b"/"
        self._parser.send(h11.Request(method=request.method, target=target, headers=[("host", "lipflap")]))
        self._parser.send(h11.EndOfMessage())
        self.status = 0
        self.headers: list[tuple[bytes, bytes]] = []

    def head(self) -> Iterator[float]:
        """Wait for the head of the answer."""
        while True:
            event = self._next_event()
            if isinstance(event, h11.Response):
                self.status, self.headers = event.status_code, list(event.headers.raw_items())
                return
            if event is h11.NEED_DATA:
                yield from self._more()

    def body(self) -> Iterator[float | bytes]:
        """Wait for the body, part by part."""
        while True:
            event = self._next_event()
            if isinstance(event, h11.Data):
                yield bytes(event.data)
            elif isinstance(event, h11.EndOfMessage):
                return
            elif event is h11.NEED_DATA:
                yield from self._more()

    def _next_event(self) -> object:
        try:
            return self._parser.next_event()
        except h11.RemoteProtocolError as fault:
            raise httpx.RemoteProtocolError(str(fault), request=self._request) from fault

    def _more(self) -> Iterator[float]:
        act = next(self._acts, _NOTHING)
        if isinstance(act, float):
            yield act
        elif isinstance(act, type):
            raise act(_WORDS[act], request=self._request)
        elif act == b"" and self._parser.their_state is h11.SEND_RESPONSE:
            said = "Server disconnected without sending a response."
            raise httpx.RemoteProtocolError(said, request=self._request)
        else:
            self._parser.receive_data(act)


_Act = float | bytes | type[httpx.ReadError] | type[httpx.ReadTimeout]
_WORDS = {httpx.ReadError: "the server broke the connection off", httpx.ReadTimeout: "timed out"}
_NOTHING: _Act = httpx.ReadTimeout
"""A connection that stays open and is silent: only a timeout ends the wait."""


def _heard(script: Script, timeout_s: float | None) -> Iterator[_Act]:
    """Seconds of silence, bytes (none: the end in good order), or with what the hearing breaks off."""
    for act in script:
        match act:
            case Send(data=data):
                if data:
                    yield data
            case Pause(wait_ms=wait_ms) | Stall(limit_ms=wait_ms):
                if timeout_s is not None and wait_ms >= timeout_s * 1000:
                    yield timeout_s
                    yield httpx.ReadTimeout
                yield wait_ms / 1000
            case Close():
                yield b""
            case Reset():
                yield httpx.ReadError
            case _:
                assert isinstance(act, _PASSED_BY), "every act is known"
    if timeout_s is not None:
        yield timeout_s
