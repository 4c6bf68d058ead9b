"""One admin request as its handler sees it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar, cast

from starlette.requests import Request

from contracts.contract import PROVIDERS
from mock_server.admin.parameter import Parameter, text, word
from mock_server.admin.problem import NotFound
from mock_server.core.world import World, tenant_of
from mock_server.edge.gateway import base_url_of
from mock_server.flow.simulator import ANONYMOUS, Simulator
from mock_server.house import House
from mock_server.providers.base import Provider
from mock_server.stores.base import Store

T = TypeVar("T")

KEY = text(
    "key", "The API key (or, with accounts, the access key or the account's name) whose tenant is meant."
)
PROVIDER = word("provider", "Only this provider's.", PROVIDERS)


@dataclass(frozen=True, slots=True)
class Ask:
    """``values`` are the parsed query parameters that the request has."""

    house: House
    request: Request
    values: Mapping[str, object]

    def get(self, parameter: Parameter[T]) -> T:
        """The parameter's value, or its default."""
        return cast(T, self.values.get(parameter.name, parameter.default))

    def path(self, name: str) -> str:
        """A parameter of the path."""
        return cast(str, self.request.path_params[name])

    @property
    def simulator(self) -> Simulator:
        return self.house.simulator

    @property
    def store(self) -> Store:
        return self.house.simulator.store

    @property
    def base_url(self) -> str:
        """Where the caller reaches us, for links."""
        return self.simulator.settings.public_url or base_url_of(
            self.request.scope, self.request.headers.get("host")
        )

    @property
    def named_tenant(self) -> str | None:
        """The tenant that ``key`` opens; None without one."""
        key = self.get(KEY)
        if key is None:
            return None
        keyring = self.simulator.keyring
        account = keyring.by_key(key) or keyring.by_access_key(key)
        return account.tenant if account else tenant_of(key)

    @property
    def tenant(self) -> str:
        """The tenant of routes that are about one: without ``key`` that of requests without a readable key."""
        return self.named_tenant or ANONYMOUS

    def tenants(self) -> tuple[str, ...]:
        """The tenants of routes that can be about all: the one that ``key`` opens, else every one, by name."""
        named = self.named_tenant
        if named is not None:
            return (named,)
        return tuple(sorted(world.tenant for world in self.store.worlds()))

    def world(self) -> World:
        return self.simulator.world(self.tenant)

    def now_ms(self, tenant: str) -> int:
        """The present of ``tenant``."""
        return self.simulator.now_ms(self.simulator.world(tenant))

    def provider(self, name: str) -> Provider:
        """Raises NotFound."""
        for provider in self.house.providers:
            if provider.name == name:
                return provider
        raise NotFound(f"there is no provider {name!r}")
