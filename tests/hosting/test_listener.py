"""Taking a port: at once, by name or number, and with a reason where it cannot be had."""

from __future__ import annotations

import socket

import pytest

from mock_server.core.errors import ConfigurationError
from mock_server.hosting.listener import address_of, listen


def test_port_0_takes_a_free_port_and_listens_at_once() -> None:
    with listen("127.0.0.1", 0) as listener:
        host, port = listener.getsockname()
        assert address_of(listener) == f"127.0.0.1:{port}"
        socket.create_connection((host, port)).close()


@pytest.mark.parametrize(("host", "shown"), [("::1", "[::1]"), ("0.0.0.0", "127.0.0.1"), ("::", "[::1]")])
def test_an_address_is_shown_as_a_client_here_writes_it(host: str, shown: str) -> None:
    with listen(host, 0) as listener:
        assert address_of(listener) == f"{shown}:{listener.getsockname()[1]}"


def test_a_port_that_nobody_accepts_on_yet_is_taken_all_the_same() -> None:
    with listen("127.0.0.1", 0) as listener:
        port = listener.getsockname()[1]
        with pytest.raises(ConfigurationError, match=f"port {port} on 127.0.0.1 is taken"):
            listen("127.0.0.1", port)


def test_an_address_of_another_machine_is_refused_with_the_reason() -> None:
    with pytest.raises(ConfigurationError, match=r"cannot listen on 192\.0\.2\.1 port 0: "):
        listen("192.0.2.1", 0)


def test_a_name_that_leads_nowhere_is_refused() -> None:
    with pytest.raises(ConfigurationError, match=r"cannot listen on nowhere\.invalid: no such address"):
        listen("nowhere.invalid", 0)
