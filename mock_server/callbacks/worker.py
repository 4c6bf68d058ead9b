"""The background worker: waits until a tenant's next callback is due, and has the outbox send it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

from mock_server.callbacks.outbox import Outbox
from mock_server.stores.base import Store

MAX_SENDS_AT_ONCE = 16
RECOVERY_MS = 1_000
"""After an error of our own (say, a busy store) a tenant is looked at again after this much wall time."""

Wait = Callable[[asyncio.Event, float | None], Awaitable[None]]
"""Return when the event is set, or after so many seconds (None: never)."""

_log = logging.getLogger("mock_server.callbacks")


async def wait_for(event: asyncio.Event, timeout_s: float | None) -> None:
    """Wait on the event loop's own clock."""
    try:
        async with asyncio.timeout(timeout_s):
            await event.wait()
    except TimeoutError:
        return


class Worker:
    """One task per tenant with something due, so that no tenant waits for another's receiver.

    Somebody must call ``wake`` whenever a delivery may fall due earlier than before: a task was added or
    changed, a delivery put back, a clock turned or moved. Deliveries left by an earlier run are found.
    """

    def __init__(
        self, outbox: Outbox, store: Store, read_wall: Callable[[], int], wait: Wait = wait_for
    ) -> None:
        self._outbox = outbox
        self._store = store
        self._read_wall = read_wall
        self._wait = wait
        self._agenda: dict[str, int] = {}
        """Tenant to the wall moment of its next look, the earliest that anybody asked for."""
        self._busy: dict[str, asyncio.Task[None]] = {}
        self._sends = asyncio.Semaphore(MAX_SENDS_AT_ONCE)
        self._awake = asyncio.Event()
        self._looks_everywhere = True
        self._is_stopping = False

    def wake(self, tenant: str | None = None) -> None:
        """Look at ``tenant`` now, or (None, which costs more) at all that have something pending."""
        if tenant is None:
            self._looks_everywhere = True
        else:
            self._plan(tenant, self._read_wall())
        self._awake.set()

    @property
    def is_at_work(self) -> bool:
        """Whether it sends, or is about to look whether it should."""
        return bool(self._busy) or self._awake.is_set()

    async def run(self) -> None:
        """Work until ``stop``."""
        while not self._is_stopping:
            self._awake.clear()
            self._collect()
            self._start_due()
            await self._wait(self._awake, self._timeout_s())

    async def stop(self, deadline_s: float = 5.0) -> None:
        """Begin nothing new; break off attempts under way at the deadline, and they stay pending."""
        self._is_stopping = True
        self._awake.set()
        busy = tuple(self._busy.values())
        if not busy:
            return
        _, late = await asyncio.wait(busy, timeout=deadline_s)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)

    def _collect(self) -> None:
        if not self._looks_everywhere:
            return
        self._looks_everywhere = False
        try:
            tenants = self._store.tenants_with_pending_deliveries()
        except Exception:  # noqa: BLE001 - logged, and tried again
            self._looks_everywhere = True
            _log.exception("cannot read the outbox; trying again")
            return
        for tenant in tenants:
            self._plan(tenant, self._read_wall())

    def _start_due(self) -> None:
        wall_ms = self._read_wall()
        for tenant in [
            name for name, at_ms in self._agenda.items() if at_ms <= wall_ms and name not in self._busy
        ]:
            del self._agenda[tenant]
            self._busy[tenant] = asyncio.create_task(self._serve(tenant), name=f"callbacks of {tenant}")

    def _timeout_s(self) -> float | None:
        if self._looks_everywhere:
            return RECOVERY_MS / 1000
        moments = [at_ms for tenant, at_ms in self._agenda.items() if tenant not in self._busy]
        return max(0, min(moments) - self._read_wall()) / 1000 if moments else None

    async def _serve(self, tenant: str) -> None:
        try:
            while not self._is_stopping and await self._send_one(tenant):
                pass
            wait_ms = self._outbox.wall_wait_ms(tenant)
            if wait_ms is not None:
                self._plan(tenant, self._read_wall() + wait_ms)
        except Exception:  # noqa: BLE001 - logged, and tried again
            # an error of ours must not end the other tenants' callbacks
            _log.exception("callbacks of a tenant stopped; trying again", extra={"tenant": tenant})
            self._plan(tenant, self._read_wall() + RECOVERY_MS)
        finally:
            del self._busy[tenant]
            self._awake.set()

    async def _send_one(self, tenant: str) -> bool:
        # the slot is given back between two sends, so that hanging receivers cannot hold all of them for ever
        async with self._sends:
            return await self._outbox.send_next(tenant)

    def _plan(self, tenant: str, at_ms: int) -> None:
        self._agenda[tenant] = min(at_ms, self._agenda.get(tenant, at_ms))
