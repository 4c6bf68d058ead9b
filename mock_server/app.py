"""Put the house together: one ASGI application from one Settings value."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from mock_server.back_office import BackOffice
from mock_server.callbacks.outbox import Outbox
from mock_server.callbacks.packing import Packer
from mock_server.callbacks.sender import Sender
from mock_server.callbacks.worker import Worker
from mock_server.core.account import Keyring
from mock_server.core.dialect import checked
from mock_server.core.errors import ConfigurationError
from mock_server.core.world import World
from mock_server.edge.gateway import Gateway
from mock_server.edge.lifespan import live
from mock_server.faults.book import Book
from mock_server.faults.catalogue import CATALOGUE
from mock_server.faults.engine import Engine
from mock_server.faults.grammar import Grammar
from mock_server.faults.mailing import Mailing
from mock_server.flow.library import Fetch, Library
from mock_server.flow.simulator import Simulator, WallClock, table_of
from mock_server.house import House
from mock_server.media.blobs import BlobFolder
from mock_server.outbound.fetch import FetchFailed, FetchRefused, fetch
from mock_server.outbound.targets import TargetPolicy
from mock_server.outgoing import Outgoing
from mock_server.providers.base import Provider
from mock_server.providers.gmi import GmiProvider
from mock_server.providers.kirin import KirinProvider
from mock_server.providers.kling import KlingProvider
from mock_server.results.shelf import Shelf
from mock_server.settings import Settings, load_accounts
from mock_server.stores import open_store
from mock_server.wall import wall_ms as machine_wall_ms

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

log = logging.getLogger("mock_server.app")


class App:
    """The ASGI application. ``house`` is there from the start; the store is open between lifespan's two ends."""

    def __init__(self, settings: Settings | None = None, wall_ms: WallClock = machine_wall_ms) -> None:
        self.house = build_house(settings or Settings(), wall_ms)
        house = self.house
        self._gateway = Gateway(house.simulator, house.providers, house.faults, BackOffice(house))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await live(receive, send, self.running)
        else:
            await self._gateway(scope, receive, send)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """While requests may come, for a host that does not speak ASGI's lifespan. Raises ConfigurationError."""
        house = self.house
        house.simulator.store.open()
        working = asyncio.create_task(house.worker.run(), name="callbacks")
        try:
            yield
        finally:
            await house.worker.stop()
            await working
            house.simulator.store.close()
            house.simulator.blobs.close()


def create_app(settings: Settings | None = None) -> App:
    """The application for ``settings``. Raises ConfigurationError for what cannot work."""
    return App(settings)


def build_house(settings: Settings, wall_ms: WallClock) -> House:
    """Wire the parts; nothing is opened or started yet. Raises ConfigurationError."""
    providers: tuple[Provider, ...] = (KirinProvider(), GmiProvider(), KlingProvider())
    dialects = table_of(row for provider in providers for row in provider.dialects)
    checked(dialects.values(), settings.dialects)
    settings.parsed_pace()
    store = open_store(settings.store, journal_cap=settings.journal_cap)
    blobs = _blob_folder(settings.store)
    shelf = Shelf(store, blobs, lambda world: world.clock.now_ms(wall_ms()))
    simulator = Simulator(
        settings=settings,
        store=store,
        blobs=blobs,
        keyring=_keyring(settings.auth),
        library=Library(store, blobs, shelf.read, _fetcher(settings), is_durable=settings.store != "memory"),
        wall_ms=wall_ms,
        dialects=dialects,
    )
    faults = _faults(simulator)
    outbox, worker = _post_office(simulator, providers, faults)
    simulator.wake_outbox = worker.wake
    faults.send_due = outbox.settle
    if settings.scenario:
        simulator.furnish = _furnisher(simulator, faults.grammar)
    return House(simulator, outbox, worker, providers, shelf, faults)


def _faults(simulator: Simulator) -> Engine:
    settings = simulator.settings
    grammar = Grammar(CATALOGUE)
    now_ms = settings.first_clock(simulator.wall_ms()).now_ms(simulator.wall_ms())
    common = [
        grammar.parse(text, f"s{position}", now_ms=now_ms)[0]
        for position, text in enumerate(settings.faults, 1)
    ]
    return Engine(simulator, grammar, Book(simulator.store, grammar, common))


def _furnisher(simulator: Simulator, grammar: Grammar) -> Callable[[World], World]:
    # scenarios are pydantic's, which a server without one need not load
    from mock_server.scenarios.checking import require_playable
    from mock_server.scenarios.library import found
    from mock_server.scenarios.play import furnisher

    settings = simulator.settings
    scenario = found(settings.scenario, grammar.registry)
    require_playable(scenario, grammar, simulator.dialects.values())
    return furnisher(scenario, settings, grammar, simulator.wall_ms)


def _post_office(
    simulator: Simulator, providers: tuple[Provider, ...], faults: Engine
) -> tuple[Outbox, Worker]:
    settings = simulator.settings
    outgoing = Outgoing(simulator, providers)
    outbox = Outbox(
        simulator.store,
        Sender(_policy(settings.callback_policy), timeout_s=settings.callback_timeout_s),
        Packer(settings.webhook_secrets),
        outgoing.render,
        simulator.wall_ms,
        outgoing.note,
        last_transition=outgoing.last_transition,
        is_signed=outgoing.is_signed,
        tamper=Mailing(simulator.store, faults.book, providers, outgoing.retell).tamper,
    )
    return outbox, Worker(outbox, simulator.store, simulator.wall_ms)


def _fetcher(settings: Settings) -> Fetch | None:
    if not settings.fetch:
        return None
    policy = _policy(settings.fetch_from)

    async def fetched(url: str, max_bytes: int) -> bytes | None:
        try:
            return await fetch(url, policy, max_bytes=max_bytes, timeout_s=settings.fetch_timeout_s)
        except (FetchRefused, FetchFailed) as fault:
            log.info("a media file was not fetched: %s", fault)
            return None

    return fetched


def _policy(text: str) -> TargetPolicy:
    try:
        return TargetPolicy(text)
    except ValueError:
        names = ", ".join(TargetPolicy)
        raise ConfigurationError(f"a policy for targets must be one of {names}, not {text!r}") from None


def _keyring(auth: str) -> Keyring:
    if auth == "any":
        return Keyring((), accepts_any=True)
    return Keyring(load_accounts(Path(auth)), accepts_any=False)


def _blob_folder(store_url: str) -> BlobFolder:
    """Files live beside the database, and in a temporary folder where nothing is to last."""
    if not store_url.startswith("sqlite:///"):
        return BlobFolder()
    return BlobFolder(Path(store_url.removeprefix("sqlite:///") + ".blobs"))
