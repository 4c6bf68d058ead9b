"""Which rules fire at an occasion: looked up, matched, counted, drawn."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from msgspec import Struct

from mock_server.core.fault import FaultRule, Occasion
from mock_server.core.world import World
from mock_server.faults.firing import Firing, acts_at, is_drawn, is_main, matches
from mock_server.faults.grammar import Grammar
from mock_server.stores.base import Store

SEEN, FIRED = "seen", "fired"
"""What the tallies of a rule are called: occasions counted, and how often it fired."""


class Target(Struct, frozen=True):
    """What meets the rules: one request, or one callback."""

    world: World
    occasion: Occasion
    provider: str
    task_id: str
    path: str
    now_ms: int


Counts = Callable[[Firing], bool]
"""Whether the fault of a firing counts this occasion at all."""


class Book:
    """The rules in force. ``common`` hold for every tenant, others stand in the tenant's world.

    ``first`` are the common rules that the server began with.
    """

    def __init__(self, store: Store, grammar: Grammar, common: Sequence[FaultRule] = ()) -> None:
        self._store = store
        self._grammar = grammar
        self.common = self.first = tuple(common)

    def is_empty(self, world: World) -> bool:
        return not (world.faults or self.common)

    def firings(self, target: Target, counts: Counts) -> tuple[Firing, ...]:
        """The rules that fire, in the order in which they were made; each that counts here is counted."""
        found = []
        for rule in self._rules(target.world):
            firing = self._firing(rule, target, counts)
            if firing is not None:
                found.append(firing)
        return tuple(found)

    def _rules(self, world: World) -> tuple[FaultRule, ...]:
        """The server's, but for those that the tenant has its own form of, and the tenant's."""
        own = {rule.id for rule in world.faults}
        return (*(rule for rule in self.common if rule.id not in own), *world.faults)

    def _firing(self, rule: FaultRule, target: Target, counts: Counts) -> Firing | None:
        fault = self._grammar.fault_of(rule)
        is_meant = target.provider in fault.providers and acts_at(rule, fault, target.occasion)
        if not is_meant or not matches(
            rule, target.provider, target.world.tenant, target.task_id, target.path, target.now_ms
        ):
            return None
        if not is_main(rule, fault, target.occasion):
            return Firing(rule, fault, 0)
        if not counts(Firing(rule, fault, 0)):
            return None
        nth = self._store.tally(target.world.tenant, f"{SEEN} {rule.id} {target.task_id}")
        window = rule.window or fault.window
        is_time = window.holds(nth) and is_drawn(rule, target.world.choices, target.task_id, nth)
        return Firing(rule, fault, nth) if is_time else None

    def note(self, tenant: str, firing: Firing) -> bool:
        """Count that it fires; False where it has fired as often as it may."""
        if firing.nth == 0:
            return True
        fired = self._store.tally(tenant, f"{FIRED} {firing.rule.id}")
        return firing.rule.times is None or fired <= firing.rule.times
