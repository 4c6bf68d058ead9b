"""A tenant's world: its clock, dialects, faults and seed. Everything else of a tenant hangs on its name."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from hashlib import blake2b

from msgspec import Struct, field

from mock_server.core.clock import Clock, ClockMode
from mock_server.core.fault import FaultRule
from mock_server.core.ids import Choices
from mock_server.core.ledger import Funds


class ActiveScenario(Struct, frozen=True):
    """The scenario that a tenant plays: what it turned, and how that stood before. None, or no entry: not turned."""

    name: str
    dialects: Mapping[str, str] = field(default_factory=dict)
    former_dialects: Mapping[str, str] = field(default_factory=dict)
    clock: tuple[ClockMode, float] | None = None
    former_clock: tuple[ClockMode, float] | None = None
    former_seed: int | None = None


class World(Struct, frozen=True):
    """One tenant. ``dialects`` holds only the switches that differ from the server's; ``funds`` are by provider.

    ``pace`` is empty where the server's holds. ``hints`` hold for media that nobody states or fetches: by "video" and
    "audio", in the words and values of a URL's own hints.
    """

    tenant: str
    seed: int
    clock: Clock
    dialects: Mapping[str, str] = field(default_factory=dict)
    faults: tuple[FaultRule, ...] = ()
    funds: Mapping[str, Funds] = field(default_factory=dict)
    pace: str = ""
    hints: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    scenario: ActiveScenario | None = None

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
