"""An answer's head and the first of its body leave together; a head alone does not wait."""

from __future__ import annotations

import asyncio
import http.client
import socket
from collections.abc import Callable
from urllib.parse import urlsplit

from mock_server.hosting.background import BackgroundServer
from mock_server.hosting.protocol import OneSegmentTransport
from mock_server.settings import Settings

HEAD = b"HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\n"


class Wire:
    """A transport that remembers what was written, write by write."""

    def __init__(self) -> None:
        self.writes: list[bytes] = []
        self.is_closed = False

    def write(self, data: bytes) -> None:
        self.writes.append(data)

    def close(self) -> None:
        self.is_closed = True

    def get_extra_info(self, name: str) -> str:
        return f"extra {name}"


def written(act: Callable[[OneSegmentTransport], None]) -> tuple[Wire, list[bytes]]:
    """The wire after ``act`` and one round of the loop, and what was on it before that round."""

    async def run() -> tuple[Wire, list[bytes]]:
        wire = Wire()
        act(OneSegmentTransport(wire, asyncio.get_running_loop()))  # type: ignore[arg-type]
        before = list(wire.writes)
        await asyncio.sleep(0)
        return wire, before

    return asyncio.run(run())


def test_head_and_body_are_one_write() -> None:
    def act(transport: OneSegmentTransport) -> None:
        transport.write(HEAD)
        transport.write(b"body")

    assert written(act)[0].writes == [HEAD + b"body"]


def test_a_head_that_nothing_follows_leaves_with_the_next_round_of_the_loop() -> None:
    wire, before = written(lambda transport: transport.write(HEAD))
    assert (before, wire.writes) == ([], [HEAD])


def test_a_second_piece_of_body_does_not_wait() -> None:
    def act(transport: OneSegmentTransport) -> None:
        for piece in (HEAD, b"bo", b"dy"):
            transport.write(piece)

    assert written(act)[1] == [HEAD + b"bo", b"dy"]


def test_closing_sends_the_head_first() -> None:
    def act(transport: OneSegmentTransport) -> None:
        transport.write(HEAD)
        transport.close()

    wire, before = written(act)
    assert (before, wire.is_closed) == ([HEAD], True)


def test_everything_else_is_the_transport_s_own() -> None:
    async def run() -> object:
        return OneSegmentTransport(Wire(), asyncio.get_running_loop()).get_extra_info("peername")  # type: ignore[arg-type, operator]

    assert asyncio.run(run()) == "extra peername"


def test_a_server_answers_in_one_segment() -> None:
    with BackgroundServer(Settings(port=0)) as server:
        place = urlsplit(server.url)
        assert place.hostname is not None
        with socket.create_connection((place.hostname, place.port or 80), timeout=10) as connection:
            connection.sendall(b"GET /v1/videos/lip-sync HTTP/1.1\r\nHost: localhost\r\n\r\n")
            segment = connection.recv(65_536)
        assert segment.startswith(b"HTTP/1.1 401")
        assert b'"code":1001' in segment


def test_an_open_stream_shows_its_head_at_once() -> None:
    with BackgroundServer(Settings(port=0)) as server:
        place = urlsplit(server.url)
        connection = http.client.HTTPConnection(place.hostname or "", place.port, timeout=10)
        connection.request("GET", "/__lipflap/journal/stream")
        assert connection.getresponse().status == 200
        connection.close()
