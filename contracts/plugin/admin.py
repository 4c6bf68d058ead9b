"""The admin surface for fixtures: on the machine's time, and without HTTP where the server is in this process."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext

from contracts.bench.direct import DirectAdmin
from contracts.lockstep import LockStep
from contracts.plugin.exchange import Door, scope_of
from contracts.plugin.server import PluginServer
from contracts.witness.admin import Admin

_JSON = ((b"content-type", b"application/json"),)


def admin_of(server: PluginServer, key: str) -> Admin:
    """The admin surface of ``server`` in the name of the tenant with ``key``."""
    if server.background is None:
        return _SteadyAdmin(server.address, key)
    return DirectAdmin(_Desk(server.url, Door(server.background), server.address.admin_token), key)


def machine_time() -> AbstractContextManager[None]:
    """A block in which a client's clock means nothing."""
    step = LockStep.current()
    return nullcontext() if step is None else step.on_real_time()


class _SteadyAdmin(Admin):
    """Over HTTP, and on the machine's time."""

    def _asked(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, str | int] | None = None,
        body: Mapping[str, object] | None = None,
    ) -> bytes:
        with machine_time():
            return super()._asked(method, path, query=query, body=body)


class _Desk:
    """Where questions go that need no socket."""

    def __init__(self, url: str, door: Door, token: str) -> None:
        self.url = url
        self._door = door
        self._headers = (*_JSON, (b"authorization", f"Bearer {token}".encode())) if token else _JSON
        self._host = url.partition("//")[2].encode()

    def ask(self, method: str, target: str, body: bytes = b"") -> tuple[int, bytes]:
        path, _, query = target.partition("?")
        length = (b"content-length", b"%d" % len(body))
        headers = ((b"host", self._host), length, *self._headers)
        with machine_time():
            told = self._door.ask(
                scope_of(method, path, query.encode(), headers, ("127.0.0.1", 1)), body
            ).result()
        return told.status, told.body
