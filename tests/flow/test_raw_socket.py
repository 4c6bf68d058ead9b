"""A script is played where there is a socket, and refused where there is none."""

from __future__ import annotations

import asyncio

import pytest

from mock_server.core.errors import NoSocket
from mock_server.core.wire import EXTENSION, Close, Script, Send
from mock_server.flow.raw_socket import play

SCRIPT: Script = (Send(b"x"), Close())


class Socket:
    def __init__(self) -> None:
        self.played: list[Script] = []

    async def play(self, script: Script) -> None:
        self.played.append(script)


def test_the_host_plays_it() -> None:
    socket = Socket()
    asyncio.run(play({EXTENSION: socket}, SCRIPT))
    assert socket.played == [SCRIPT]


def test_without_a_host_it_is_refused_with_the_reason() -> None:
    with pytest.raises(NoSocket, match="wants the raw socket"):
        asyncio.run(play({}, SCRIPT))
