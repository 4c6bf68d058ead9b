"""A body is read whole or refused, by its declared length and by what really comes."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_server.core.errors import Refused
from mock_server.edge.body import ClientGone, read_body

if TYPE_CHECKING:
    from collections.abc import Iterator

    from starlette.types import Message

    from tests.conftest import MakeServer

CAP = 10
CHUNKED_CAP = 4_096


def read(chunks: list[bytes], declared: str | None = None, *, breaks_off: bool = False) -> tuple[bytes, int]:
    """The body, and how many messages were left unread."""
    waiting: list[Message] = [
        {"type": "http.request", "body": chunk, "more_body": breaks_off or chunk is not chunks[-1]}
        for chunk in chunks
    ]
    if breaks_off:
        waiting.append({"type": "http.disconnect"})

    async def receive() -> Message:
        return waiting.pop(0)

    return asyncio.run(read_body(receive, declared, CAP)), len(waiting)


@given(
    chunks=st.lists(
        st.binary(min_size=1, max_size=6).map(bytearray).map(bytes), min_size=1, max_size=6, unique=True
    )
)
def test_body_is_the_sum_of_its_chunks_up_to_the_cap(chunks: list[bytes]) -> None:
    whole = b"".join(chunks)
    if len(whole) <= CAP:
        assert read(chunks) == (whole, 0)
        return
    with pytest.raises(Refused) as refused:
        read(chunks)
    assert refused.value.error == "too-large"


@pytest.mark.parametrize("size", [0, 1, CAP])
def test_body_in_one_piece_is_accepted_up_to_the_cap(size: int) -> None:
    assert read([b"x" * size], str(size)) == (b"x" * size, 0)


@pytest.mark.parametrize("declared", [str(CAP + 1), "9" * 17, "9" * 5000])
def test_declared_length_over_the_cap_is_refused_unread(declared: str) -> None:
    with pytest.raises(Refused, match=f"larger than {CAP} bytes"):
        read([], declared)


@pytest.mark.parametrize("declared", [None, "1", "", "-5", "٣", "many"])
def test_what_comes_counts_and_not_what_was_declared(declared: str | None) -> None:
    with pytest.raises(Refused):
        read([b"x" * (CAP + 1)], declared)
    assert read([b"xyz"], declared) == (b"xyz", 0)


def test_reading_stops_at_the_chunk_that_passes_the_cap() -> None:
    endless = 0

    async def receive() -> Message:
        nonlocal endless
        endless += 1
        return {"type": "http.request", "body": b"1234", "more_body": True}

    with pytest.raises(Refused):
        asyncio.run(read_body(receive, None, CAP))
    assert endless == 3


def test_client_that_goes_away_leaves_no_body() -> None:
    with pytest.raises(ClientGone):
        read([b"abc"], breaks_off=True)


@pytest.fixture(scope="module")
def small_server(make_server: MakeServer) -> str:
    """A server on a real socket whose caps are so small that a client has sent all before it is refused."""
    return make_server(json_body_bytes=CHUNKED_CAP, audio_body_bytes=2 * CHUNKED_CAP)


@pytest.mark.parametrize(
    ("path", "cap", "status"),
    [
        ("/v1/videos/identify-face", CHUNKED_CAP, 400),
        ("/v1/videos/advanced-lip-sync", 2 * CHUNKED_CAP, 400),
        ("/api/v1/me/auth-tokens", CHUNKED_CAP, 413),
        ("/api/v1/ie/requestqueue/apikey/requests", 2 * CHUNKED_CAP, 413),
        ("/model/v1/generation", 2 * CHUNKED_CAP, 413),
    ],
)
def test_cap_holds_for_chunked_and_declared_bodies_alike(
    small_server: str, path: str, cap: int, status: int
) -> None:
    def chunks(size: int) -> Iterator[bytes]:
        yield b'{"x": "'
        yield b"x" * (size - 9)
        yield b'"}'

    headers = {"Authorization": "Bearer k", "Content-Type": "application/json"}
    for size, expected in ((cap, {400, 404}), (cap + 1, {status})):
        declared = httpx.post(small_server + path, content=b"".join(chunks(size)), headers=headers)
        chunked = httpx.post(small_server + path, content=chunks(size), headers=headers)
        assert chunked.request.headers["transfer-encoding"] == "chunked"
        for answer in (declared, chunked):
            assert answer.status_code in expected
            assert (f"larger than {cap} bytes" in answer.text) == (size > cap)
