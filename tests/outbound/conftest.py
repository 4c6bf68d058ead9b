"""A name service and a network that exist only in the test."""

from __future__ import annotations

import socket
from collections.abc import Callable, Mapping, Sequence

import httpx
import pytest

from mock_server.outbound.targets import TargetPolicy
from mock_server.outbound.transport import PinnedTransport

Handler = Callable[[httpx.Request], httpx.Response]
Zone = Mapping[str, Sequence[Sequence[str]]]


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


class Network:
    """Names lead where ``zone`` says, one list a look-up and the last one for ever. Connections are noted."""

    def __init__(self, zone: Zone, handler: Handler) -> None:
        self._zone = {name: list(answers) for name, answers in zone.items()}
        self._handler = handler
        self.connected: list[str] = []
        self.looked_up: list[str] = []

    async def resolve(self, host: str, _port: int) -> Sequence[str]:
        self.looked_up.append(host)
        if host in self._zone:
            answers = self._zone[host]
            return answers.pop(0) if len(answers) > 1 else answers[0]
        if ":" in host:
            return [host]
        # the system's own reading of decimal, hex, octal and short forms
        return [socket.inet_ntoa(socket.inet_aton(host))]

    def _connect(self, request: httpx.Request) -> httpx.Response:
        self.connected.append(request.url.host)
        response = self._handler(request)
        if not response.is_stream_consumed:
            return response
        # as it comes from a network: the body is still to be read
        return httpx.Response(
            response.status_code, headers=response.headers, stream=httpx.ByteStream(response.content)
        )

    def transport(self, policy: TargetPolicy) -> PinnedTransport:
        return PinnedTransport(policy, resolve=self.resolve, inner=httpx.MockTransport(self._connect))


@pytest.fixture
def network() -> Callable[..., Network]:
    """``network(zone, handler)``: by default an empty zone, where everybody answers 200."""

    def build(zone: Zone | None = None, handler: Handler | None = None) -> Network:
        return Network(zone or {}, handler or (lambda _: httpx.Response(200)))

    return build
