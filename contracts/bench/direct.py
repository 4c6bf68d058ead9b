"""The admin surface of a server in this process, without HTTP between."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol
from urllib.parse import urlencode

import msgspec

from contracts.witness.admin import Admin, AdminError
from contracts.witness.server import ServerAddress


class Asked(Protocol):
    """Where requests go."""

    @property
    def url(self) -> str: ...

    def ask(self, method: str, target: str, body: bytes = b"") -> tuple[int, bytes]:
        """Status and body of the answer."""


class DirectAdmin(Admin):
    """As ``Admin``, in the name of the tenant with ``key``."""

    def __init__(self, host: Asked, key: str) -> None:
        self.server = ServerAddress(host.url)
        self._host, self._key = host, key

    def close(self) -> None:
        """Nothing is open."""

    def _asked(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, str | int] | None = None,
        body: Mapping[str, object] | None = None,
    ) -> bytes:
        asked = {**({"key": self._key} if self._key else {}), **(query or {})}
        target = f"/__lipflap/{path}?{urlencode(asked)}"
        status, answer = self._host.ask(
            method, target, msgspec.json.encode(body) if body is not None else b""
        )
        if status >= 400:
            raise AdminError(f"{method} {path} answered {status}: {answer[:300].decode(errors='replace')}")
        return answer
