"""Each act of a wire script, by the bytes and the end that a client sees, plain and over TLS."""

from __future__ import annotations

import asyncio
import socket
import ssl
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from mock_server.core.wire import (
    EXTENSION,
    Close,
    Pause,
    RefuseConnections,
    Reset,
    ResetOnNextRequest,
    Script,
    Send,
    Stall,
)

if TYPE_CHECKING:
    from starlette.types import Receive, Scope
    from starlette.types import Send as ASGISend

    from mock_server.tls import Certificate
    from tests.hosting.conftest import MakePlace, Place, Route

pytestmark = pytest.mark.usefixtures("no_errors")

ASK = b"GET /play HTTP/1.1\r\nHost: localhost\r\n\r\n"
HEALTH = b"GET /__lipflap/health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
HEAD = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n"
WHOLE = HEAD + b"hello"
LONG_MS = 3_600_000

Stage = Callable[[Script], "Place"]


@pytest.fixture
def stage(
    make_place: MakePlace, play: Callable[[Script], Route], maybe_certificate: Certificate | None
) -> Stage:
    """A server that plays the script at /play."""
    return lambda script: make_place({"/play": play(script)}, maybe_certificate)


@pytest.fixture
def plain_stage(make_place: MakePlace, play: Callable[[Script], Route]) -> Stage:
    return lambda script: make_place({"/play": play(script)})


def test_bytes_are_sent_as_they_are_and_close_ends_in_good_order(stage: Stage) -> None:
    sent = (b"HTTP/1.1 200 OK\r\n\r\n", b"\x00\xff garbage", b"")
    assert stage((*map(Send, sent), Close())).told(ASK) == b"".join(sent)


def test_closing_without_a_word_is_an_empty_answer(stage: Stage) -> None:
    assert stage((Close(),)).told(ASK) == b""


def test_large_content_is_seen_off_before_the_close(stage: Stage) -> None:
    content = bytes(range(256)) * 40_000
    assert stage((Send(content), Send(b"end"), Close())).told(ASK) == content + b"end"


def test_nothing_happens_after_the_close(stage: Stage) -> None:
    assert stage((Send(b"a"), Close(), Send(b"b"), Reset())).told(ASK) == b"a"


def test_a_close_lets_a_client_finish_sending(stage: Stage) -> None:
    place = stage((Send(WHOLE), Close()))
    post = b"POST /play HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3000000\r\n\r\n"
    assert place.told(post, bytes(3_000_000)) == WHOLE


def test_reset_is_a_reset(stage: Stage, hear_end: Callable[[socket.socket], None]) -> None:
    with stage((Reset(),)).connect() as connection:
        connection.sendall(ASK)
        with pytest.raises(ConnectionResetError):
            hear_end(connection)


def test_what_was_sent_before_a_reset_arrives(
    plain_stage: Stage, hear_until: Callable[[socket.socket, bytes], bytes]
) -> None:
    with plain_stage((Send(HEAD + b"he"), Reset())).connect() as connection:
        connection.sendall(ASK)
        assert hear_until(connection, b"he") == HEAD + b"he"
        with pytest.raises(ConnectionResetError):
            connection.recv(1)


def test_a_pause_is_a_pause_between_sends(
    stage: Stage, hear_until: Callable[[socket.socket, bytes], bytes]
) -> None:
    with stage(
        (Send(HEAD), Pause(30), Send(b"hel"), Pause(30), Send(b"lo"), Close())
    ).connect() as connection:
        connection.sendall(ASK)
        assert hear_until(connection, b"\r\n\r\n") == HEAD
        assert hear_until(connection, b"hel") == b"hel"
        assert hear_until(connection, b"lo") == b"lo"
        assert connection.recv(1) == b""


def test_a_script_that_ends_leaves_the_connection_to_the_next_request(stage: Stage) -> None:
    place = stage((Send(WHOLE),))
    answer = place.told(ASK, ASK, HEALTH)
    assert answer.startswith(WHOLE + WHOLE + b"HTTP/1.1 200 OK")


def test_a_script_may_come_in_a_pipeline(stage: Stage) -> None:
    answer = stage((Send(HEAD), Pause(20), Send(b"hello"))).told(ASK * 3 + HEALTH)
    assert answer.startswith(WHOLE * 3 + b"HTTP/1.1 200 OK")


