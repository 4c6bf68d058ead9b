"""What comes in: caps with the right status each, pipelining and Upgrade, names, and no more than HTTP/1.1."""

from __future__ import annotations

import asyncio
import http.client
import json
import socket
from collections.abc import Callable
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from mock_server.hosting.background import BackgroundServer
from mock_server.settings import MIB, Settings

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

    from tests.hosting.conftest import MakePlace, Place

pytestmark = pytest.mark.usefixtures("no_errors")

GET = b"GET /__lipflap/health HTTP/1.1\r\nHost: localhost\r\n"
LAST = b"Connection: close\r\n\r\n"
POST = b"POST /echo HTTP/1.1\r\nHost: localhost\r\n"
HEAD_BYTES = 64 * 1024


async def echo(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer with what was sent, and how many headers came with it."""
    body = b""
    while (message := await receive())["type"] == "http.request":
        body += message.get("body", b"")
        if not message.get("more_body", False):
            break
    else:
        return
    headers = [(b"content-length", b"%d" % len(body)), (b"count", b"%d" % len(scope["headers"]))]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})


@pytest.fixture
def place(make_place: MakePlace) -> Place:
    return make_place({"/echo": echo}, request_body_bytes=MIB, audio_body_bytes=MIB)


def refusal(answer: bytes) -> tuple[int, str]:
    """Status and reason; the answer is one, whole, and says that it is the last."""
    head, _, body = answer.partition(b"\r\n\r\n")
    assert b"\r\nconnection: close" in head
    assert b"\r\ncontent-length: %d\r\n" % len(body) in head
    return int(head.split(b" ")[1]), json.loads(body)["error"]


# caps


@pytest.mark.parametrize(
    ("request_bytes", "status", "reason"),
    [
        (GET + b"A: " + b"a" * HEAD_BYTES, 431, "65536 bytes"),
        (GET + b"".join(b"A%d: b\r\n" % number for number in range(100)) + LAST, 431, "100 headers"),
        (b"GET /" + b"a" * 8192 + b" HTTP/1.1\r\nHost: localhost\r\n" + LAST, 414, "8192 bytes"),
        (b"GET /" + b"a" * 1_000_000, 414, "8192 bytes"),
        (POST + b"Content-Length: %d\r\n\r\n" % (MIB + 1), 413, "1048576 bytes"),
        (POST + b"Content-Length: " + b"9" * 18 + b"\r\n\r\n", 413, "1048576 bytes"),
        (POST + b"Transfer-Encoding: chunked\r\n\r\n100001\r\n" + bytes(MIB + 1), 413, "1048576 bytes"),
        (POST + b"Transfer-Encoding: chunked\r\n\r\n" + b"1\r\na\r\n" * 40_000, 400, "framing"),
        (POST + b"Transfer-Encoding: chunked\r\n\r\n1;" + b"a" * 200_000, 400, "framing"),
        (POST + b"Transfer-Encoding: chunked\r\n\r\n0\r\nA: " + b"a" * 200_000, 400, "framing"),
        (POST + b"Expect: 100-continue\r\nTransfer-Encoding: chunked\r\n\r\nno\r\n", 400, "not HTTP"),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 400, "not HTTP"),
        (b"GET / HTTP/9.9\r\n\r\n", 400, "not HTTP"),
        (POST + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\n", 400, "not HTTP"),
        (POST + b"Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", 400, "not HTTP"),
        (b"GET http://localhost HTTP/1.1\r\nHost: localhost\r\n\r\n", 400, "no path"),
        (b"CONNECT localhost:80 HTTP/1.1\r\nHost: localhost\r\n\r\n", 400, "not HTTP"),
        (b"GET / HTTP/1.1\r\n\r\n", 400, "no Host"),
        (GET + b"Host: localhost\r\n" + LAST, 400, "two Host"),
        (b"GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n", 421, "--allow-host evil.example"),
    ],
)
def test_too_much_or_wrong_is_refused_with_the_reason(
    place: Place, request_bytes: bytes, status: int, reason: str
) -> None:
    found, said = refusal(place.told(request_bytes))
    assert (found, reason in said) == (status, True), said


def test_a_head_of_exactly_the_cap_is_served_and_one_byte_more_is_not(place: Place) -> None:
    frame = len(GET + b"A: \r\n" + LAST)
    for excess, status in ((0, b"200"), (1, b"431")):
        head = GET + b"A: " + b"a" * (HEAD_BYTES - frame + excess) + b"\r\n" + LAST
        assert place.told(head)[9:12] == status


def test_a_head_that_comes_in_small_segments_meets_the_same_cap(place: Place) -> None:
    with place.connect() as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection.sendall(GET)
        for _ in range(70):
            connection.sendall(b"A: " + b"a" * 1000 + b"\r\n")
        assert connection.recv(65_536)[9:12] == b"431"


def test_the_application_hears_of_no_trailers(place: Place) -> None:
    body = b"3\r\nabc\r\n0\r\nTrailer-One: x\r\n\r\n"
    answer = place.told(POST + b"Transfer-Encoding: chunked\r\n" + LAST + body)
    assert b"\r\ncount: 3\r\n" in answer
    assert answer.endswith(b"\r\n\r\nabc")


def test_a_body_of_exactly_the_cap_is_served(place: Place) -> None:
    answer = place.told(POST + b"Content-Length: %d\r\n" % MIB + LAST, bytes(MIB))
    assert (answer[9:12], len(answer.partition(b"\r\n\r\n")[2])) == (b"200", MIB)


# order


def test_pipelined_requests_are_answered_in_order(place: Place) -> None:
    wanted = [b"%03d" % number for number in range(500)]
    requests = [POST + b"Content-Length: 3\r\n\r\n" + body for body in wanted[:-1]]
    last = POST + b"Content-Length: 3\r\n" + LAST + wanted[-1]
    answers = place.told(b"".join(requests) + last).split(b"HTTP/1.1 200 OK")
    assert [answer.rpartition(b"\r\n\r\n")[2] for answer in answers[1:]] == wanted


def test_what_is_wrong_is_answered_after_what_was_right(place: Place) -> None:
    answer = place.told((POST + b"Content-Length: 1\r\n\r\na") * 2 + b"nonsense\r\n\r\n" + GET + LAST)
    assert [part[:3] for part in answer.split(b"HTTP/1.1 ")[1:]] == [b"200", b"200", b"400"]


def test_a_large_body_and_the_next_request_in_one_segment(place: Place) -> None:
    body = bytes(range(256)) * 1024
    answer = place.told(POST + b"Content-Length: %d\r\n\r\n" % len(body) + body + GET + LAST)
    assert answer.count(b"HTTP/1.1 200 OK") == 2
    assert body in answer


def test_what_nobody_reads_is_not_taken_in(make_place: MakePlace) -> None:
    sizes = []

    async def late(scope: Scope, receive: Receive, send: Send) -> None:
        loop = asyncio.get_running_loop()
        come = loop.create_future()
        loop.call_later(0.2, come.set_result, None)
        await come
        while (message := await receive()).get("more_body", False):
            sizes.append(len(message["body"]))
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body"})

    size = 30 * MIB
    head = b"POST /late HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n" % size
    assert make_place({"/late": late}).told(head + LAST, bytes(size))[9:12] == b"204"
    assert max(sizes) < MIB


@pytest.mark.parametrize("framing", ["length", "chunks", "none"])
def test_an_upgrade_is_declined_and_the_request_served(place: Place, framing: str) -> None:
    head = POST + b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n"
    sent = {
        "length": b"Content-Length: 3\r\n\r\nabc",
        "chunks": b"Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
        "none": b"\r\n",
    }[framing]
    expected = b"" if framing == "none" else b"abc"
    with place.connect() as connection:
        answers = b""
        for _ in range(2):
            connection.sendall(head + sent)
        connection.sendall(POST + b"Content-Length: 3\r\n" + LAST + b"xyz")
        while part := connection.recv(65_536):
            answers += part
    bodies = [answer.rpartition(b"\r\n\r\n")[2] for answer in answers.split(b"HTTP/1.1 200 OK")[1:]]
    assert bodies == [expected, expected, b"xyz"]


def test_a_server_answers_in_one_segment(place: Place) -> None:
    with place.connect() as connection:
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


# names


def test_a_name_is_checked_for_every_request_of_a_connection(
    place: Place, hear: Callable[[socket.socket], bytes]
) -> None:
    with place.connect() as connection:
        connection.sendall(GET + b"\r\n" + GET.replace(b"localhost", b"evil.example") + b"\r\n")
        answer = hear(connection)
    assert [part[:3] for part in answer.split(b"HTTP/1.1 ")[1:]] == [b"200", b"421"]


def test_http_1_0_without_a_host_is_served(place: Place) -> None:
    assert place.told(b"GET /__lipflap/health HTTP/1.0\r\n\r\n")[9:12] == b"200"


@pytest.mark.parametrize(
    "path", [b"/__lipflap/health", b"/__lipflap/reset", b"/v1/videos/lip-sync", b"/none"]
)
@pytest.mark.parametrize("method", [b"GET", b"OPTIONS", b"POST"])
def test_no_page_of_another_origin_is_let_in(place: Place, method: bytes, path: bytes) -> None:
    asking = b"Origin: http://evil.example\r\nAccess-Control-Request-Method: POST\r\nContent-Length: 0\r\n"
    answer = place.told(method + b" " + path + b" HTTP/1.1\r\nHost: localhost\r\n" + asking + LAST)
    assert b"access-control-" not in answer.partition(b"\r\n\r\n")[0].lower()
