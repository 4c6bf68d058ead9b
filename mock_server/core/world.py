"""A tenant's world: its clock, its dialects and its seed. Everything else of a tenant hangs on its name."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from hashlib import blake2b

from msgspec import Struct, field

from mock_server.core.clock import Clock
from mock_server.core.ids import Choices


class World(Struct, frozen=True):
    """One tenant. ``dialects`` holds only the switches that differ from the server's."""

    tenant: str
    seed: int
    clock: Clock
    dialects: Mapping[str, str] = field(default_factory=dict)

    @property
    def choices(self) -> Choices:
        return _choices_of(self.seed, self.tenant)


@lru_cache(maxsize=4096)
def tenant_of(key: str) -> str:
    """The tenant that a key opens: a fingerprint, so that the key itself is never stored, logged or shown."""
    return "t" + blake2b(key.encode("utf-8", "surrogatepass"), digest_size=9).hexdigest()


@lru_cache(maxsize=4096)
def _choices_of(seed: int, tenant: str) -> Choices:
    return Choices(seed, tenant)
