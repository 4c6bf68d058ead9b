"""Servers for tests: in this process with a clock moved by hand, or on a real socket."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
import uvicorn
from starlette.testclient import TestClient

from mock_server.app import App
from mock_server.settings import Settings

BASE_URL = "http://lipflap.test"
KEY = "key-of-the-tests"

MakeClient = Callable[..., TestClient]
MakeServer = Callable[..., str]


@pytest.fixture
def make_client() -> Iterator[MakeClient]:
    """Makes clients of servers in this process: ``make_client(slots=2)``; the clock is manual unless said otherwise."""
    with ExitStack() as stack:

        def make(**settings: object) -> TestClient:
            app = App(Settings(**{"clock": "manual", **settings}))  # type: ignore[arg-type]
            client = TestClient(app, base_url=BASE_URL, headers={"Authorization": f"Bearer {KEY}"})
            return stack.enter_context(client)

        yield make


@pytest.fixture
def client(make_client: MakeClient) -> TestClient:
    """A client of a fresh server with default settings and a manual clock."""
    return make_client()


@pytest.fixture(scope="session")
def make_server() -> Iterator[MakeServer]:
    """Starts servers on free loopback ports and gives their URLs; they end with the test session."""
    with ExitStack() as stack:

        def make(**settings: object) -> str:
            return stack.enter_context(_Running(Settings(**settings)))  # type: ignore[arg-type]

        yield make


@pytest.fixture(scope="session")
def server_url(make_server: MakeServer) -> str:
    """One server with default settings but pace ``instant``, on a real socket, for the whole test session."""
    return make_server(pace="instant")


class _Running:
    """A server in a thread of its own, from ``with`` to its end."""

    def __init__(self, settings: Settings) -> None:
        self._socket = socket.create_server((settings.host, 0))
        config = uvicorn.Config(App(settings), log_config=None, access_log=False)
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(
            target=self._server.run, kwargs={"sockets": [self._socket]}, daemon=True
        )

    def __enter__(self) -> str:
        self._thread.start()
        host, port = self._socket.getsockname()[:2]
        _wait_until(host, port)
        return f"http://{host}:{port}"

    def __exit__(self, *_: object) -> None:
        self._server.should_exit = True
        self._thread.join(timeout=10)
        self._socket.close()


def _wait_until(host: str, port: int) -> None:
    """The socket listens already, so a first answer comes as soon as the server is up."""
    with socket.create_connection((host, port), timeout=10) as connection:
        connection.sendall(b"GET /__lipflap/health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        connection.recv(1)
