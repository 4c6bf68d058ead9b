"""A server in a thread: up inside the block, gone after it, and honest about what cannot work."""

from __future__ import annotations

import socket
import threading

import httpx
import pytest

from mock_server.core.errors import ConfigurationError
from mock_server.hosting.background import BackgroundServer
from mock_server.settings import Settings


def test_it_answers_inside_the_block_and_is_gone_after_it() -> None:
    # other tests of this process may keep a server of theirs
    before = {thread for thread in threading.enumerate() if thread.name == "lipflap"}
    with BackgroundServer(Settings(port=0)) as server:
        assert httpx.get(f"{server.url}/__lipflap/health").status_code == 200
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"{server.url}/__lipflap/health")
    assert {thread for thread in threading.enumerate() if thread.name == "lipflap"} == before


def test_two_at_once_have_ports_of_their_own() -> None:
    with BackgroundServer(Settings(port=0)) as one, BackgroundServer(Settings(port=0)) as two:
        assert one.url != two.url


def test_a_taken_port_is_refused_on_entry() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        with pytest.raises(ConfigurationError, match=f"port {port} on 127.0.0.1 is taken"):
            BackgroundServer(Settings(port=port)).__enter__()


def test_a_store_that_cannot_be_opened_is_refused_on_entry(tmp_path) -> None:
    file = tmp_path / "letter.db"
    file.write_text("dear reader, " * 1000)
    with pytest.raises(ConfigurationError, match="not a SQLite database"):
        BackgroundServer(Settings(port=0, store=f"sqlite:///{file}")).__enter__()


def test_settings_that_cannot_work_free_the_port() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(ConfigurationError, match="unknown dialect"):
        BackgroundServer(Settings(port=port, dialects={"no.such": "x"})).__enter__()
    socket.create_server(("127.0.0.1", port)).close()
