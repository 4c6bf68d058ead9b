"""A connection can be ended without a word, and reading held."""

from __future__ import annotations

import asyncio
import socket

import pytest

from mock_server.hosting.transport import Flow, break_off


class Wire:
    """A transport that remembers when it was read from."""

    def __init__(self) -> None:
        self.told: list[str] = []

    def pause_reading(self) -> None:
        self.told.append("pause")

    def resume_reading(self) -> None:
        self.told.append("resume")


def test_reading_that_is_held_is_not_resumed() -> None:
    wire = Wire()
    flow = Flow(wire)  # type: ignore[arg-type]
    flow.is_held = True
    flow.pause_reading()
    flow.resume_reading()
    assert wire.told == ["pause"]
    flow.is_held = False
    flow.resume_reading()
    assert wire.told == ["pause", "resume"]


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
