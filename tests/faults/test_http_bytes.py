"""The bytes of an answer: what another reader of HTTP/1.1 makes of them."""

from __future__ import annotations

import io
from http.client import HTTPResponse
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_server.faults.http_bytes import chunked, half_way, head, status_line, whole
from mock_server.flow.call import Answer

HTML = ((b"content-type", b"text/html"),)
BODIES = st.binary(max_size=300)
STATUSES = st.sampled_from([200, 202, 400, 401, 403, 404, 429, 500, 502, 503, 599])


class Wire:
    """What ``http.client`` takes for a socket."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    def makefile(self, mode: str) -> io.BytesIO:
        assert mode == "rb"
        return io.BytesIO(self._data)


def read(data: bytes) -> tuple[int, dict[str, str], bytes]:
    response = HTTPResponse(cast("object", Wire(data)))  # type: ignore[arg-type]
    response.begin()
    return response.status, {name.lower(): value for name, value in response.getheaders()}, response.read()


@given(STATUSES, BODIES)
def test_an_answer_is_read_back_as_it_was(status: int, body: bytes) -> None:
    answer = Answer(status, body, HTML)
    headers = {"content-length": str(len(body)), "content-type": "text/html"}
    assert read(whole(answer)) == (status, headers, body)


@given(STATUSES, BODIES, st.lists(st.integers(1, 50), min_size=1))
def test_a_chunked_answer_is_read_back_as_it_was(status: int, body: bytes, sizes: list[int]) -> None:
    pieces, rest = [], body
    for size in sizes:
        pieces.append(rest[:size])
        rest = rest[size:]
    pieces.append(rest)
    data = chunked(Answer(status, body), [piece for piece in pieces if piece])
    headers = {"transfer-encoding": "chunked", "content-type": "application/json"}
    assert read(data) == (status, headers, body)


@given(STATUSES, BODIES)
def test_half_way_there_is_something_sent_and_something_to_come(status: int, body: bytes) -> None:
    answer = Answer(status, body)
    assert len(status_line(answer)) < half_way(answer) < len(whole(answer))


def test_json_is_declared_unless_the_answer_names_its_type() -> None:
    assert head(Answer(200, b"{}")) == (
        b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-type: application/json\r\n\r\n"
    )


def test_a_length_that_the_answer_brings_is_kept() -> None:
    answer = Answer(200, b"", (*HTML, (b"content-length", b"12")))
    assert head(answer).count(b"content-length") == 1
    assert b"content-length: 12\r\n" in head(answer)


def test_chunks_and_a_length_never_go_together() -> None:
    data = chunked(Answer(200, b"ab", ((b"content-length", b"2"),)), [b"ab"])
    assert b"content-length" not in data


@pytest.mark.parametrize("status", [204, 304])
def test_a_status_without_body_has_neither_length_nor_type(status: int) -> None:
    assert head(Answer(status, b"")).split(b"\r\n")[1:] == [b"", b""]


def test_a_status_that_nobody_knows_has_an_empty_reason() -> None:
    assert status_line(Answer(599, b"")) == b"HTTP/1.1 599 \r\n"
