"""How often each rule was seen and fired, read from the store's tallies."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping

from msgspec import Struct

from mock_server.core.fault import FaultRule
from mock_server.faults.book import FIRED, SEEN
from mock_server.stores.base import Store


class Counts(Struct, frozen=True):
    """By rule id: occasions that were counted, and how often the rule fired."""

    seen: Mapping[str, int]
    fired: Mapping[str, int]

    def fired_by(self, rule: FaultRule) -> int:
        """A rule that has fired as often as it may is still asked, which its tally counts too."""
        fired = self.fired.get(rule.id, 0)
        return fired if rule.times is None else min(fired, rule.times)


def counts_of(store: Store, tenant: str) -> Counts:
    """Those of one tenant."""
    found: dict[str, Counter[str]] = {SEEN: Counter(), FIRED: Counter()}
    for name, count in (store.tallies(tenant)).items():
        kind, rule_id = _parsed(name)
        if kind in found:
            found[kind][rule_id] += count
    return Counts(found[SEEN], found[FIRED])


def forget_counts(store: Store, tenant: str, rule_ids: Collection[str] | None = None) -> None:
    """Forget how often the rules of these ids (None: all) were seen and fired at the tenant's."""
    names = []
    for name in store.tallies(tenant):
        kind, rule_id = _parsed(name)
        if kind in {SEEN, FIRED} and (rule_ids is None or rule_id in rule_ids):
            names.append(name)
    store.forget_tallies(tenant, names)


def _parsed(name: str) -> tuple[str, str]:
    """What is counted, and by which rule; other tallies have other words in front."""
    kind, _, rest = name.partition(" ")
    return kind, rest.partition(" ")[0]
