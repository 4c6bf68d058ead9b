"""The outbox: what is due is sent, remembered, and tried again, in the order of the tenant's own clock."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from weakref import WeakValueDictionary

from msgspec.structs import replace

from mock_server.callbacks.packing import Packer
from mock_server.callbacks.waves import Sends, in_waves, send_waves
from mock_server.core.delivery import Attempt, Delivery, DeliveryState
from mock_server.core.errors import LipflapError
from mock_server.core.parcel import Held, Mail, Parcel
from mock_server.core.world import World
from mock_server.stores.base import Store

MAX_EVENTS = 10_000
"""How many moments at which a callback is due one advance passes."""
MAX_JUMP_MS = 10 * 366 * 24 * 3_600_000
"""How far one advance may go: ten years."""

Render = Callable[[Delivery], bytes | None]
"""The body of a delivery at its moment; None where its task is gone."""
Note = Callable[[Delivery, Attempt, Parcel | None, tuple[str, ...]], None]
"""Told of each POST after its attempt was saved, with the ids of the faults that had a hand in it, those that kept it
back before included; no parcel: there was nothing to send."""
Tamper = Callable[[World, Delivery, Parcel, int], Mail | Held]
"""What faults make of an attempt that is due at a moment."""
LastTransition = Callable[[str, int], int | None]
"""From tenant and now to the last moment after now at which time alone changes one of its tasks, if any."""


class AdvanceLimit(LipflapError):
    """An advance would go too far. The clock stands at the last event it passed; advancing again goes on."""


class Outbox:
    """Sends deliveries at least once: an attempt is made, then saved, so a crash in between repeats it.

    The deliveries of one tenant go one at a time, in order of (``due_ms``, ``number``). Nothing here waits
    for a moment to come: ``Worker`` does. ``is_signed`` says whose callbacks carry a signature; ``tamper`` is asked
    before each attempt, and may have it send other parcels than the honest one. What becomes of the first of them
    decides whether there is another attempt.
    A receiver that advances its own tenant's clock before it answers waits for itself until the timeout.
    """

    def __init__(
        self,
        store: Store,
        sender: Sends,
        packer: Packer,
        render: Render,
        read_wall: Callable[[], int],
        note: Note,
        *,
        last_transition: LastTransition,
        is_signed: Callable[[Delivery], bool] = lambda _: True,
        tamper: Tamper | None = None,
        max_events: int = MAX_EVENTS,
    ) -> None:
        self._store = store
        self._sender = sender
        self._packer = packer
        self._render = render
        self._read_wall = read_wall
        self._note = note
        self._last_transition = last_transition
        self._is_signed = is_signed
        self._tamper = tamper
        self._max_events = max_events
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def settle(self, tenant: str, until_ms: int) -> None:
        """Send all that is due by ``until_ms``, retries that fall due by then included.

        Each attempt is made at its due moment, or at the tenant's present where that is later.
        """
        while await self.send_next(tenant, until_ms):
            pass

    async def send_next(self, tenant: str, until_ms: int | None = None) -> bool:
        """Make the next attempt due by ``until_ms`` (None: the present); False where there is none."""
        async with self._lock_of(tenant):
            world = self._store.world(tenant)
            delivery = self._store.next_delivery(tenant)
            if world is None or delivery is None or delivery.due_ms is None:
                return False
            now_ms = world.clock.now_ms(self._read_wall())
            if delivery.due_ms > (now_ms if until_ms is None else until_ms):
                return False
            await self._attempt(world, delivery, max(delivery.due_ms, now_ms))
            return True

    def wall_wait_ms(self, tenant: str) -> int | None:
        """How long the wall has to wait for the next delivery; None where no waiting will bring one."""
        world = self._store.world(tenant)
        delivery = self._store.next_delivery(tenant)
        if world is None or delivery is None or delivery.due_ms is None:
            return None
        wall_ms = self._read_wall()
        if delivery.due_ms <= world.clock.now_ms(wall_ms):
            return 0
        return world.clock.wall_wait_ms(delivery.due_ms, wall_ms)

    async def redeliver(self, tenant: str, delivery_id: str, now_ms: int) -> Delivery | None:
        """Put a delivery back in the queue, due now, whatever became of it; None where there is none."""
        async with self._lock_of(tenant):
            delivery = self._store.delivery(tenant, delivery_id)
            if delivery is None:
                return None
            again = delivery.again(now_ms)
            self._store.save_delivery(again)
            return again

    async def advance(self, world: World, target_ms: int | None) -> World:
        """Move the tenant's clock to ``target_ms``, or (None) on until time alone would bring nothing more.

        The clock stops at every callback, so that a receiver that asks back finds the task as it was then.
        Returns when all that fell due has settled. Raises AdvanceLimit.
        """
        now_ms = world.clock.now_ms(self._read_wall())
        if target_ms is not None and target_ms - now_ms > MAX_JUMP_MS:
            raise AdvanceLimit(f"one advance goes {MAX_JUMP_MS // 1000} seconds at most")
        passed = 0
        while await self._pass_next_event(world, target_ms, is_allowed=passed < self._max_events):
            passed += 1
        return self._move(world, now_ms if target_ms is None else target_ms)

    async def _pass_next_event(self, world: World, target_ms: int | None, *, is_allowed: bool) -> bool:
        async with self._lock_of(world.tenant):
            delivery = self._store.next_delivery(world.tenant)
            moment_ms = self._next_moment(world, delivery, target_ms)
            if moment_ms is None:
                return False
            if not is_allowed:
                raise AdvanceLimit(f"one advance passes {self._max_events} events; advance again to go on")
            moved = self._move(world, moment_ms)
            if delivery is not None and delivery.due_ms == moment_ms:
                await self._attempt(moved, delivery, max(moment_ms, moved.clock.now_ms(self._read_wall())))
            return True

    def _next_moment(self, world: World, delivery: Delivery | None, target_ms: int | None) -> int | None:
        due_ms = delivery.due_ms if delivery is not None else None
        if target_ms is not None:
            return due_ms if due_ms is not None and due_ms <= target_ms else None
        if due_ms is not None:
            return due_ms
        # nobody watches what changes from now on: one step takes the clock past all of it
        current = self._store.world(world.tenant) or world
        return self._last_transition(world.tenant, current.clock.now_ms(self._read_wall()))

    def _move(self, world: World, moment_ms: int) -> World:
        # read again: between two events somebody may have changed the rest of the world
        current = self._store.world(world.tenant) or world
        moved = replace(current, clock=current.clock.moved_to(moment_ms, self._read_wall()))
        self._store.save_world(moved)
        return moved

    async def _attempt(self, world: World, delivery: Delivery, at_ms: int) -> None:
        body = self._render(delivery)
        if body is None:
            gone = Attempt(len(delivery.attempts) + 1, at_ms, None, "the task is gone")
            self._remember(_ended(delivery, gone, DeliveryState.EXHAUSTED), [(gone, None)], ())
            return
        is_signed = self._is_signed(delivery)
        parcel = self._packer.pack(delivery.id, body, at_ms // 1000, is_signed=is_signed)
        mail = self._tamper(world, delivery, parcel, at_ms) if self._tamper else Mail((parcel,))
        if isinstance(mail, Held):
            until_ms = None if mail.wait_ms is None else at_ms + mail.wait_ms
            self._store.save_delivery(delivery.held(mail.fault, until_ms))
        else:
            await self._send(delivery, mail, at_ms)

    async def _send(self, delivery: Delivery, mail: Mail, at_ms: int) -> None:
        parcels = in_waves(mail.parcels)
        outcomes = await send_waves(self._sender, delivery.url, parcels)
        number = len(delivery.attempts) + 1
        attempts = [Attempt(number, at_ms, outcome.status, outcome.error) for outcome in outcomes]
        if outcomes[0].is_refused:
            changed = _ended(delivery, attempts[0], DeliveryState.REFUSED)
        else:
            changed = delivery.after(attempts[0])
        faults = (*delivery.held_by, *mail.faults)
        self._remember(changed, list(zip(attempts, parcels, strict=True)), faults)

    def _remember(
        self, changed: Delivery, posts: list[tuple[Attempt, Parcel | None]], faults: tuple[str, ...]
    ) -> None:
        self._store.save_delivery(changed)
        for attempt, parcel in posts:
            self._note(changed, attempt, parcel, faults)

    def _lock_of(self, tenant: str) -> asyncio.Lock:
        """The tenant's lock; it goes when nobody uses it, so that tenants of the past cost nothing."""
        lock = self._locks.get(tenant)
        if lock is None:
            lock = self._locks[tenant] = asyncio.Lock()
        return lock


def _ended(delivery: Delivery, attempt: Attempt, state: DeliveryState) -> Delivery:
    return replace(delivery, state=state, attempts=(*delivery.attempts, attempt))
