"""An httpx transport that connects only to addresses it has checked.

Importing this module imports httpx: do so where a connection is about to be opened, not at start-up.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Awaitable, Callable, Sequence
from ipaddress import ip_address

import httpx

from mock_server.outbound.targets import (
    Address,
    Target,
    TargetPolicy,
    TargetRefused,
    judge_address,
    judge_url,
)

Resolve = Callable[[str, int], Awaitable[Sequence[str]]]
"""From host and port to IP addresses in the order to try; raises OSError where the name leads nowhere."""


class HostNotFound(httpx.ConnectError):
    """The name has no address."""


async def system_resolve(host: str, port: int) -> Sequence[str]:
    """The addresses that the operating system knows for ``host``, which may be an address in any notation."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


class PinnedTransport(httpx.AsyncBaseTransport):
    """Resolves a name once, checks every address, connects to one of those: no second look-up can differ.

    The request keeps its ``Host`` header, and TLS verifies the certificate against the name. No proxies,
    nothing from the environment, no connection kept (a kept one would serve every name behind an address).
    Raises TargetRefused, and what httpx raises.
    """

    def __init__(
        self,
        policy: TargetPolicy,
        *,
        resolve: Resolve = system_resolve,
        verify: ssl.SSLContext | bool = True,
        inner: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._policy = policy
        self._resolve = resolve
        self._inner = inner or httpx.AsyncHTTPTransport(
            verify=verify, trust_env=False, limits=httpx.Limits(max_keepalive_connections=0)
        )

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        target = judge_url(str(request.url))
        addresses = await self._addresses(target)
        for address in addresses[:-1]:
            try:
                return await self._inner.handle_async_request(_pinned(request, target, address))
            except httpx.ConnectError:
                # nothing was sent: "localhost" often has two addresses, and a server listens on one of them
                continue
        return await self._inner.handle_async_request(_pinned(request, target, addresses[-1]))

    async def _addresses(self, target: Target) -> list[Address]:
        if self._policy is TargetPolicy.OFF:
            raise TargetRefused("outgoing requests are off")
        try:
            addresses = [ip_address(text) for text in await self._resolve(target.host, target.port)]
        except OSError as error:
            raise HostNotFound("host not found") from error
        if not addresses:
            raise HostNotFound("host not found")
        for address in addresses:
            if reason := judge_address(self._policy, address):
                raise TargetRefused(reason)
        return addresses

    async def aclose(self) -> None:
        await self._inner.aclose()


def _pinned(request: httpx.Request, target: Target, address: Address) -> httpx.Request:
    """The same request, addressed to ``address`` and still meant for the host it names."""
    return httpx.Request(
        request.method,
        request.url.copy_with(host=str(address)),
        headers=request.headers,
        stream=request.stream,
        extensions={**request.extensions, "sni_hostname": target.host.removesuffix(".")},
    )
