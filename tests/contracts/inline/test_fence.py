"""A client in this process is offline, and it is known where it wanted to go."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator

import pytest

from contracts.inline.fence import Fence
from contracts.lockstep import Alone, LockStep


@pytest.fixture
def fence() -> Iterator[Fence]:
    with LockStep(Alone(), 0) as step:
        made = Fence(step.crew)
        with made.closed():
            yield made


@pytest.fixture
def listener() -> Iterator[tuple[str, int]]:
    with socket.create_server(("127.0.0.1", 0)) as made:
        yield made.getsockname()


def test_addresses_elsewhere_refuse_and_are_noted(fence: Fence) -> None:
    for connect in (socket.socket.connect, socket.socket.connect_ex):
        with socket.socket() as own, pytest.raises(ConnectionRefusedError, match="no network here"):
            connect(own, ("192.0.2.1", 80))
    assert fence.tried == ("192.0.2.1:80",)


def test_names_elsewhere_have_no_address(fence: Fence) -> None:
    with pytest.raises(socket.gaierror, match="no network here"):
        socket.getaddrinfo("media.example", 443)
    assert socket.getaddrinfo("localhost", 80)
    assert fence.tried == ()


def test_this_machine_is_within(fence: Fence, listener: tuple[str, int]) -> None:
    socket.create_connection(listener, 5).close()
    assert fence.tried == ()


def test_others_threads_are_free(listener: tuple[str, int]) -> None:
    gate, found = threading.Event(), list[object]()

    def other() -> None:
        gate.wait(5)
        found.extend(socket.getaddrinfo("127.0.0.1", 80))

    thread = threading.Thread(target=other)
    thread.start()
    with LockStep(Alone(), 0) as step:
        fence = Fence(step.crew)
        with fence.closed(), step.on_real_time():
            gate.set()
            thread.join()
    assert found
