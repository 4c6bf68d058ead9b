"""Past ASGI there is a way where the host offers one, and ASGI's own where it does not."""

from __future__ import annotations

import asyncio

import pytest

from mock_server.core.errors import NoSocket
from mock_server.core.wire import EXTENSION, Close, Headers, Script, Send
from mock_server.flow.raw_socket import answered, body_at_hand, play

SCRIPT: Script = (Send(b"x"), Close())
HEADERS: Headers = ((b"x-a", b"1"),)


class Socket:
    def __init__(self, *, takes_answers: bool = True) -> None:
        self.played: list[Script] = []
        self.answers: list[tuple[int, Headers, bytes]] = []
        self._takes_answers = takes_answers

    async def play(self, script: Script) -> None:
        self.played.append(script)

    def whole_body(self) -> bytes | None:
        return b"body" if self._takes_answers else None

    def answer(self, status: int, headers: Headers, body: bytes) -> bool:
        if self._takes_answers:
            self.answers.append((status, headers, body))
        return self._takes_answers


def test_the_host_plays_it() -> None:
    socket = Socket()
    asyncio.run(play({EXTENSION: socket}, SCRIPT))
    assert socket.played == [SCRIPT]


def test_without_a_host_it_is_refused_with_the_reason() -> None:
    with pytest.raises(NoSocket, match="wants the raw socket"):
        asyncio.run(play({}, SCRIPT))


def test_the_host_has_the_body_and_takes_the_answer() -> None:
    socket = Socket()
    assert body_at_hand({EXTENSION: socket}) == b"body"
    assert answered({EXTENSION: socket}, 200, HEADERS, b"ok")
    assert socket.answers == [(200, HEADERS, b"ok")]


@pytest.mark.parametrize("extensions", [{}, {EXTENSION: Socket(takes_answers=False)}])
def test_where_it_has_not_asgi_is_left(extensions: dict[str, object]) -> None:
    assert body_at_hand(extensions) is None
    assert not answered(extensions, 200, HEADERS, b"ok")
