"""A caller of ``/__lipflap/`` on a running server."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import httpx

from mock_server.core.errors import ConfigurationError

TIMEOUT_S = 60.0


@dataclass(frozen=True, slots=True)
class AdminClient:
    """``key`` picks the tenant; ``token`` may be empty where the server asks for none."""

    url: str
    key: str
    token: str = ""

    def request(self, method: str, path: str, body: Mapping[str, object] | None = None) -> object:
        """The JSON answer. Raises ConfigurationError where nobody answers, or with the refusal."""
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        target = f"{self.url.rstrip('/')}/__lipflap/{path}"
        try:
            response = httpx.request(
                method, target, params={"key": self.key}, json=body, headers=headers, timeout=TIMEOUT_S
            )
        except (httpx.HTTPError, httpx.InvalidURL) as fault:
            raise ConfigurationError(f"no lipflap answers at {self.url}: {fault}") from fault
        if response.is_error:
            raise ConfigurationError(f"{target} answered {response.status_code}: {response.text[:300]}")
        return response.json()
