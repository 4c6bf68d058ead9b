"""Stopping is quick, and hurts nobody who was already being served."""

from __future__ import annotations

import asyncio
import http.client
import threading
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from mock_server.hosting import server

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

    from mock_server.tls import Certificate
    from tests.hosting.conftest import MakePlace, Place

pytestmark = pytest.mark.usefixtures("no_errors")

CLIENTS = 8
A_MOMENT_S = 0.01
POST = b"POST /v1/audio/tts HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n"


class Client(threading.Thread):
    """Asks again and again, on one connection or on a new one each time, until the server refuses a new one."""

    def __init__(self, place: Place, *, keeps: bool) -> None:
        super().__init__()
        self._place = place
        self._keeps = keeps
        self.warm = threading.Event()
        self.found: Counter[str] = Counter()

    def run(self) -> None:
        connection = self._new()
        while True:
            try:
                _ = connection.sock or connection.connect()
            except ConnectionRefusedError:
                return
            try:
                connection.request(
                    "GET", "/v1/videos/lip-sync", headers={} if self._keeps else {"Connection": "close"}
                )
                answer = connection.getresponse()
                answer.read()
            except OSError as fault:
                self.found[type(fault).__name__] += 1
                connection.close()
                continue
            self.found[str(answer.status)] += 1
            self.warm.set()

    def _new(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection(self._place.host, self._place.port, timeout=20)


@pytest.mark.parametrize("keeps", [True, False])
def test_a_stop_under_load_loses_no_answer(make_place: MakePlace, keeps: bool) -> None:
    place = make_place()
    clients = [Client(place, keeps=keeps) for _ in range(CLIENTS)]
    for client in clients:
        client.start()
    for client in clients:
        assert client.warm.wait(20)
    place.server.__exit__(None, None, None)
    for client in clients:
        client.join(20)
        assert set(client.found) == {"401"}


def test_what_is_being_answered_is_answered(
    make_place: MakePlace, maybe_certificate: Certificate | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mock_server.hosting.server.PATIENCE_S", 60)
    monkeypatch.setattr("mock_server.hosting.server.GRACE_S", 60)
    asked, told_to_stop = threading.Event(), threading.Event()

    async def slow(scope: Scope, receive: Receive, send: Send) -> None:
        asked.set()
        await asyncio.to_thread(told_to_stop.wait, 20)
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
        await send({"type": "http.response.body", "body": b"ok"})

    place = make_place({"/slow": slow}, maybe_certificate)
    with place.connect() as connection:
        connection.sendall(b"GET /slow HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert asked.wait(20)
        stopping = threading.Thread(target=place.server.__exit__, args=(None, None, None))
        stopping.start()
        while _is_open(place):
            stopping.join(A_MOMENT_S)
        told_to_stop.set()
        answer = connection.recv(65_536)
        assert answer.startswith(b"HTTP/1.1 200 OK")
        assert b"connection: close" in answer
        assert connection.recv(1) == b""
    stopping.join(20)
    assert not stopping.is_alive()


@pytest.mark.parametrize("begun", [b"", b"G", POST])
def test_no_client_can_hold_up_the_stop(
    make_place: MakePlace,
    maybe_certificate: Certificate | None,
    monkeypatch: pytest.MonkeyPatch,
    begun: bytes,
) -> None:
    monkeypatch.setattr("mock_server.hosting.server.PATIENCE_S", 0.2)
    place = make_place(certificate=maybe_certificate)
    with place.connect() as connection:
        connection.sendall(begun)
        stopping = threading.Thread(target=place.server.__exit__, args=(None, None, None))
        stopping.start()
        stopping.join(20)
        assert not stopping.is_alive()


def test_the_whole_of_a_stop_takes_less_than_five_seconds() -> None:
    assert server.PATIENCE_S < server.GRACE_S < 5


def _is_open(place: Place) -> bool:
    try:
        place.connect().close()
    except OSError:
        return False
    return True
