"""One request to the application without a connection, and what the application makes of it."""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import unquote

from contracts.inline import acts
from mock_server.app import App
from mock_server.core import wire

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.types import Message, Scope

_MAKES_NO_BODY = frozenset({204, 304})


class Exchange:
    """One request, and what the application makes of it: an answer, or a script for the wire."""

    def __init__(
        self,
        method: str,
        target: str,
        headers: tuple[tuple[bytes, bytes], ...],
        request: bytes,
        *,
        keeps_alive: bool = True,
        is_broken: bool = False,
    ) -> None:
        self._method, self._target, self._headers, self._request = method, target, headers, request
        self._keeps_alive = keeps_alive
        self.is_broken = is_broken
        self.status = HTTPStatus.BAD_REQUEST.value
        self.head: Sequence[tuple[bytes, bytes]] = ((b"content-length", b"0"),)
        self.body = bytearray()
        self._script: wire.Script | None = None

    async def run(self, app: App) -> None:
        path, _, query = self._target.partition("?")
        scope: Scope = {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "http_version": "1.1",
            "method": self._method,
            "scheme": "http",
            "path": unquote(path),
            "raw_path": path.encode("latin-1"),
            "query_string": query.encode("latin-1"),
            "root_path": "",
            "headers": self._headers,
            "server": ("127.0.0.1", 9),
            "client": ("127.0.0.1", 1),
            "state": {},
            "extensions": {wire.EXTENSION: self},
        }
        await app(scope, self._receive, self._send)

    async def play(self, script: wire.Script) -> None:
        """The application's door to the raw socket: the script is kept, for the connection to act out."""
        self._script = script

    def whole_body(self) -> bytes:
        body, self._request = self._request, b""
        return body

    def answer(self, status: int, headers: wire.Headers, body: bytes) -> bool:
        """The answer is kept, for the connection to act out."""
        self.status, self.head = status, headers
        self.body += body
        return True

    async def _receive(self) -> Message:
        body, self._request = self._request, b""
        return {"type": "http.request", "body": body, "more_body": False}

    async def _send(self, message: Mapping[str, object]) -> None:
        if message["type"] == "http.response.start":
            self.status, self.head = message["status"], message["headers"]  # type: ignore[assignment]  # as ASGI has it
        else:
            self.body += message.get("body", b"")  # type: ignore[arg-type]

    def acts(self) -> tuple[acts.Act, ...]:
        if self._script is not None:
            return tuple(map(_act, self._script))
        phrase = HTTPStatus(self.status).phrase if self.status in set(HTTPStatus) else ""
        lines = [
            b"HTTP/1.1 %d %s" % (self.status, phrase.encode()),
            *(b"%s: %s" % pair for pair in self.head),
        ]
        has_length = any(name.lower() == b"content-length" for name, _ in self.head)
        if not has_length and self.status not in _MAKES_NO_BODY:
            lines.append(b"content-length: %d" % len(self.body))
        shown = b"" if self._method == "HEAD" else bytes(self.body)
        sent = acts.Send(b"\r\n".join(lines) + b"\r\n\r\n" + shown)
        return (sent,) if self._keeps_alive else (sent, acts.End())


def _act(act: wire.Act) -> acts.Act:
    match act:
        case wire.Send(data=data):
            return acts.Send(data)
        case wire.Pause(wait_ms=wait_ms) | wire.Stall(limit_ms=wait_ms):
            return acts.Hold(wait_ms)
        case wire.Close():
            return acts.End()
        case wire.Reset():
            return acts.Break()
        case wire.ResetOnNextRequest():
            return acts.Break(on_next=True)
        case wire.RefuseConnections(for_ms=for_ms, resets_open=breaks_open):
            return acts.Refuse(for_ms, breaks_open)
