"""A connection ends when its time is over, and tells an honest client why."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from mock_server.results.upload_address import signed_path
from mock_server.settings import MIB, Settings

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

    from mock_server.tls import Certificate
    from tests.hosting.conftest import MakePlace, Place

pytestmark = pytest.mark.usefixtures("no_errors")

GET = b"GET /__lipflap/health HTTP/1.1\r\nHost: localhost\r\n\r\n"
POST = b"POST /v1/videos/identify-face HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer k\r\n"
UPLOAD = b"POST /__lipflap/media HTTP/1.1\r\nHost: localhost\r\nContent-Type: video/mp4\r\nContent-Length: 9\r\n\r\n"
SHORT = {
    "first_byte_timeout_s": 0.1,
    "head_timeout_s": 0.1,
    "body_timeout_s": 0.1,
    "idle_timeout_s": 0.1,
}


async def never(scope: Scope, receive: Receive, send: Send) -> None:
    """Read nothing, answer nothing, and wait for the client to go."""
    while (await receive())["type"] != "http.disconnect":
        pass


async def early(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer without reading."""
    headers = [(b"content-length", b"2")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b"ok"})


@pytest.fixture
def place(make_place: MakePlace, maybe_certificate: Certificate | None) -> Place:
    return make_place({"/never": never, "/early": early}, maybe_certificate, **SHORT)


def status_of(answer: bytes) -> bytes:
    assert answer == b"" or b"connection: close" in answer
    return answer[9:12]


def test_who_says_nothing_is_left_without_a_word(place: Place) -> None:
    assert place.told() == b""


@pytest.mark.parametrize("begun", [b"G", GET[:-1], POST])
def test_a_head_that_does_not_end_is_answered_408(place: Place, begun: bytes) -> None:
    assert status_of(place.told(begun)) == b"408"


@pytest.mark.parametrize(
    "begun",
    [
        POST + b"Content-Type: application/json\r\nContent-Length: 9\r\n\r\n",
        POST + b"Content-Type: application/json\r\nContent-Length: 9\r\n\r\n{",
        POST + b"Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n",
        UPLOAD,
        UPLOAD + b"1",
        b"POST /never HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n1",
    ],
)
def test_a_body_that_does_not_end_is_answered_408_whoever_reads_it(place: Place, begun: bytes) -> None:
    assert status_of(place.told(begun)) == b"408"


def test_a_body_that_nobody_waits_for_has_the_same_time(place: Place) -> None:
    answer = place.told(b"POST /early HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n1")
    assert answer.startswith(b"HTTP/1.1 200 OK")
    assert answer.endswith(b"ok")


def test_an_idle_connection_ends_after_its_answer(place: Place) -> None:
    answer = place.told(GET)
    assert answer[9:12] == b"200"
    assert answer.count(b"HTTP/1.1") == 1


def test_the_second_request_has_deadlines_too(place: Place) -> None:
    answer = place.told(GET + POST)
    assert [part[:3] for part in answer.split(b"HTTP/1.1 ")[1:]] == [b"200", b"408"]


def test_an_application_may_take_longer_than_any_deadline(make_place: MakePlace) -> None:
    async def slow(scope: Scope, receive: Receive, send: Send) -> None:
        loop = asyncio.get_running_loop()
        done = loop.create_future()
        loop.call_later(0.4, done.set_result, None)
        await done
        await early(scope, receive, send)

    place = make_place({"/slow": slow}, **SHORT)
    assert place.told(b"GET /slow HTTP/1.1\r\nHost: localhost\r\n\r\n")[9:12] == b"200"


async def _flood(scope: Scope, receive: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    for _ in range(64):
        await send({"type": "http.response.body", "body": bytes(MIB), "more_body": True})
    await send({"type": "http.response.body", "body": b""})


def test_a_reader_that_takes_nothing_is_cut(
    make_place: MakePlace,
    maybe_certificate: Certificate | None,
    hear_end: Callable[[socket.socket], None],
) -> None:
    ended = asyncio.Event()
    heads: list[bytes] = []

    async def flood(scope: Scope, receive: Receive, send: Send) -> None:
        await _flood(scope, receive, send)
        ended.set()

    place = make_place({"/flood": flood}, maybe_certificate, write_timeout_s=0.2)
    with place.connect() as connection:
        connection.sendall(b"GET /flood HTTP/1.1\r\nHost: localhost\r\n\r\n")
        heads.append(connection.recv(17))
        # reads nothing more until the server has given up on it
        while not ended.is_set():
            place.told(GET.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"))
        with pytest.raises(ConnectionResetError):
            hear_end(connection)
    assert heads == [b"HTTP/1.1 200 OK\r\n"]


def test_too_many_connections_of_an_address_are_told_so(make_place: MakePlace) -> None:
    place = make_place(connections_per_address=2)
    with place.connect() as first, place.connect() as second:
        for connection in (first, second):
            connection.sendall(GET)
            assert connection.recv(65_536)[9:12] == b"200"
        assert place.told()[9:12] == b"503"
        assert b"2 connections" in place.told(GET)
    # the two leave a moment after their end of the connection
    while place.told(GET.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"))[9:12] == b"503":
        pass


def test_an_early_answer_can_be_read_while_the_body_is_still_sent(place: Place) -> None:
    head = b"POST /early HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 3000000\r\n\r\n"
    assert place.told(head, bytes(3_000_000)).endswith(b"\r\n\r\nok")


FAR_S = 10**11
UPLOADED = signed_path(Settings().seed, "k/a.mp4", "video/mp4", FAR_S).encode()


@pytest.mark.parametrize(
    ("method", "path"),
    [(b"POST", b"/__lipflap/media"), (b"PUT", UPLOADED), (b"POST", b"/v1/audio/tts"), (b"GET", b"/none")],
)
def test_an_upload_that_is_broken_off_leaves_no_traceback(
    make_place: MakePlace, method: bytes, path: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    place = make_place()
    begun = method + b" " + path + UPLOAD[UPLOAD.index(b" HTTP/1.1") :] + b"1234"
    with place.connect() as connection:
        connection.sendall(begun)
    with place.connect() as connection:
        connection.sendall(begun)
        connection.shutdown(socket.SHUT_WR)
        connection.recv(1)
    assert place.told(GET.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"))[9:12] == b"200"
    assert [record for record in caplog.records if record.exc_info] == []
