"""The transport connects only to what it has checked."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest
import trustme

from mock_server.outbound.targets import TargetPolicy, TargetRefused
from mock_server.outbound.transport import PinnedTransport, system_resolve

pytestmark = pytest.mark.anyio

if TYPE_CHECKING:
    from tests.outbound.conftest import Network

HOSTILE = (
    "http://127.0.0.1/",
    "http://2130706433/",
    "http://0x7f000001/",
    "http://0177.0.0.1/",
    "http://127.1/",
    "http://0/",
    "http://0.0.0.0/",
    "http://[::]/",
    "http://[::1]/",
    "http://[::ffff:127.0.0.1]/",
    "http://[::ffff:a9fe:a9fe]/",
    "http://[64:ff9b::a9fe:a9fe]/",
    "http://[2002:7f00:1::]/",
    "http://[2001:0:808:808::80ff:fffe]/",
    "http://100.64.0.1/",
    "http://169.254.169.254/latest/meta-data/",
    "http://2852039166/",
    "http://[fe80::1]/",
    "http://[fd00:ec2::254]/",
    "http://224.0.0.1/",
    "http://192.0.0.192/",
    "http://10.0.0.1/",
    "http://metadata.test/",
    "http://half-inside.test/",
    "http://user:word@cdn.test/",
    "file:///etc/passwd",
    "gopher://127.0.0.1:6379/",
    "http://127。0。0。1/",
)
ZONE = {
    "cdn.test": [["8.8.8.8"]],
    "metadata.test": [["169.254.169.254"]],
    "half-inside.test": [["8.8.8.8", "10.0.0.1"]],
    "rebinding.test": [["8.8.8.8"], ["169.254.169.254"]],
    "two.test": [["::1", "127.0.0.1"]],
    "nowhere.test": [[]],
}


async def get(transport: httpx.AsyncBaseTransport, url: str) -> httpx.Response:
    return await transport.handle_async_request(httpx.Request("GET", url))


@pytest.mark.parametrize("url", HOSTILE)
async def test_no_connection_to_a_forbidden_address(url: str, network: Callable[..., Network]) -> None:
    net = network(ZONE)
    with pytest.raises((TargetRefused, httpx.InvalidURL)):
        await get(net.transport(TargetPolicy.PUBLIC), url)
    assert net.connected == []


@pytest.mark.parametrize("url", HOSTILE)
async def test_loopback_policy_reaches_nothing_but_loopback(
    url: str, network: Callable[..., Network]
) -> None:
    net = network(ZONE)
    try:
        await get(net.transport(TargetPolicy.LOOPBACK), url)
    except (TargetRefused, httpx.InvalidURL):
        assert net.connected == []
    else:
        assert net.connected in (["127.0.0.1"], ["::1"])


async def test_the_checked_address_is_connected_and_the_name_is_kept(network: Callable[..., Network]) -> None:
    seen: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(204)

    net = network(ZONE, answer)
    response = await get(net.transport(TargetPolicy.PUBLIC), "https://cdn.test:8443/a?b=c")
    assert response.status_code == 204
    assert str(seen[0].url) == "https://8.8.8.8:8443/a?b=c"
    assert seen[0].headers["host"] == "cdn.test:8443"
    assert seen[0].extensions["sni_hostname"] == "cdn.test"


async def test_a_name_is_looked_up_once_for_a_request(network: Callable[..., Network]) -> None:
    net = network(ZONE)
    transport = net.transport(TargetPolicy.PUBLIC)
    await get(transport, "http://rebinding.test/")
    assert net.looked_up == ["rebinding.test"]
    with pytest.raises(TargetRefused):
        await get(transport, "http://rebinding.test/")
    assert net.connected == ["8.8.8.8"]


async def test_off_looks_nothing_up(network: Callable[..., Network]) -> None:
    net = network(ZONE)
    with pytest.raises(TargetRefused, match="off"):
        await get(net.transport(TargetPolicy.OFF), "http://cdn.test/")
    assert net.looked_up == []


async def test_any_reaches_what_the_name_says(network: Callable[..., Network]) -> None:
    net = network(ZONE)
    await get(net.transport(TargetPolicy.ANY), "http://metadata.test/")
    assert net.connected == ["169.254.169.254"]


async def test_the_second_address_is_tried_where_the_first_refuses(network: Callable[..., Network]) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.host == "::1":
            raise httpx.ConnectError("refused")
        return httpx.Response(200)

    net = network(ZONE, answer)
    assert (await get(net.transport(TargetPolicy.LOOPBACK), "http://two.test/")).status_code == 200
    assert net.connected == ["::1", "127.0.0.1"]


async def test_a_request_that_may_have_been_read_is_not_sent_twice(network: Callable[..., Network]) -> None:
    def answer(_: httpx.Request) -> httpx.Response:
        raise httpx.ReadError("reset")

    net = network(ZONE, answer)
    with pytest.raises(httpx.ReadError):
        await get(net.transport(TargetPolicy.LOOPBACK), "http://two.test/")
    assert net.connected == ["::1"]


async def test_a_name_without_an_address_is_a_connect_error(network: Callable[..., Network]) -> None:
    with pytest.raises(httpx.ConnectError, match="host not found"):
        await get(network(ZONE).transport(TargetPolicy.PUBLIC), "http://nowhere.test/")


@pytest.mark.parametrize("host", ["127.0.0.1", "2130706433", "0x7f.1", "127.1"])
async def test_the_system_reads_every_notation_as_the_same_address(host: str) -> None:
    assert await system_resolve(host, 80) == ["127.0.0.1"]


@asynccontextmanager
async def sink(context: ssl.SSLContext | None = None) -> AsyncIterator[tuple[int, list[bytes]]]:
    """A server on loopback that notes the head of each request and answers 200."""
    heads: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heads.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=context)
    async with server:
        yield server.sockets[0].getsockname()[1], heads


async def to_loopback(_host: str, _port: int) -> list[str]:
    return ["127.0.0.1"]


async def test_a_real_connection_goes_to_the_pinned_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    transport = PinnedTransport(TargetPolicy.LOOPBACK, resolve=to_loopback)
    async with sink() as (port, heads):
        response = await get(transport, f"http://made-up.test:{port}/hook")
        assert await response.aread() == b"ok"
        await response.aclose()
        await transport.aclose()
    assert heads[0].startswith(b"GET /hook HTTP/1.1\r\n")
    assert f"host: made-up.test:{port}\r\n".encode() in heads[0].lower()


async def test_a_real_sink_on_loopback_hears_nothing_under_the_public_policy() -> None:
    async with sink() as (port, heads):
        transport = PinnedTransport(TargetPolicy.PUBLIC)
        for host in (
            "127.0.0.1",
            "2130706433",
            "127.1",
            "0x7f000001",
            "[::ffff:127.0.0.1]",
            "localhost",
            "0",
        ):
            with pytest.raises(TargetRefused):
                await get(transport, f"http://{host}:{port}/")
        await transport.aclose()
    assert heads == []


@pytest.mark.parametrize(("name", "is_trusted"), [("made-up.test", True), ("127.0.0.1", False)])
async def test_tls_verifies_the_certificate_against_the_name(name: str, is_trusted: bool) -> None:
    authority = trustme.CA()
    server_side = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("made-up.test").configure_cert(server_side)
    client_side = ssl.create_default_context()
    authority.configure_trust(client_side)
    transport = PinnedTransport(TargetPolicy.LOOPBACK, resolve=to_loopback, verify=client_side)
    async with sink(server_side) as (port, heads):
        if is_trusted:
            response = await get(transport, f"https://{name}:{port}/")
            assert await response.aread() == b"ok"
            await response.aclose()
        else:
            with pytest.raises(httpx.ConnectError):
                await get(transport, f"https://{name}:{port}/")
        await transport.aclose()
    assert len(heads) == is_trusted


async def test_the_environment_adds_no_trust(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    authority = trustme.CA()
    server_side = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("made-up.test").configure_cert(server_side)
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    transport = PinnedTransport(TargetPolicy.LOOPBACK, resolve=to_loopback)
    async with sink(server_side) as (port, heads):
        with pytest.raises(httpx.ConnectError):
            await get(transport, f"https://made-up.test:{port}/")
        await transport.aclose()
    assert heads == []
