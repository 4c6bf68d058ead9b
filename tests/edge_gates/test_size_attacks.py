"""Requests that are too large are refused with the right status, and cost next to no memory."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.edge_gates.conftest import Child, StartChild

pytestmark = pytest.mark.e2e

MB = 1_000_000
GROWTH_MB = 20
GET = b"GET /__lipflap/health HTTP/1.1\r\nHost: localhost\r\n"
POST = b"POST %s HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer k\r\nContent-Type: %s\r\n"
IDENTIFY = POST % (b"/v1/videos/identify-face", b"application/json")
MEDIA = POST % (b"/__lipflap/media", b"video/mp4")
CHUNKED = b"Transfer-Encoding: chunked\r\n\r\n"


def of(size: int, piece: bytes) -> Iterator[bytes]:
    """``size`` bytes in pieces of a megabyte."""
    block = piece * (MB // len(piece))
    for _ in range(size // len(block)):
        yield block


def header_100_mb() -> Iterator[bytes]:
    yield GET + b"A: "
    yield from of(100 * MB, b"a")


def headers_1_m() -> Iterator[bytes]:
    yield GET
    yield from of(12 * MB, b"X-Name: ab\r\n")


def url_50_mb() -> Iterator[bytes]:
    yield b"GET /"
    yield from of(50 * MB, b"a")


def body_300_mb() -> Iterator[bytes]:
    yield MEDIA + b"Content-Length: 300000000\r\n\r\n"
    yield from of(300 * MB, b"a")


def body_300_mb_in_chunks() -> Iterator[bytes]:
    yield IDENTIFY + CHUNKED
    for block in of(300 * MB, b"a"):
        yield b"%x\r\n%s\r\n" % (len(block), block)


def chunks_1_m() -> Iterator[bytes]:
    yield MEDIA + CHUNKED
    yield from of(6 * MB, b"1\r\na\r\n")


def trailer_50_mb() -> Iterator[bytes]:
    yield IDENTIFY + CHUNKED + b"2\r\n{}\r\n0\r\nA: "
    yield from of(50 * MB, b"a")


def pipeline_1_m() -> Iterator[bytes]:
    yield from of(30 * MB, b"GET /a HTTP/1.1\r\nHost: a.localhost\r\n\r\n")


ATTACKS = {
    header_100_mb: b"431",
    headers_1_m: b"431",
    url_50_mb: b"414",
    body_300_mb: b"413",
    body_300_mb_in_chunks: b"400",  # Kling's own answer to a body that is too large
    chunks_1_m: b"400",
    trailer_50_mb: b"400",
    pipeline_1_m: b"404",  # to the first; who reads no answers is reset in the end
}


def attack(child: Child, pieces: Iterator[bytes]) -> tuple[bytes, float]:
    """The status of the answer, and the most memory that was seen."""
    most_mb = child.memory_mb
    with socket.create_connection(("127.0.0.1", child.port), timeout=60) as connection:
        try:
            for piece in pieces:
                connection.sendall(piece)
                most_mb = max(most_mb, child.memory_mb)
        except ConnectionError:
            # who goes on sending after the answer is cut off in the end; the answer has come before
            pass
        try:
            answer = connection.recv(65_536)
        except ConnectionError:
            answer = b""
    return answer[9:12], max(most_mb, child.memory_mb)


@pytest.mark.parametrize("pieces", ATTACKS, ids=lambda pieces: pieces.__name__)
def test_what_is_too_large_is_refused_and_not_kept(start_child: StartChild, pieces) -> None:
    child = start_child(write_timeout_s=1)
    # what is loaded with the first requests is no growth
    for warm in (
        GET + b"\r\n",
        IDENTIFY + b"Content-Length: 2\r\n\r\n{}",
        MEDIA + b"Content-Length: 1\r\n\r\na",
    ):
        attack(child, iter([warm]))
    before_mb = child.memory_mb
    status, most_mb = attack(child, pieces())
    print(f"\n{pieces.__name__}: {status.decode()}, {most_mb - before_mb:.1f} MB above {before_mb:.0f} MB")
    assert status == ATTACKS[pieces]
    assert most_mb - before_mb < GROWTH_MB
