"""A wire script is heard as HTTP, in httpx's own words for what goes wrong."""

from __future__ import annotations

import httpx
import pytest

from contracts.plugin.hearing import Hearing
from mock_server.core.wire import (
    Act,
    Close,
    Pause,
    RefuseConnections,
    Reset,
    ResetOnNextRequest,
    Send,
    Stall,
)

HEAD = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX-Said: so\r\n\r\n"
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n"


def heard(*script: Act, timeout_s: float | None = 10) -> tuple[int, bytes, float]:
    """Status, body, and how long it all took."""
    request = httpx.Request("GET", "http://lipflap.test/", extensions={"timeout": {"read": timeout_s}})
    hearing = Hearing(request, script)
    waits = list(hearing.head())
    parts = list(hearing.body())
    waits += [part for part in parts if isinstance(part, float)]
    return hearing.status, b"".join(part for part in parts if isinstance(part, bytes)), sum(waits)


@pytest.mark.parametrize("end", [Close(), ResetOnNextRequest(), RefuseConnections(1000)])
def test_a_whole_answer_is_heard_whatever_comes_after_it(end: Act) -> None:
    assert heard(Send(HEAD + b"he"), Send(b""), Send(b"llo"), end) == (200, b"hello", 0)


def test_an_answer_without_a_length_ends_with_the_connection() -> None:
    assert heard(Send(b"HTTP/1.0 200 OK\r\n\r\nall"), Send(b" of it"), Close()) == (200, b"all of it", 0)


def test_pauses_add_up_and_none_of_them_breaks_the_timeout() -> None:
    drip = [act for byte in b"hello" for act in (Pause(9_999), Send(bytes([byte])))]
    assert heard(Send(HEAD), *drip) == (200, b"hello", pytest.approx(49.995))
    assert heard(Pause(60_000), Send(HEAD + b"hello"), timeout_s=None) == (200, b"hello", 60)


@pytest.mark.parametrize(
    ("script", "fault"),
    [
        ((Reset(),), httpx.ReadError),
        ((Send(HEAD + b"he"), Reset()), httpx.ReadError),
        ((Close(),), httpx.RemoteProtocolError),
        ((Send(HEAD[:20]), Close()), httpx.RemoteProtocolError),
        ((Send(HEAD + b"he"), Close()), httpx.RemoteProtocolError),
        ((Send(b"\x00\xff garbage\r\n\r\n"), Close()), httpx.RemoteProtocolError),
        ((Send(CHUNKED + b"zz\r\n"), Close()), httpx.RemoteProtocolError),
        ((Stall(10_000), Close()), httpx.ReadTimeout),
        ((Send(HEAD), Stall(600_000)), httpx.ReadTimeout),
        ((Send(HEAD + b"he"),), httpx.ReadTimeout),
        ((), httpx.ReadTimeout),
    ],
)
def test_what_breaks_is_named_as_httpx_names_it(script: tuple[Act, ...], fault: type[Exception]) -> None:
    with pytest.raises(fault):
        heard(*script)


def test_a_silence_lasts_as_long_as_the_timeout() -> None:
    request = httpx.Request("GET", "http://lipflap.test/", extensions={"timeout": {"read": 10}})
    head = Hearing(request, (Pause(4_000), Stall(600_000))).head()
    assert [next(head), next(head)] == [4, 10]
    with pytest.raises(httpx.ReadTimeout):
        next(head)