def test_a_client_that_wants_the_end_gets_it(stage: Stage) -> None:
    place = stage((Send(WHOLE),))
    assert place.told(ASK.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")) == WHOLE
    assert place.told(b"GET /play HTTP/1.0\r\n\r\n") == WHOLE


def test_a_stall_ends_at_its_limit(stage: Stage) -> None:
    assert stage((Send(HEAD), Stall(20), Close())).told(ASK) == HEAD


def test_the_next_request_resets_and_no_sooner(
    stage: Stage,
    hear_until: Callable[[socket.socket, bytes], bytes],
    hear_end: Callable[[socket.socket], None],
) -> None:
    with stage((Send(WHOLE), ResetOnNextRequest())).connect() as connection:
        connection.sendall(ASK)
        assert hear_until(connection, b"hello") == WHOLE
        connection.setblocking(False)
        with pytest.raises((BlockingIOError, ssl.SSLWantReadError)):
            connection.recv(1)
        connection.settimeout(20)
        connection.sendall(b"G")
        with pytest.raises(ConnectionResetError):
            hear_end(connection)


def test_a_next_request_that_has_come_already_resets_at_once(
    stage: Stage, hear_end: Callable[[socket.socket], None]
) -> None:
    with stage((ResetOnNextRequest(),)).connect() as connection:
        connection.sendall(ASK + ASK)
        with pytest.raises(ConnectionResetError):
            hear_end(connection)


def test_a_client_that_goes_ends_the_script(
    make_place: MakePlace,
    maybe_certificate: Certificate | None,
    hear_until: Callable[[socket.socket, bytes], bytes],
) -> None:
    ended = threading.Event()

    async def play(scope: Scope, receive: Receive, send: ASGISend) -> None:
        await scope["extensions"][EXTENSION].play((Send(HEAD), Stall(LONG_MS), Send(b"x"), Pause(LONG_MS)))
        ended.set()

    place = make_place({"/play": play}, maybe_certificate)
    with place.connect() as connection:
        connection.sendall(ASK)
        hear_until(connection, b"\r\n\r\n")
    assert ended.wait(20)


def test_waits_end_when_the_server_stops_and_the_rest_is_played(
    stage: Stage, hear_until: Callable[[socket.socket, bytes], bytes]
) -> None:
    place = stage((Send(HEAD), Pause(LONG_MS), Send(b"hel"), Stall(LONG_MS), Send(b"lo")))
    with place.connect() as connection:
        connection.sendall(ASK)
        assert hear_until(connection, b"\r\n\r\n") == HEAD
        stopping = threading.Thread(target=place.server.__exit__, args=(None, None, None))
        stopping.start()
        assert hear_until(connection, b"hello") == b"hello"
        assert connection.recv(1) == b""
        stopping.join(20)
        assert not stopping.is_alive()


def test_an_answer_that_was_begun_can_be_cut_short(make_place: MakePlace) -> None:
    async def cut(scope: Scope, receive: Receive, send: ASGISend) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"5")]})
        await scope["extensions"][EXTENSION].play((Send(b"he"), Close()))

    answer = make_place({"/cut": cut}).told(ASK.replace(b"/play", b"/cut"))
    assert answer.endswith(b"content-length: 5\r\n\r\nhe")


def test_a_script_that_is_cancelled_ends_the_connection(
    make_place: MakePlace, caplog: pytest.LogCaptureFixture
) -> None:
    async def play(scope: Scope, receive: Receive, send: ASGISend) -> None:
        script: Script = (Send(HEAD), Stall(LONG_MS))
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(scope["extensions"][EXTENSION].play(script), 0.02)

    assert make_place({"/play": play}).told(ASK, HEALTH).startswith(HEAD + b"HTTP/1.1 200 OK")


def test_connections_are_refused_and_come_back(stage: Stage) -> None:
    place = stage((RefuseConnections(50), Send(WHOLE)))
    assert place.told(ASK, HEALTH).startswith(WHOLE + b"HTTP/1.1 200 OK")
    while True:
        try:
            answer = place.told(HEALTH)
        except ConnectionRefusedError:
            continue
        assert answer.startswith(b"HTTP/1.1 200 OK")
        return


def test_a_death_resets_everybody_and_this_one_last(
    plain_stage: Stage, hear_until: Callable[[socket.socket, bytes], bytes]
) -> None:
    place = plain_stage((RefuseConnections(LONG_MS, resets_open=True), Send(HEAD)))
    with place.connect() as other, place.connect() as this:
        other.sendall(HEALTH.replace(b"Connection: close\r\n", b""))
        assert other.recv(65_536).startswith(b"HTTP/1.1 200 OK")
        this.sendall(ASK)
        with pytest.raises(ConnectionResetError):
            other.recv(1)
        assert hear_until(this, b"\r\n\r\n") == HEAD
        with pytest.raises(ConnectionResetError):
            this.recv(1)
    with pytest.raises(ConnectionRefusedError):
        place.connect()


def test_a_request_without_a_script_finds_the_same_player_each_time(make_place: MakePlace) -> None:
    seen = []

    async def look(scope: Scope, receive: Receive, send: ASGISend) -> None:
        seen.append(scope["extensions"][EXTENSION])
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body"})

    make_place({"/look": look}).told(ASK.replace(b"/play", b"/look") * 2 + HEALTH)
    assert len(seen) == 2
    assert seen[0] is seen[1]
