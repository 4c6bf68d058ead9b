"""A server's admin surface as the judge uses it: one tenant, plain JSON, every page of a list."""

from __future__ import annotations

import ssl
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Self, TypeVar

import httpx
import msgspec

from contracts.witness.server import ServerAddress
from contracts.witness.wall import pause

T = TypeVar("T")

TIMEOUT_S = 30.0
_PAGE = 1_000
_PAUSES_S = (0.05, 0.2, 0.5, 1.0, 2.0)


@cache
def _trust() -> ssl.SSLContext:
    """To read all certificates of a system takes longer than most requests."""
    return httpx.create_ssl_context(trust_env=False)


class AdminError(Exception):
    """The server refused, or did not answer; the text is for a person."""


class Admin:
    """Asks ``/__lipflap/`` in the name of the tenant with ``key``. Close it, or use it in a ``with``."""

    def __init__(self, server: ServerAddress, key: str = "") -> None:
        token = {"Authorization": f"Bearer {server.admin_token}"} if server.admin_token else {}
        self.server = server
        self._client = httpx.Client(
            base_url=f"{server.url.rstrip('/')}/__lipflap/",
            params={"key": key} if key else {},
            headers=token,
            timeout=TIMEOUT_S,
            trust_env=False,
            verify=_trust(),
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._client.close()

    def get(self, path: str, **query: str | int) -> bytes:
        """The body of the answer. Raises AdminError."""
        return self._asked("GET", path, query=query)

    def send(self, method: str, path: str, body: Mapping[str, object] | None = None) -> bytes:
        """The same for what changes something."""
        return self._asked(method, path, body=body)

    def read(self, path: str, kind: type[T], **query: str | int) -> T:
        """The answer as ``kind``; fields that it does not have are left out. Raises AdminError."""
        return decoded(self.get(path, **query), kind, path)

    def pages(self, path: str, name: str, kind: type[T], **query: str | int) -> Iterator[T]:
        """Every record of a list, which stands under ``name``."""
        after: dict[str, str | int] = {}
        while True:
            answer = self.get(path, limit=_PAGE, **query, **after)
            records = decoded(answer, dict[str, msgspec.Raw], path)[name]
            yield from decoded(records, list[kind], path)  # type: ignore[valid-type]  # a value
            place = decoded(answer, _Place, path)
            if place.next is None:
                return
            after = {"after": place.next}

    def _asked(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, str | int] | None = None,
        body: Mapping[str, object] | None = None,
    ) -> bytes:
        response = self._answered(method, path, dict(query or {}), body)
        if response.is_error:
            raise AdminError(f"{method} {path} answered {response.status_code}: {response.text[:300]}")
        return response.content

    def _answered(
        self, method: str, path: str, query: Mapping[str, str | int], body: Mapping[str, object] | None
    ) -> httpx.Response:
        """A fault of the whole server meets us too: what only reads, or never arrived, is asked again."""
        pauses = iter(_PAUSES_S)
        while True:
            try:
                return self._client.request(method, path, params=query, json=body)
            except httpx.TransportError as fault:
                is_safe = method == "GET" or isinstance(fault, httpx.ConnectError)
                pause_s = next(pauses, None) if is_safe else None
                if pause_s is None:
                    why = str(fault) or type(fault).__name__
                    raise AdminError(f"no lipflap answers at {self.server.url}: {why}") from fault
                pause(pause_s)


class _Place(msgspec.Struct):
    """Where the next page begins."""

    next: str | None


def decoded(data: bytes | msgspec.Raw, kind: type[T], path: str) -> T:
    """Raises AdminError where the server speaks otherwise than this judge knows it to."""
    try:
        return msgspec.json.decode(data, type=kind)
    except msgspec.DecodeError as fault:
        raise AdminError(f"{path} has an unknown form: {fault}") from fault
