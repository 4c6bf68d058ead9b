"""An answer's head and the first of its body leave together; a head alone does not wait."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable

import pytest

from mock_server.hosting.transport import OneSegmentTransport, break_off

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
        act(OneSegmentTransport(wire, asyncio.get_running_loop(), wire.close))  # type: ignore[arg-type]
        before = list(wire.writes)
        await asyncio.sleep(0)
        return wire, before

    return asyncio.run(run())


def test_head_and_body_are_one_write() -> None:
    def act(transport: OneSegmentTransport) -> None:
        transport.write(HEAD)
        transport.write(b"body")

    assert written(act)[0].writes == [HEAD + b"body"]


def test_a_large_body_is_not_copied() -> None:
    large = bytes(65 * 1024)

    def act(transport: OneSegmentTransport) -> None:
        transport.write(HEAD)
        transport.write(large)

    assert written(act)[1] == [HEAD, large]


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
        wire = Wire()
        return OneSegmentTransport(wire, asyncio.get_running_loop(), wire.close).get_extra_info("peername")  # type: ignore[arg-type, operator]

    assert asyncio.run(run()) == "extra peername"


def test_breaking_off_is_a_reset_and_not_an_end() -> None:
    async def run() -> None:
        left, right = await _pair()
        break_off(left)
        with pytest.raises(ConnectionResetError):
            await asyncio.get_running_loop().sock_recv(right, 1)
        right.close()

    asyncio.run(run())


async def _pair() -> tuple[asyncio.Transport, socket.socket]:
    """A transport, and the socket at its other end."""
    loop = asyncio.get_running_loop()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        connection = socket.create_connection(listener.getsockname())
        accepted, _ = listener.accept()
    for end in (connection, accepted):
        end.setblocking(False)
    transport, _ = await loop.connect_accepted_socket(asyncio.Protocol, accepted)
    return transport, connection
