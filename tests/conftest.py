"""Servers for tests: in this process with a clock moved by hand, or on a real socket."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from starlette.testclient import TestClient

from mock_server.app import App
from mock_server.hosting.background import BackgroundServer
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
            server = BackgroundServer(Settings(port=0, **settings))  # type: ignore[arg-type]
            return stack.enter_context(server).url

        yield make


@pytest.fixture(scope="session")
def server_url(make_server: MakeServer) -> str:
    """One server with default settings but pace ``instant``, on a real socket, for the whole test session."""
    return make_server(pace="instant")
