"""What is held back leaves with the others, and nothing else that is done to a connection comes before it."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

import pytest

from mock_server.hosting.connection import Connection
from mock_server.hosting.departures import Departures, Outlet

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

    from tests.hosting.conftest import MakePlace

CLIENTS = 8
ASK = b"GET /together HTTP/1.1\r\nHost: localhost\r\n\r\n"


class Line(asyncio.Transport):
    """A transport that takes down what is done to it."""

    def __init__(self, name: str, done: list[str], *, is_closing: bool = False) -> None:
        super().__init__()
        self._name, self._done, self._is_closing = name, done, is_closing

    def _note(self, what: str) -> None:
        self._done.append(f"{self._name} {what}")

    def is_closing(self) -> bool:
        return self._is_closing

    def write(self, data: object) -> None:
        assert isinstance(data, bytes)
        self._note(data.decode())

    def can_write_eof(self) -> bool:
        return self._name != "tls"

    def write_eof(self) -> None:
        self._note("eof")

    def close(self) -> None:
        self._note("close")

    def abort(self) -> None:
        self._note("abort")

    def get_write_buffer_size(self) -> int:
        return 3


def test_all_of_a_turn_leave_at_its_end_and_in_order() -> None:
    done: list[str] = []

    async def turn() -> None:
        departures = Departures()
        for name in "abc":
            departures.send(Outlet(Line(name, done)), b"answer", is_last=False)
        assert done == []
        await asyncio.sleep(0)

    asyncio.run(turn())
    assert done == ["a answer", "b answer", "c answer"]


def test_the_last_of_a_turn_takes_the_others_along() -> None:
    done: list[str] = []

    async def turn() -> None:
        departures = Departures()
        departures.send(Outlet(Line("a", done)), b"answer", is_last=False)
        departures.send(Outlet(Line("b", done)), b"answer", is_last=True)
        assert done == ["a answer", "b answer"]

    asyncio.run(turn())


def test_the_next_turn_has_departures_of_its_own() -> None:
    done: list[str] = []

    async def turns() -> None:
        departures = Departures()
        outlet = Outlet(Line("a", done))
        for answer in (b"one", b"two"):
            departures.send(outlet, answer, is_last=False)
            await asyncio.sleep(0)
            assert not outlet.is_holding

    asyncio.run(turns())
    assert done == ["a one", "a two"]


@pytest.mark.parametrize(
    ("act", "seen"),
    [
        (lambda outlet: outlet.write(b"later"), ["a held", "a later"]),
        (Outlet.write_eof, ["a held", "a eof"]),
        (Outlet.close, ["a held", "a close"]),
        (Outlet.abort, ["a held", "a abort"]),
        (Outlet.flush, ["a held"]),
    ],
)
def test_nothing_that_is_done_comes_before_what_is_held(
    act: Callable[[Outlet], None], seen: list[str]
) -> None:
    done: list[str] = []
    outlet = Outlet(Line("a", done))
    outlet.hold(b"held")
    act(outlet)
    assert done == seen
    assert not outlet.is_holding


def test_what_is_held_counts_as_unsent() -> None:
    outlet = Outlet(Line("a", []))
    outlet.hold(b"four")
    assert outlet.get_write_buffer_size() == 7


def test_nothing_is_written_to_a_client_that_has_gone() -> None:
    done: list[str] = []
    outlet = Outlet(Line("a", done, is_closing=True))
    outlet.hold(b"held")
    outlet.flush()
    assert done == []


def test_where_half_a_connection_cannot_end_it_does_not() -> None:
    done: list[str] = []
    Outlet(Line("tls", done)).write_eof()
    assert done == []


def test_answers_to_several_clients_leave_only_when_the_last_is_made(make_place: MakePlace) -> None:
    """Each is made before the first has left: seen from within, where the connections hold what they have."""
    holding: list[int] = []
    arrived: list[asyncio.Event] = []

    async def together(scope: Scope, receive: Receive, send: Send) -> None:
        wire = scope["extensions"]["lipflap.wire"]
        arrived.append(asyncio.Event())
        if len(arrived) == CLIENTS:
            for event in arrived:
                event.set()
        await arrived[-1].wait()
        assert wire.answer(200, (), b"%d" % len(holding))
        holding.append(wire._connection.raw.is_holding)

    place = make_place({"/together": together})
    answers: list[bytes] = []

    def ask() -> None:
        with place.connect() as connection:
            connection.sendall(ASK)
            answer = b""
            while not answer.partition(b"\r\n\r\n")[2]:
                answer += connection.recv(4096)
            answers.append(answer.partition(b"\r\n\r\n")[2])

    clients = [threading.Thread(target=ask) for _ in range(CLIENTS)]
    for client in clients:
        client.start()
    for client in clients:
        client.join(20)
    assert sorted(answers) == [b"%d" % number for number in range(CLIENTS)]
    assert holding == [True] * (CLIENTS - 1) + [False]


@pytest.mark.parametrize(("is_paused", "is_at_work"), [(False, True), (True, False)])
def test_a_connection_is_at_work_until_its_answer_has_left(is_paused: bool, is_at_work: bool) -> None:
    """Else a clock that goes in step with clients would skip time while an answer is on its way."""
    outlet = Outlet(Line("a", []))
    connection = SimpleNamespace(
        _is_answering=False,
        player=SimpleNamespace(is_waiting=False),
        raw=outlet,
        flow=SimpleNamespace(write_paused=is_paused),
    )
    at_work = cast(property, Connection.is_at_work).fget
    assert at_work is not None
    assert not at_work(connection)
    outlet.hold(b"held")
    assert at_work(connection) is is_at_work
