"""One request to a server in this process, without a socket: its application is called in the server's own loop."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from mock_server.core.wire import EXTENSION, Script

if TYPE_CHECKING:
    from mock_server.hosting.background import BackgroundServer

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
"""As ASGI has them: values of every kind."""
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
RawHeaders = tuple[tuple[bytes, bytes], ...]


class Told(Struct, frozen=True):
    """What the application made of a request: an answer, or a ``script`` for the wire in its place."""

    status: int
    headers: RawHeaders
    body: bytes
    script: Script = ()


class Exchange:
    """What one call of the application is given, and what it gives; the player of wire scripts as well."""

    def __init__(self, body: bytes) -> None:
        self._bodies = [body]
        self._status = 0
        self._headers: RawHeaders = ()
        self._parts: list[bytes] = []
        self._script: Script = ()

    def whole_body(self) -> bytes | None:
        """The body, once; then ``receive`` has only the client's leave."""
        return self._bodies.pop() if self._bodies else None

    async def play(self, script: Script) -> None:
        """Take down what would be done to the socket."""
        self._script = script

    def answer(self, status: int, headers: RawHeaders, body: bytes) -> bool:
        """Take down a whole answer. Nobody is slow to take it."""
        self._status, self._headers = status, (*headers, (b"content-length", b"%d" % len(body)))
        self._parts = [body]
        return True

    async def receive(self) -> Message:
        body = self.whole_body()
        if body is None:
            return {"type": "http.disconnect"}
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._status, self._headers = message["status"], tuple(map(tuple, message.get("headers", ())))
        else:
            self._parts.append(message.get("body", b""))

    def told(self) -> Told:
        return Told(self._status, self._headers, b"".join(self._parts), self._script)


class Door:
    """The way to the application of ``server`` that is no socket."""

    def __init__(self, server: BackgroundServer) -> None:
        self._server = server

    def ask(self, scope: Mapping[str, object], body: bytes) -> Future[Told]:
        """Begin an exchange. It counts as under way for a clock that goes in step."""
        return self._server.submit(self._told(dict(scope), body))

    async def _told(self, scope: Scope, body: bytes) -> Told:
        exchange, tempo = Exchange(body), self._server.tempo
        scope["extensions"] = {EXTENSION: exchange}
        tempo.guests += 1
        try:
            await self._server.app(scope, exchange.receive, exchange.send)
        finally:
            tempo.guests -= 1
        return exchange.told()


def scope_of(method: str, path: str, query: bytes, headers: RawHeaders, host: tuple[str, int]) -> Scope:
    """An ASGI scope; ``path`` is decoded."""
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": method,
        "headers": [(name.lower(), value) for name, value in headers],
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": query,
        "root_path": "",
        "server": host,
        "client": ("127.0.0.1", 1),
        "state": {},
    }
