"""A provider as the gateway meets it: what of its contract every request is held against."""

from __future__ import annotations

from mock_server.edge.routing import Router
from mock_server.providers.base import Provider

_OWN_STAGES = frozenset({"auth", "route", "json"})


class Desk:
    """Reads the provider's contract. ``stages`` are those of its checks that are the gateway's, in its order."""

    __slots__ = ("provider", "router", "stages")

    def __init__(self, provider: Provider) -> None:
        self.provider = provider
        self.router = Router(provider.contract.operations.values())
        self.stages = tuple(stage for stage in provider.contract.order if stage in _OWN_STAGES)
