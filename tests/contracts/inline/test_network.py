"""Which connections are carried, which are refused, and which are left alone."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress

import pytest

from contracts.inline.acts import Act, End, Send
from contracts.inline.connection import Connection
from contracts.inline.fence import Fence
from contracts.inline.network import NeedsSockets, Network
from contracts.lockstep import Alone, LockStep

URL = "http://127.0.0.1:9"


class Talk:
    def feed(self, data: bytes) -> None:
        self.data = data

    def answer(self) -> tuple[Act, ...]:
        return (Send(self.data), End())


class Host:
    url = URL

    def connect(self) -> Talk:
        return Talk()


class Fate:
    """``at_answer`` may raise the client's end."""

    def __init__(self, at_answer: Callable[[], object] = lambda: None) -> None:
        self._at_answer = at_answer
        self.end: BaseException | None = None

    def check(self) -> None:
        try:
            self._at_answer()
        except BaseException as end:
            self.end = end
            raise


@pytest.fixture
def carried() -> Iterator[tuple[LockStep, Network, list[None]]]:
    answered: list[None] = []
    with ExitStack() as stack:
        step = stack.enter_context(LockStep(Alone(), 0))
        fence = Fence(step.crew)
        stack.enter_context(fence.closed())
        network = Network(Host(), step, fence, Fate(lambda: answered.append(None)))
        stack.enter_context(network.replaced())
        yield step, network, answered


Carried = tuple[LockStep, Network, list[None]]


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_connections_to_the_server_are_carried(carried: Carried, host: str) -> None:
    step, _, answered = carried
    before_s = step.elapsed_s
    connection = socket.create_connection((host, 9), 5)
    assert isinstance(connection, Connection)
    connection.sendall(b"ping")
    assert connection.recv(9) == b"ping"
    assert len(answered) == 1
    assert step.elapsed_s - before_s >= 0.001, "an exchange takes time"


def test_there_is_nobody_elsewhere(carried: Carried) -> None:
    with pytest.raises(ConnectionRefusedError, match="no network"):
        socket.create_connection(("169.254.169.254", 80), 5)
    with pytest.raises(socket.gaierror):
        socket.getaddrinfo("media.example", 443)
    assert socket.getaddrinfo("127.0.0.1", 80)


def test_loopback_is_left_alone(carried: Carried) -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as listener,
        socket.create_connection(listener.getsockname(), 5) as connection,
    ):
        assert isinstance(connection, socket.socket)


def test_who_is_refused_is_refused_for_a_while(carried: Carried) -> None:
    _, network, _ = carried
    open_one = socket.create_connection(("127.0.0.1", 9), 5)
    network.refuse(2_000, breaks_open=True)
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", 9), 5)
    with pytest.raises(ConnectionResetError):
        open_one.recv(1)
    network.wait(2)
    assert isinstance(socket.create_connection(("127.0.0.1", 9), 5), Connection)


def test_threads_that_are_not_the_clients_keep_the_system(carried: Carried) -> None:
    step, _, _ = carried
    found: list[BaseException | None] = []

    def connect() -> None:
        try:
            socket.create_connection(("127.0.0.1", 9), 0.2).close()
        except OSError as fault:
            found.append(fault)

    with step.on_real_time():
        connect()
    assert isinstance(found[0], OSError)


def test_a_connection_made_by_urllib3_is_carried(carried: Carried) -> None:
    import urllib3.util.connection

    assert isinstance(urllib3.util.connection.create_connection(("localhost", 9), 5), Connection)


def test_another_thread_may_ask_while_time_stands_still(carried: Carried) -> None:
    said: list[bytes] = []

    def ask() -> None:
        connection = socket.create_connection(("127.0.0.1", 9), 5)
        connection.sendall(b"from beside")
        said.append(connection.recv(99))

    make: Callable[..., threading.Thread] = threading.Thread
    thread = make(target=ask)
    thread.start()
    thread.join()
    assert said == [b"from beside"]


@pytest.mark.parametrize("name", ["connect", "connect_ex"])
def test_who_makes_its_own_sockets_needs_real_ones(name: str) -> None:
    with (
        LockStep(Alone(), 0) as step,
        pytest.raises(NeedsSockets),
        Network(Host(), step, Fence(step.crew), Fate()).replaced(),
        socket.socket() as own,
        suppress(BaseException),  # whoever swallows it is told again in the end
    ):
        getattr(own, name)(("127.0.0.1", 9))


def test_who_was_ended_at_an_answer_gets_no_other() -> None:
    def end() -> None:
        raise KeyboardInterrupt

    with LockStep(Alone(), 0) as step, Network(Host(), step, Fence(step.crew), Fate(end)).replaced():
        for _ in range(2):
            connection = socket.create_connection(("127.0.0.1", 9), 5)
            connection.sendall(b"ping")
            with pytest.raises(KeyboardInterrupt):
                connection.recv(9)
