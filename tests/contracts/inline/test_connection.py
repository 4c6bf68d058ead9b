"""A connection that no system knows behaves as a socket does."""

from __future__ import annotations

import socket
from collections.abc import Callable, Sequence

import pytest

from contracts.inline.acts import Act, Break, End, Hold, Refuse, Send
from contracts.inline.connection import Connection


class Talk:
    """The server's end: what it was fed, and what it does."""

    def __init__(self, *answers: Sequence[Act]) -> None:
        self.fed = b""
        self._answers = list(answers)

    def feed(self, data: bytes) -> None:
        self.fed += data

    def answer(self) -> Sequence[Act] | None:
        return self._answers.pop(0) if self._answers else None


class Network:
    """Counts what is waited for."""

    def __init__(self) -> None:
        self.waited_s: list[float | None] = []
        self.refused_ms = 0
        self.forgotten = 0

    def asked(self, ask: Callable[[], Sequence[Act] | None]) -> Sequence[Act] | None:
        return ask()

    def wait(self, seconds: float | None) -> None:
        self.waited_s.append(seconds)

    def count_time(self) -> None:
        """Time stands."""

    def refuse(self, for_ms: int, *, breaks_open: bool) -> None:
        self.refused_ms = for_ms

    def forget(self, connection: Connection) -> None:
        self.forgotten += 1


def connected(*acts: Act, timeout: float | None = 5.0) -> tuple[Connection, Talk, Network]:
    talk, network = Talk(acts), Network()
    return Connection(network, talk, ("127.0.0.1", 9), timeout), talk, network  # type: ignore[arg-type]


def test_what_is_sent_is_fed_and_what_is_answered_is_read() -> None:
    connection, talk, _ = connected(Send(b"hello"), End())
    connection.sendall(b"ab")
    assert connection.send(memoryview(b"cd")) == 2
    assert talk.fed == b"abcd"
    assert (connection.recv(3), connection.recv(3), connection.recv(3)) == (b"hel", b"lo", b"")


def test_a_held_answer_comes_after_its_time() -> None:
    connection, _, network = connected(Hold(2_000), Send(b"late"))
    assert connection.recv(9) == b"late"
    assert network.waited_s == [2.0]


def test_a_read_waits_no_longer_than_its_timeout_and_goes_on_where_it_was() -> None:
    connection, _, network = connected(Hold(7_000), Send(b"late"))
    with pytest.raises(TimeoutError):
        connection.recv(9)
    assert connection.recv(9) == b"late"
    assert network.waited_s == [5.0, 2.0]


def test_several_waits_share_one_timeout() -> None:
    connection, _, network = connected(Hold(3_000), Hold(3_000), Send(b"x"))
    with pytest.raises(TimeoutError):
        connection.recv(1)
    assert network.waited_s == [3.0, 2.0]


def test_a_break_is_a_reset_and_takes_unread_bytes_along() -> None:
    connection, _, _ = connected(Send(b"a"), Break())
    connection.recv(1)
    for _ in range(2):
        with pytest.raises(ConnectionResetError):
            connection.recv(1)
    with pytest.raises(ConnectionResetError):
        connection.send(b"x")


def test_a_break_on_the_next_request_lets_this_one_through() -> None:
    connection, _, network = connected(Send(b"a"), Break(on_next=True), Send(b"b"), timeout=1.0)
    assert connection.recv(9) == b"a"
    assert connection.recv(9) == b"b"
    with pytest.raises(ConnectionResetError):
        connection.send(b"again")
    assert network.waited_s == []


def test_after_the_end_nothing_can_be_sent() -> None:
    connection, _, _ = connected(End())
    assert connection.recv(1) == b""
    with pytest.raises(BrokenPipeError):
        connection.send(b"x")


def test_nothing_asked_is_nothing_answered() -> None:
    connection, talk, network = connected()
    talk.answer()
    with pytest.raises(TimeoutError):
        connection.recv(1)
    assert network.waited_s == [5.0]


def test_a_refusal_is_the_networks_matter() -> None:
    connection, _, network = connected(Refuse(1_500), Send(b"x"))
    connection.recv(1)
    assert network.refused_ms == 1_500


def test_a_file_over_it_reads_lines() -> None:
    connection, talk, _ = connected(Send(b"one\ntwo\n"), End())
    with connection.makefile("rb") as file:
        assert file.readline() == b"one\n"
        assert file.read() == b"two\n"
    connection, talk, _ = connected(Send(b"answer"), End())
    with connection.makefile("rwb", 0) as raw:
        raw.write(b"ask")  # type: ignore[attr-defined]
        assert raw.read(6) == b"answer"  # type: ignore[attr-defined]
    assert talk.fed == b"ask"
    connection, _, _ = connected(Send("wörd\n".encode()), End())
    with connection.makefile("r", encoding="utf-8") as text:
        assert text.readline() == "wörd\n"  # type: ignore[comparison-overlap]


def test_its_descriptor_is_readable_when_a_read_would_not_wait() -> None:
    connection, _, network = connected(Send(b"ab"), End())
    with connection:
        assert not _is_readable(connection)
        connection.recv(1)
        assert _is_readable(connection)
    assert connection.fileno() == -1
    assert network.forgotten == 1


def _is_readable(connection: Connection) -> bool:
    import select

    return bool(select.select([connection], [], [], 0)[0])


def test_it_has_the_manners_of_a_socket() -> None:
    connection, _, _ = connected()
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    assert connection.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR) == 0
    connection.setblocking(False)
    assert connection.gettimeout() == 0.0
    assert connection.getpeername() == ("127.0.0.1", 9)
    assert connection.getsockname()[0] == "127.0.0.1"
    connection.shutdown(socket.SHUT_WR)
    assert connection.recv(1) == b""
