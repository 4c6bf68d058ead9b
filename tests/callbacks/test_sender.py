"""One POST to one receiver."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable

import httpx
import pytest

from mock_server.callbacks.packing import Packer
from mock_server.callbacks.sender import MAX_ANSWER_BYTES, Outcome, Sender
from mock_server.outbound.targets import TargetPolicy
from mock_server.outbound.transport import PinnedTransport

pytestmark = pytest.mark.anyio

SECRET = "whsec_dGVzdHNlY3JldHRlc3RzZWNyZXR0ZXN0c2VjcmV0MTI="
URL = "http://127.0.0.1:9000/hook?a=b"
NOW_S = 1_781_080_794
PARCEL = Packer().pack("1", b"{}", NOW_S)
Handler = Callable[[httpx.Request], httpx.Response]


class Body(httpx.AsyncByteStream):
    """``count`` chunks of 1 KiB, then a reset if ``breaks``."""

    def __init__(self, count: int, *, breaks: bool = False) -> None:
        self._count = count
        self._breaks = breaks
        self.taken_bytes = 0

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for _ in range(self._count):
            self.taken_bytes += 1024
            yield bytes(1024)
        if self._breaks:
            raise httpx.ReadError("reset")


def sender_to(handler: Handler, *, policy: TargetPolicy = TargetPolicy.LOOPBACK) -> Sender:
    def open_transport(asked: TargetPolicy) -> httpx.AsyncBaseTransport:
        return PinnedTransport(asked, inner=httpx.MockTransport(handler))

    return Sender(policy, timeout_s=60, open_transport=open_transport)


def answering(status: int, stream: httpx.AsyncByteStream | None = None) -> Handler:
    return lambda _: httpx.Response(
        status, stream=stream or Body(0), headers={"location": "http://127.0.0.1/x"}
    )


def raising(error: Exception) -> Handler:
    def handler(_: httpx.Request) -> httpx.Response:
        raise error

    return handler


async def test_a_parcel_is_posted_as_it_is() -> None:
    seen: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200, stream=Body(0))

    parcel = Packer([SECRET]).pack("8001.processing", b'{"a":1}', NOW_S)
    assert await sender_to(answer).send(URL, parcel) == Outcome(200, None)
    assert seen[0].method == "POST"
    assert str(seen[0].url) == URL
    assert seen[0].content == b'{"a":1}'
    assert {name: seen[0].headers[name] for name in parcel.headers} == parcel.headers


@pytest.mark.parametrize("status", [200, 201, 204, 299])
async def test_any_2xx_is_a_success(status: int) -> None:
    assert await sender_to(answering(status)).send(URL, PARCEL) == Outcome(status, None)


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (300, "answered 300; redirects are not followed"),
        (302, "answered 302; redirects are not followed"),
        (304, "answered 304; redirects are not followed"),
        (410, "answered 410"),
        (503, "answered 503"),
    ],
)
async def test_anything_else_is_a_failure(status: int, error: str) -> None:
    calls: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        calls.append(str(request.url))
        return answering(status)(request)

    assert await sender_to(answer).send(URL, PARCEL) == Outcome(status, error)
    assert calls == [URL]


async def test_no_more_than_64_kib_of_an_answer_is_read() -> None:
    body = Body(1_000_000)
    assert await sender_to(answering(200, body)).send(URL, PARCEL) == Outcome(200, None)
    assert body.taken_bytes == MAX_ANSWER_BYTES


@pytest.mark.parametrize(
    ("handler", "error"),
    [
        (raising(httpx.ReadTimeout("slow")), "timed out"),
        (raising(httpx.ReadError("reset")), "connection closed early"),
        (raising(httpx.RemoteProtocolError("junk")), "no valid HTTP answer"),
        (answering(200, Body(1, breaks=True)), "connection closed early"),
    ],
)
async def test_a_broken_connection_is_an_outcome_in_words(handler: Handler, error: str) -> None:
    assert await sender_to(handler).send(URL, PARCEL) == Outcome(None, error)


async def test_a_receiver_that_hangs_times_out() -> None:
    class Hanging(httpx.AsyncBaseTransport):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            await asyncio.Event().wait()
            raise AssertionError(request)

    sender = Sender(TargetPolicy.LOOPBACK, timeout_s=0, open_transport=lambda _: Hanging())
    assert await sender.send(URL, PARCEL) == Outcome(None, "timed out")


@pytest.mark.parametrize(
    ("policy", "url", "reason"),
    [
        (TargetPolicy.LOOPBACK, "http://8.8.8.8/", "public address; only loopback is allowed"),
        (TargetPolicy.LOOPBACK, "http://169.254.169.254/", "link-local address; only loopback is allowed"),
        (TargetPolicy.PUBLIC, URL, "loopback address; only public ones are allowed"),
        (TargetPolicy.PUBLIC, "http://2130706433/", "loopback address; only public ones are allowed"),
        (TargetPolicy.ANY, "ftp://127.0.0.1/", "the URL is neither http nor https"),
        (TargetPolicy.ANY, "http://[", "the URL is malformed"),
        (TargetPolicy.ANY, "http://0177.0.0.1/", "the host is neither a name nor an IP address"),
        (
            TargetPolicy.ANY,
            "http://127.0.0.1/\ud800",
            "the URL holds a space, a backslash or a control character",
        ),
        (TargetPolicy.OFF, URL, "callbacks are off"),
    ],
)
async def test_a_forbidden_target_is_refused_and_nothing_sent(
    policy: TargetPolicy, url: str, reason: str
) -> None:
    sender = sender_to(raising(AssertionError("connected")), policy=policy)
    outcome = await sender.send(url, PARCEL)
    assert outcome == Outcome(None, f"refused by policy: {reason}", is_refused=True)


async def receive(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """A receiver that takes the whole request and closes without an answer where the path says so."""
    head = await reader.readuntil(b"\r\n\r\n")
    await reader.readexactly(2)
    if not head.startswith(b"POST /silent"):
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        await writer.drain()
    writer.close()


async def test_over_a_real_socket() -> None:
    sender = Sender(TargetPolicy.LOOPBACK, timeout_s=60)
    server = await asyncio.start_server(receive, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server:
        assert await sender.send(f"http://127.0.0.1:{port}/", PARCEL) == Outcome(200, None)
        assert await sender.send(f"http://localhost:{port}/", PARCEL) == Outcome(200, None)
        silent = await sender.send(f"http://127.0.0.1:{port}/silent", PARCEL)
        assert silent == Outcome(None, "no valid HTTP answer")
    assert await sender.send(f"http://127.0.0.1:{port}/", PARCEL) == Outcome(None, "connection refused")
    await sender.aclose()
