"""What becomes of a rule when it first fires: it may get an end, or a mark of the request that it met."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from mock_server.core.fault import FaultRule
from mock_server.core.world import World
from mock_server.faults.firing import Firing
from mock_server.faults.scenes import SceneOf
from mock_server.stores.base import Store


def begun(store: Store, world: World, firings: Sequence[Firing], scene_of: SceneOf) -> tuple[Firing, ...]:
    """The firings with their rules as they are from now on. A rule that changed is kept in the tenant's world.

    A rule of the whole server changes for this tenant alone: the world's rule of the same id goes before it.
    """
    return tuple([_begun(store, world, firing, scene_of) for firing in firings])


def _begun(store: Store, world: World, firing: Firing, scene_of: SceneOf) -> Firing:
    begins = firing.fault.begins
    if begins is None or firing.nth == 0:
        return firing
    rule = begins(firing.rule, scene_of(firing))
    if rule is not firing.rule:
        now = store.world(world.tenant) or world
        store.save_world(replace(now, faults=_with(now.faults, rule)))
    return Firing(rule, firing.fault, firing.nth)


def _with(rules: Sequence[FaultRule], changed: FaultRule) -> tuple[FaultRule, ...]:
    if any(rule.id == changed.id for rule in rules):
        return tuple(changed if rule.id == changed.id else rule for rule in rules)
    return (*rules, changed)
