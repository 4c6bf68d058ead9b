"""The server of this process without a socket: the same answers, the same faults, the same journal."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import anyio
import httpx
import pytest
from starlette.testclient import TestClient

if TYPE_CHECKING:
    from contracts.plugin.tenant import Lipflap

IDENTIFY = "/v1/videos/identify-face"
VIDEO = {"video_url": "https://cdn.test/a.mp4"}
FAULTS = [
    ("conn-reset-headers", httpx.ReadError),
    ("empty-response", httpx.RemoteProtocolError),
    ("random-garbage", httpx.RemoteProtocolError),
    ("malformed-chunk", httpx.RemoteProtocolError),
    ("stall-headers", httpx.ReadTimeout),
    ("stall-body", httpx.ReadTimeout),
]

Post = Callable[["Lipflap"], httpx.Response]


def options(lipflap: Lipflap, transport: object) -> dict[str, object]:
    headers = {"Authorization": f"Bearer {lipflap.key}"}
    return {"base_url": lipflap.url, "headers": headers, "timeout": 0.2, "transport": transport}


def by_socket(lipflap: Lipflap) -> httpx.Response:
    with httpx.Client(**options(lipflap, None)) as http:  # type: ignore[arg-type]
        return http.post(IDENTIFY, json=VIDEO)


def by_transport(lipflap: Lipflap) -> httpx.Response:
    with httpx.Client(**options(lipflap, lipflap.transport())) as http:  # type: ignore[arg-type]
        return http.post(IDENTIFY, json=VIDEO)


def by_transport_async(lipflap: Lipflap) -> httpx.Response:
    async def post() -> httpx.Response:
        async with httpx.AsyncClient(**options(lipflap, lipflap.transport())) as http:  # type: ignore[arg-type]
            return await http.post(IDENTIFY, json=VIDEO)

    return asyncio.run(post())


def by_asgi(lipflap: Lipflap) -> httpx.Response:
    async def post() -> httpx.Response:
        transport = httpx.ASGITransport(lipflap.asgi)
        async with httpx.AsyncClient(**options(lipflap, transport)) as http:  # type: ignore[arg-type]
            return await http.post(IDENTIFY, json=VIDEO)

    return asyncio.run(post())


WAYS = [by_socket, by_transport, by_transport_async, by_asgi]


@pytest.fixture(autouse=True)
def _are_met(lipflap: Lipflap) -> Iterator[None]:
    yield
    assert len(lipflap.journal) > 0, "each of these tests asks the server"


@pytest.mark.parametrize("post", WAYS)
def test_an_answer_is_the_same_by_every_way(lipflap: Lipflap, post: Post) -> None:
    answer = post(lipflap)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    assert answer.json()["code"] == 0
    (line,) = lipflap.journal
    assert line.header("host") == lipflap.url.removeprefix("http://")
    assert line.request.data


@pytest.mark.parametrize("post", WAYS)
@pytest.mark.parametrize(("fault", "kind"), FAULTS)
def test_what_a_fault_does_to_the_socket_is_told_in_the_same_words(
    lipflap: Lipflap, post: Post, fault: str, kind: type[Exception]
) -> None:
    lipflap.faults(f"{fault}@identify#1")
    with pytest.raises(kind):
        post(lipflap)
    assert post(lipflap).status_code == 200


def test_the_next_request_finds_what_the_last_has_left(lipflap: Lipflap) -> None:
    lipflap.faults("keepalive-race-close@identify#1")
    with httpx.Client(**options(lipflap, lipflap.transport())) as http:  # type: ignore[arg-type]
        assert http.post(IDENTIFY, json=VIDEO).status_code == 200
        with pytest.raises(httpx.ReadError):
            http.post(IDENTIFY, json=VIDEO)
        assert http.post(IDENTIFY, json=VIDEO).status_code == 200
    assert len(lipflap.journal) == 2


def test_a_server_that_is_away_refuses_and_comes_back(lipflap: Lipflap, lipflap_clock: object) -> None:
    lipflap.faults("server-restart@identify#1;for_ms=60000")
    with httpx.Client(**options(lipflap, lipflap.transport())) as http:  # type: ignore[arg-type]
        with pytest.raises(httpx.TransportError):
            http.post(IDENTIFY, json=VIDEO)
        with pytest.raises(httpx.ConnectError):
            http.post(IDENTIFY, json=VIDEO)
        lipflap.clock.advance(61)
        assert http.post(IDENTIFY, json=VIDEO).status_code == 200


def test_links_lead_back_and_downloads_are_whole(lipflap: Lipflap) -> None:
    with httpx.Client(**options(lipflap, lipflap.transport())) as http:  # type: ignore[arg-type]
        http.post(IDENTIFY, json=VIDEO)
        whole = http.get(lipflap.media.audio)
        part = http.get(lipflap.media.audio, headers={"Range": "bytes=10-19"})
        head = http.head(lipflap.media.audio)
    assert part.status_code == 206
    assert part.content == whole.content[10:20]
    assert int(head.headers["content-length"]) == len(whole.content)


def test_a_test_client_of_starlette_takes_the_application(lipflap: Lipflap) -> None:
    with TestClient(lipflap.asgi, headers={"Authorization": f"Bearer {lipflap.key}"}) as http:
        assert http.post(IDENTIFY, json=VIDEO).status_code == 200


def test_trio_may_ask_too(lipflap: Lipflap) -> None:
    async def post() -> int:
        async with httpx.AsyncClient(**options(lipflap, lipflap.transport())) as http:  # type: ignore[arg-type]
            return (await http.post(IDENTIFY, json=VIDEO)).status_code

    assert anyio.run(post, backend="trio") == 200
