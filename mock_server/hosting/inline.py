"""A whole server without a thread and without a socket: it works while it is asked, in the thread that asks."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractAsyncContextManager
from itertools import count
from types import TracebackType
from typing import Self, TypeVar

import httptools
from msgspec.structs import replace

from contracts.inline import acts
from contracts.lockstep import Moment
from mock_server.app import App
from mock_server.hosting.edge import Edge
from mock_server.hosting.exchange import Exchange
from mock_server.hosting.resumed import new_parser
from mock_server.hosting.tempo import Tempo
from mock_server.settings import Settings

T = TypeVar("T")
URL = "http://127.0.0.1:9"
"""Where it is, for those who are connected to it: nothing of this machine listens at port 9, which discards."""
_SETTLING_S = 0.0005
_QUICK_TURNS = 10


class InlineServer:
    """``with InlineServer(Settings(clock="manual")) as server:`` is there until the block ends.

    ``ask`` is the admin surface, ``connect`` a connection, and it is the ``Side`` of a client in lock-step: the time
    of ``tenants`` goes with it. Any thread may call; while one is served the others' requests go on in its loop.
    """

    url = URL
    is_wireless = True
    is_at_work = False
    """Nothing is ever left half done."""

    def __init__(self, settings: Settings) -> None:
        self.app = App(settings)
        self.tempo = Tempo(self.app.house, Edge(settings))
        self.tenants: list[str] = []
        self._loop = asyncio.new_event_loop()
        self._loop.set_default_executor(_Here(1))
        self._lock = threading.Lock()
        self._running: AbstractAsyncContextManager[None] = self.app.running()

    def __enter__(self) -> Self:
        self.run(self._running.__aenter__())
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.run(self._running.__aexit__(None, None, None))
        self._loop.close()

    def run(self, coroutine: Coroutine[object, object, T]) -> T:
        """What the coroutine returns. Where another thread runs the loop, it does so for this one too."""
        if self._lock.acquire(blocking=False):
            try:
                return self._loop.run_until_complete(coroutine)
            finally:
                self._lock.release()
        return self._run_beside(asyncio.run_coroutine_threadsafe(coroutine, self._loop))

    def _run_beside(self, future: Future[T]) -> T:
        while not future.done():
            if self._lock.acquire(timeout=_SETTLING_S):
                try:
                    self._loop.run_until_complete(_until(future))
                finally:
                    self._lock.release()
        return future.result()

    def tenant_of(self, key: str) -> str:
        return self.tempo.tenant(key)

    def connect(self) -> InlineTalk:
        return InlineTalk(self)

    def ask(self, method: str, target: str, body: bytes = b"") -> tuple[int, bytes]:
        """One request to the admin surface, or to any other path: status and body of its answer."""
        headers = ((b"host", b"127.0.0.1"), (b"content-type", b"application/json"))
        exchange = Exchange(method, target, headers, body)
        self.run(exchange.run(self.app))
        return exchange.status, bytes(exchange.body)

    # the other side of a client in lock-step

    def look(self, skip_ms: int | None, may_skip: Callable[[], bool]) -> Moment:
        """Nothing is ever on its way: what came was read, and what fell due is sent before this returns."""
        if self.app.house.worker.is_at_work:
            self.run(self._settled())
        waits = map(self._until_delivery_ms, self.tenants)
        next_ms = min((wait for wait in waits if wait is not None), default=None)
        is_free = skip_ms is not None and (next_ms is None or next_ms > skip_ms)
        if skip_ms is None or not is_free or not may_skip():
            return Moment(next_ms is not None and next_ms <= 0, next_ms)
        for tenant in self.tenants:
            self._pass_quietly(tenant, skip_ms)
        return Moment(is_at_work=False, next_ms=next_ms, is_past=True)

    def advance(self, passed_ms: int) -> Future[None]:
        self.run(self._advance(passed_ms))
        done: Future[None] = Future()
        done.set_result(None)
        return done

    async def _advance(self, passed_ms: int) -> None:
        await self.tempo.pass_time(self.tenants, passed_ms)
        await self._settled()

    async def _settled(self) -> None:
        """Callbacks that are due now have been sent, and answered."""
        worker = self.app.house.worker
        for turn in count():
            if not worker.is_at_work:
                return
            await asyncio.sleep(0 if turn < _QUICK_TURNS else _SETTLING_S)

    def _until_delivery_ms(self, tenant: str) -> int | None:
        simulator = self.app.house.simulator
        delivery = simulator.store.next_delivery(tenant)
        if delivery is None or delivery.due_ms is None:
            return None
        return delivery.due_ms - simulator.now_ms(simulator.world(tenant))

    def _pass_quietly(self, tenant: str, passed_ms: int) -> None:
        """Move the clock on by a time in which nothing is due."""
        simulator = self.app.house.simulator
        world = simulator.world(tenant)
        wall_ms = simulator.wall_ms()
        clock = world.clock.moved_to(world.clock.now_ms(wall_ms) + passed_ms, wall_ms)
        simulator.store.save_world(replace(world, clock=clock))

    def owns(self, address: object) -> bool:  # noqa: ARG002 - no socket leads here
        return False


class _Here(ThreadPoolExecutor):
    """Work that others give to a thread is done at once: there is nobody whom it would keep waiting."""

    def submit(self, fn: Callable[..., T], /, *args: object, **options: object) -> Future[T]:
        done: Future[T] = Future()
        try:
            done.set_result(fn(*args, **options))
        except Exception as fault:  # noqa: BLE001 - the one who waits gets it
            done.set_exception(fault)
        return done


async def _until(future: Future[T]) -> None:
    await asyncio.wait([asyncio.wrap_future(future)])


class InlineTalk:
    """One connection: bytes in, acts out."""

    def __init__(self, server: InlineServer) -> None:
        self._server = server
        self._parser = new_parser(self)
        self._target = bytearray()
        self._headers: list[tuple[bytes, bytes]] = []
        self._body = bytearray()
        self._complete: list[Exchange] = []

    def feed(self, data: bytes) -> None:
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserError:
            self._complete.append(Exchange("GET", "", (), b"", is_broken=True))

    def answer(self) -> Sequence[acts.Act] | None:
        if not self._complete:
            return None
        exchange = self._complete.pop(0)
        if not exchange.is_broken:
            self._server.run(exchange.run(self._server.app))
        return exchange.acts()

    def on_message_begin(self) -> None:
        self._target, self._headers, self._body = bytearray(), [], bytearray()

    def on_url(self, url: bytes) -> None:
        self._target += url

    def on_header(self, name: bytes, value: bytes) -> None:
        self._headers.append((name.lower(), value))

    def on_body(self, body: bytes) -> None:
        self._body += body

    def on_message_complete(self) -> None:
        method = self._parser.get_method().decode("ascii")
        target = bytes(self._target).decode("latin-1")
        keeps = self._parser.should_keep_alive()
        self._complete.append(
            Exchange(method, target, tuple(self._headers), bytes(self._body), keeps_alive=keeps)
        )
