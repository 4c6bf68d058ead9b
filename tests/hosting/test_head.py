"""A head says what the application said, and what its framing needs besides."""

from __future__ import annotations

import httptools
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_server.hosting.head import Head, rendered

NAMES = st.from_regex(rb"[a-z][a-z0-9-]{0,9}", fullmatch=True).map(lambda name: b"x-" + name)
VALUES = st.from_regex(rb"[!-~]([ -~\t]{0,20}[!-~])?", fullmatch=True)
LENGTH = (b"content-length", b"3")


class Reader:
    """Reads a head with the parser of a client."""

    def __init__(self, head: bytes) -> None:
        self.headers: list[tuple[bytes, bytes]] = []
        self.is_whole = False
        self.parser = httptools.HttpResponseParser(self)
        self.parser.feed_data(head)

    def on_header(self, name: bytes, value: bytes) -> None:
        self.headers.append((name, value))

    def on_headers_complete(self) -> None:
        self.is_whole = True


def head_of(
    *headers: tuple[bytes, bytes], status: int = 200, has_body: bool = True, keep_alive: bool = True
) -> Head:
    return rendered(status, headers, has_body=has_body, keep_alive=keep_alive)


@given(st.integers(200, 599), st.lists(st.tuples(NAMES, VALUES), max_size=8).map(tuple))
def test_a_client_reads_what_was_said(status: int, headers: tuple[tuple[bytes, bytes], ...]) -> None:
    reader = Reader(head_of(*headers, LENGTH, status=status).data)
    assert reader.is_whole
    assert reader.parser.get_status_code() == status
    assert reader.headers == [*headers, LENGTH]


@pytest.mark.parametrize("evil", [b"a\r\nb: c", b"a\nb", b"a\rb", b"a\x00b", b"\x7f"])
def test_no_value_breaks_out_of_its_line(evil: bytes) -> None:
    with pytest.raises(ValueError, match="cannot be sent"):
        head_of((b"x-name", evil))


@pytest.mark.parametrize("evil", [b"a b", b"a:", b"a\r\nb", b"a\x00", b"(a)", b'"a"'])
def test_no_name_is_more_than_a_name(evil: bytes) -> None:
    with pytest.raises(ValueError, match="cannot be sent"):
        head_of((evil, b"value"))


def test_a_body_of_known_length_goes_out_as_it_is() -> None:
    assert head_of(LENGTH) == Head(b"HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\n", 3, keep_alive=True)


def test_a_body_of_unknown_length_goes_out_in_chunks() -> None:
    assert head_of() == Head(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n", None, keep_alive=True)


def test_chunks_that_the_application_asks_for_are_said_once() -> None:
    head = head_of((b"transfer-encoding", b"Chunked"))
    assert (head.data.count(b"transfer-encoding"), head.body_bytes) == (1, None)


@pytest.mark.parametrize(("status", "has_body"), [(200, False), (204, True), (304, True)])
@pytest.mark.parametrize("headers", [(), (LENGTH,)])
def test_an_answer_without_a_body_waits_for_none(
    status: int, headers: tuple[tuple[bytes, bytes], ...], has_body: bool
) -> None:
    head = head_of(*headers, status=status, has_body=has_body)
    assert head.body_bytes == 0
    assert b"transfer-encoding" not in head.data
    assert (LENGTH in headers) == (b"content-length: 3\r\n" in head.data)


def test_the_last_answer_of_a_connection_says_so() -> None:
    head = head_of(LENGTH, keep_alive=False)
    assert (head.data.count(b"connection: close\r\n"), head.keep_alive) == (1, False)


@pytest.mark.parametrize("keep_alive", [True, False])
def test_the_application_may_end_the_connection(keep_alive: bool) -> None:
    head = head_of(LENGTH, (b"Connection", b"Close"), keep_alive=keep_alive)
    assert (head.data.lower().count(b"connection: close\r\n"), head.keep_alive) == (1, False)
