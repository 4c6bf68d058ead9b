"""An answer as acts on a connection: framed as HTTP has it, or played as a fault's script has it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, cast

import pytest

from contracts.inline import acts
from mock_server.core import wire
from mock_server.hosting.exchange import Exchange

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

    from mock_server.app import App

Headers = tuple[tuple[bytes, bytes], ...]


def answered(
    method: str = "GET", status: int = 200, headers: Headers = (), *, keeps_alive: bool = True
) -> tuple[acts.Act, ...]:
    """What ``ok`` as the body of an answer becomes."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        assert (scope["path"], scope["query_string"]) == ("/a b", b"x=1")
        assert (await receive())["body"] == b"asked"
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": b"" if status == 204 else b"ok"})

    exchange = Exchange(method, "/a%20b?x=1", (), b"asked", keeps_alive=keeps_alive)
    asyncio.run(exchange.run(cast("App", app)))
    return exchange.acts()


def test_an_answer_is_framed_by_its_length() -> None:
    assert answered() == (acts.Send(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok"),)


def test_a_length_that_is_stated_is_not_stated_again() -> None:
    (sent,) = answered(headers=((b"Content-Length", b"2"),))
    assert sent == acts.Send(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")


@pytest.mark.parametrize(
    ("method", "status", "told"),
    [
        ("HEAD", 200, b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n"),
        ("GET", 204, b"HTTP/1.1 204 No Content\r\n\r\n"),
        ("GET", 299, b"HTTP/1.1 299 \r\ncontent-length: 2\r\n\r\nok"),
    ],
)
def test_some_answers_have_no_body_and_some_no_phrase(method: str, status: int, told: bytes) -> None:
    assert answered(method, status) == (acts.Send(told),)


def test_a_client_that_keeps_nothing_open_sees_the_end() -> None:
    assert answered(keeps_alive=False)[1:] == (acts.End(),)


def test_a_script_takes_the_place_of_the_answer() -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        script = (wire.Send(b"HT"), wire.Pause(5), wire.Reset())
        await scope["extensions"][wire.EXTENSION].play(script)

    exchange = Exchange("GET", "/", (), b"")
    asyncio.run(exchange.run(cast("App", app)))
    assert exchange.acts() == (acts.Send(b"HT"), acts.Hold(5), acts.Break())
