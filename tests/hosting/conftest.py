"""Servers with small limits and with routes of the test's own, and raw connections to them, plain and over TLS."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from mock_server.app import App
from mock_server.core.wire import EXTENSION, Script
from mock_server.hosting import background
from mock_server.hosting.background import BackgroundServer
from mock_server.settings import Settings
from mock_server.tls import Certificate, make_certificate

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

Route = Callable[["Scope", "Receive", "Send"], Awaitable[None]]
TIMEOUT_S = 20


@dataclass(frozen=True)
class Place:
    """Where a server is, and how to talk to it byte by byte."""

    host: str
    port: int
    context: ssl.SSLContext | None
    server: BackgroundServer

    def connect(self) -> socket.socket:
        connection = socket.create_connection((self.host, self.port), timeout=TIMEOUT_S)
        if self.context is None:
            return connection
        return self.context.wrap_socket(connection, server_hostname="localhost")

    def told(self, *pieces: bytes) -> bytes:
        """Everything a connection of its own gets for ``pieces``, until the server ends it."""
        with self.connect() as connection:
            for piece in pieces:
                connection.sendall(piece)
            return heard(connection)


def heard(connection: socket.socket) -> bytes:
    """Everything until the other side ends the connection in good order."""
    parts = []
    while part := connection.recv(65_536):
        parts.append(part)
    return b"".join(parts)


def heard_until(connection: socket.socket, end: bytes) -> bytes:
    """Everything up to ``end``, and nothing behind it."""
    data = b""
    while not data.endswith(end):
        part = connection.recv(1)
        assert part, f"the connection ended after {data!r}"
        data += part
    return data


def end_below_tls(connection: socket.socket) -> None:
    """Wait for the end of the connection as TCP sees it: Python's TLS would tell a reset as a ragged end."""
    while socket.socket.recv(connection, 65_536):
        pass


class RoutedApp(App):
    """lipflap, but for the paths that a test has routes for. Remembers what went wrong."""

    def __init__(self, settings: Settings, routes: Mapping[str, Route]) -> None:
        super().__init__(settings)
        self._routes = routes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        route = self._routes.get(scope["path"], super().__call__)
        await route(scope, receive, send)


MakePlace = Callable[..., Place]


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return make_certificate(Path(tmp_path_factory.mktemp("tls")))


@pytest.fixture
def make_place(monkeypatch: pytest.MonkeyPatch) -> Iterator[MakePlace]:
    """Starts servers: ``make_place(routes, certificate, idle_timeout_s=0.1)``."""
    with ExitStack() as stack:

        def make(
            routes: Mapping[str, Route] | None = None,
            certificate: Certificate | None = None,
            **settings: object,
        ) -> Place:
            monkeypatch.setattr(background, "create_app", lambda settings: RoutedApp(settings, routes or {}))
            server = BackgroundServer(Settings(port=0, **settings), certificate)  # type: ignore[arg-type]
            stack.enter_context(server)
            context = ssl.create_default_context(cafile=certificate.ca_file) if certificate else None
            place = urlsplit(server.url)
            assert place.hostname is not None
            assert place.port is not None
            return Place(place.hostname, place.port, context, server)

        yield make


@pytest.fixture(params=["plain", "tls"])
def maybe_certificate(request: pytest.FixtureRequest, certificate: Certificate) -> Certificate | None:
    """The test runs twice: without a certificate and with one."""
    return certificate if request.param == "tls" else None


def script_route(script: Script) -> Route:
    """An application that plays ``script`` for every request."""

    async def play(scope: Scope, receive: Receive, send: Send) -> None:
        await scope["extensions"][EXTENSION].play(script)

    return play


@pytest.fixture
def play() -> Callable[[Script], Route]:
    return script_route


@pytest.fixture
def hear() -> Callable[[socket.socket], bytes]:
    return heard


@pytest.fixture
def hear_until() -> Callable[[socket.socket, bytes], bytes]:
    return heard_until


@pytest.fixture
def hear_end() -> Callable[[socket.socket], None]:
    return end_below_tls


@pytest.fixture
def no_errors(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Fails the test where anything was logged as an error."""
    yield
    errors = [record for record in caplog.records if record.levelname in {"ERROR", "CRITICAL"}]
    assert [record.getMessage() for record in errors] == []
