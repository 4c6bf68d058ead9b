"""A server in a thread of this process, for clients that need sockets: asked without HTTP, and in lock-step."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

from contracts.inline.acts import Talk
from contracts.lockstep import Moment
from mock_server.hosting.background import BackgroundServer
from mock_server.hosting.exchange import Exchange
from mock_server.settings import Settings


class BesideServer:
    """As ``InlineServer``, but that clients connect to it through the system."""

    is_wireless = False

    def __init__(self, settings: Settings) -> None:
        self._server = BackgroundServer(settings)
        self.tenants: list[str] = []
        self.url = ""

    def __enter__(self) -> Self:
        self._server.__enter__()
        self.url = self._server.url
        self._port = urlsplit(self.url).port
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.__exit__(kind, fault, trace)

    @property
    def is_at_work(self) -> bool:
        return self._server.tempo.is_at_work

    def tenant_of(self, key: str) -> str:
        return self._server.tempo.tenant(key)

    def ask(self, method: str, target: str, body: bytes = b"") -> tuple[int, bytes]:
        """One request to the admin surface: status and body of its answer."""
        headers = ((b"host", b"127.0.0.1"), (b"content-type", b"application/json"))
        exchange = Exchange(method, target, headers, body)
        self._server.submit(exchange.run(self._server.app)).result()
        return exchange.status, bytes(exchange.body)

    def connect(self) -> Talk:
        raise NotImplementedError("clients connect to it through the system")

    def look(self, skip_ms: int | None, may_skip: Callable[[], bool]) -> Moment:
        tempo = self._server.tempo
        return Moment(*self._server.submit(tempo.look(self.tenants, skip_ms, may_skip)).result())

    def advance(self, passed_ms: int) -> Future[None]:
        return self._server.submit(self._server.tempo.pass_time(self.tenants, passed_ms))

    def owns(self, address: object) -> bool:
        return isinstance(address, tuple) and len(address) >= 2 and address[1] == self._port
