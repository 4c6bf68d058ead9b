"""The faults at work on callbacks: from a delivery that is about to be tried to what is really sent."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from urllib.parse import urlsplit

from mock_server.core.delivery import Delivery
from mock_server.core.fault import Occasion
from mock_server.core.parcel import Held, Mail, Parcel, Postponed
from mock_server.core.world import World
from mock_server.faults.book import Book, Target
from mock_server.faults.firing import Firing
from mock_server.faults.model import OnDelivery
from mock_server.faults.scenes import SceneOf, scenes_of_task
from mock_server.faults.staging import deliveries_at
from mock_server.providers.base import Provider
from mock_server.stores.base import Store

MAX_PARCELS = 10_000
"""What one attempt may send, however many faults multiply it."""

Retell = Callable[[Delivery, Parcel], Parcel]
"""The parcel with its ``failed_body`` and ``earlier`` bodies."""


class Mailing:
    """Bound to one server's book. Each attempt is one occasion, counted for its task."""

    def __init__(self, store: Store, book: Book, providers: Iterable[Provider], retell: Retell) -> None:
        self._store = store
        self._book = book
        self._providers = {provider.name: provider for provider in providers}
        self._retell = retell

    def tamper(self, world: World, delivery: Delivery, parcel: Parcel, at_ms: int) -> Mail | Held:
        """What is sent in place of the honest ``parcel``; just that where no fault fires.

        A fault that leaves the callback as it is has not fired. One that has kept the delivery back is not asked
        again, so that a callback put off does come, and one sent again by hand goes out.
        """
        if self._book.is_empty(world):
            return Mail((parcel,))
        path = _path(delivery.url)
        task = self._store.task(delivery.tenant, delivery.provider, delivery.task_id)
        if task is None:
            return Mail((parcel,))
        scene_of = scenes_of_task(
            self._store,
            self._providers[delivery.provider],
            world,
            Occasion.CALLBACK,
            task,
            at_ms,
            method="POST",
            path=path,
            announced=delivery.stage,
        )

        def counts(firing: Firing) -> bool:
            fault = firing.fault
            return fault.id not in delivery.held_by and (
                fault.counts is None or fault.counts(scene_of(firing))
            )

        target = Target(world, Occasion.CALLBACK, delivery.provider, task.id, path, at_ms)
        firings = self._book.firings(target, counts)
        hooks = [
            (hook, firing)
            for hook, firing in deliveries_at(firings)
            if firing.fault.id not in delivery.held_by
        ]
        return self._changed(delivery, parcel, hooks, scene_of) if hooks else Mail((parcel,))

    def _changed(
        self,
        delivery: Delivery,
        parcel: Parcel,
        hooks: Sequence[tuple[OnDelivery, Firing]],
        scene_of: SceneOf,
    ) -> Mail | Held:
        told = self._retell(delivery, parcel)
        for hook, firing in hooks:
            # first: what is kept back now meets the others when it leaves
            kept = hook.act(told, scene_of(firing))
            if (isinstance(kept, Postponed) or not kept) and self._book.note(delivery.tenant, firing):
                return Held(firing.fault.id, kept.wait_ms if isinstance(kept, Postponed) else None)
        parcels, faults = [told], []
        for hook, firing in hooks:
            changed = _through(hook, parcels, scene_of, firing)
            if changed != parcels and self._book.note(delivery.tenant, firing):
                parcels = changed
                faults.append(firing.fault.id)
        return Mail(tuple(parcels), tuple(faults))


def _through(hook: OnDelivery, parcels: Sequence[Parcel], scene_of: SceneOf, firing: Firing) -> list[Parcel]:
    """What a hook makes of every parcel; one that it would keep back, and may not, stays as it is."""
    changed: list[Parcel] = []
    for parcel in parcels:
        made = hook.act(parcel, scene_of(firing))
        changed.extend((parcel,) if isinstance(made, Postponed) or not made else made)
        if len(changed) >= MAX_PARCELS:
            break
    return changed[:MAX_PARCELS]


def _path(url: str) -> str:
    try:
        return urlsplit(url).path
    except ValueError:
        # the sender refuses such a URL in words; here it only has no path to match
        return ""
