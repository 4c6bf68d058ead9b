"""Downloads of files that a client named."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Mapping
from typing import TYPE_CHECKING

import httpx
import pytest

from mock_server.outbound.fetch import FetchFailed, FetchRefused, fetch
from mock_server.outbound.targets import TargetPolicy

if TYPE_CHECKING:
    from tests.outbound.conftest import Handler, Network

pytestmark = pytest.mark.anyio

START = "http://cdn.test/a.mp4"
ZONE = {
    "cdn.test": [["8.8.8.8"]],
    "other.test": [["9.9.9.9"]],
    "metadata.test": [["169.254.169.254"]],
    "nowhere.test": [[]],
}


class Fetching:
    """One network, and ``fetch`` over it."""

    def __init__(self, network: Network) -> None:
        self.network = network

    async def __call__(self, url: str = START, *, max_bytes: int = 100, timeout_s: float = 60) -> bytes:
        transport = self.network.transport(TargetPolicy.PUBLIC)
        return await fetch(
            url, TargetPolicy.PUBLIC, max_bytes=max_bytes, timeout_s=timeout_s, transport=transport
        )


@pytest.fixture
def fetching(network: Callable[..., Network]) -> Callable[[Handler], Fetching]:
    return lambda handler: Fetching(network(ZONE, handler))


def routes(table: Mapping[str, httpx.Response]) -> Callable[[httpx.Request], httpx.Response]:
    return lambda request: table[request.headers["host"] + request.url.path]


def redirect(location: str, status: int = 302) -> httpx.Response:
    return httpx.Response(status, headers={"location": location})


class Chunks(httpx.AsyncByteStream):
    """Ten bytes at a time, without end; counts what was taken."""

    def __init__(self) -> None:
        self.taken_bytes = 0

    async def __aiter__(self) -> AsyncIterator[bytes]:
        while True:
            self.taken_bytes += 10
            yield b"0123456789"


async def test_the_bytes_arrive(fetching: Callable[[Handler], Fetching]) -> None:
    assert await fetching(lambda _: httpx.Response(200, content=b"media"))() == b"media"


async def test_nothing_of_ours_is_sent_along(fetching: Callable[[Handler], Fetching]) -> None:
    seen: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        if request.url.path == "/a.mp4":
            return httpx.Response(302, headers={"location": "/b.mp4", "set-cookie": "id=1"})
        return httpx.Response(200)

    await fetching(answer)()
    for request in seen:
        assert sorted(request.headers) == ["accept", "accept-encoding", "host", "user-agent"]
        assert request.headers["accept-encoding"] == "identity"


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirect_is_followed(status: int, fetching: Callable[[Handler], Fetching]) -> None:
    table = {
        "cdn.test/a.mp4": redirect("http://other.test/b.mp4", status),
        "other.test/b.mp4": httpx.Response(200, content=b"moved"),
    }
    fetch_it = fetching(routes(table))
    assert await fetch_it() == b"moved"
    assert fetch_it.network.connected == ["8.8.8.8", "9.9.9.9"]


async def test_three_redirects_are_followed_and_four_are_not(fetching: Callable[[Handler], Fetching]) -> None:
    table = {f"cdn.test/{n}": redirect(f"/{n - 1}") for n in range(1, 5)}
    table["cdn.test/0"] = httpx.Response(200, content=b"end")
    assert await fetching(routes(table))("http://cdn.test/3") == b"end"
    with pytest.raises(FetchFailed, match="more than 3 redirects"):
        await fetching(routes(table))("http://cdn.test/4")


@pytest.mark.parametrize(
    "location",
    [
        "http://169.254.169.254/latest/meta-data/",
        "http://metadata.test/",
        "//metadata.test/",
        "http://2852039166/",
        "http://[::ffff:a9fe:a9fe]/",
        "http://127.0.0.1:80/",
        "http://user:word@cdn.test/",
        "file:///etc/passwd",
        "gopher://cdn.test/",
    ],
)
async def test_a_redirect_to_a_forbidden_target_is_refused(
    location: str, fetching: Callable[[Handler], Fetching]
) -> None:
    fetch_it = fetching(lambda _: redirect(location))
    with pytest.raises(FetchRefused, match="refused by policy"):
        await fetch_it()
    assert fetch_it.network.connected == ["8.8.8.8"]


async def test_a_forbidden_url_is_refused_before_any_connection(
    fetching: Callable[[Handler], Fetching],
) -> None:
    fetch_it = fetching(lambda _: httpx.Response(200))
    for url in ("http://metadata.test/", "http://10.0.0.1/", "file:///etc/passwd", "http://cdn.test/\ud800"):
        with pytest.raises(FetchRefused):
            await fetch_it(url)
    assert fetch_it.network.connected == []


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (httpx.Response(404, content=b"SECRET"), "answered 404"),
        (httpx.Response(206, content=b"SECRET"), "answered 206"),
        (httpx.Response(302, content=b"SECRET"), "answered 302 without a location"),
        (redirect("http://["), "answered 302 with a location that is no URL"),
        (httpx.Response(200, content=b"SECRET" * 20), "larger than 100 bytes"),
        (
            httpx.Response(200, headers={"content-encoding": "gzip"}, stream=Chunks()),
            "the answer is compressed, though that was not asked for",
        ),
    ],
)
async def test_what_is_not_a_file_fails_without_being_quoted(
    answer: httpx.Response, words: str, fetching: Callable[[Handler], Fetching]
) -> None:
    with pytest.raises(FetchFailed) as failure:
        await fetching(lambda _: answer)()
    assert str(failure.value) == words


async def test_a_file_of_exactly_the_cap_arrives(fetching: Callable[[Handler], Fetching]) -> None:
    assert len(await fetching(lambda _: httpx.Response(200, content=bytes(100)))()) == 100
    with pytest.raises(FetchFailed, match="larger than 100 bytes"):
        await fetching(lambda _: httpx.Response(200, content=bytes(101)))()


async def test_an_endless_file_is_dropped_at_the_cap(fetching: Callable[[Handler], Fetching]) -> None:
    chunks = Chunks()
    with pytest.raises(FetchFailed, match="larger than 100 bytes"):
        await fetching(lambda _: httpx.Response(200, stream=chunks))()
    assert chunks.taken_bytes == 110


async def test_a_file_that_says_it_is_too_large_is_not_read(fetching: Callable[[Handler], Fetching]) -> None:
    chunks = Chunks()
    answer = httpx.Response(200, headers={"content-length": "101"}, stream=chunks)
    with pytest.raises(FetchFailed, match="larger than 100 bytes"):
        await fetching(lambda _: answer)()
    assert chunks.taken_bytes == 0


async def test_a_lie_about_the_length_does_not_help(fetching: Callable[[Handler], Fetching]) -> None:
    answer = httpx.Response(200, headers={"content-length": "5"}, stream=Chunks())
    with pytest.raises(FetchFailed, match="larger than 100 bytes"):
        await fetching(lambda _: answer)()


async def test_an_unknown_host_fails(fetching: Callable[[Handler], Fetching]) -> None:
    with pytest.raises(FetchFailed, match="host not found"):
        await fetching(lambda _: httpx.Response(200))("http://nowhere.test/")


async def test_the_whole_fetch_has_one_deadline() -> None:
    class Hanging(httpx.AsyncBaseTransport):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            await asyncio.Event().wait()
            raise AssertionError(request)

    with pytest.raises(FetchFailed, match="timed out"):
        await fetch(START, TargetPolicy.PUBLIC, max_bytes=1, timeout_s=0, transport=Hanging())


async def test_without_a_transport_the_checked_one_is_used() -> None:
    with pytest.raises(FetchRefused, match="loopback address"):
        await fetch("http://127.0.0.1:9/", TargetPolicy.PUBLIC, max_bytes=1, timeout_s=60)


def test_importing_it_does_not_import_httpx() -> None:
    code = (
        "import sys, mock_server.outbound.fetch, mock_server.callbacks.worker;"
        "sys.exit('httpx' in sys.modules or 'standardwebhooks' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
