"""One server's parts without its wire, and requests to them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

import pytest
from msgspec.structs import replace

from contracts.contract import Contract, load_contract
from mock_server.app import build_house
from mock_server.core.clock import MANUAL_EPOCH_MS
from mock_server.core.media import MediaFacts, MediaFormat
from mock_server.core.task import Task, TaskKind
from mock_server.flow.call import Call, Headers
from mock_server.flow.library import Library
from mock_server.flow.simulator import Simulator
from mock_server.flow.tasks import plan_of
from mock_server.providers.kling.stages import STAGES
from mock_server.settings import Settings

T = TypeVar("T")
TENANT = "tenant"
VIDEO = MediaFacts(MediaFormat.MP4, 10_000, 1_000_000, "video", 1280, 720)


class Run(Protocol):
    def __call__(self, coro: Coroutine[Any, Any, T], /) -> T: ...


MakeSimulator = Callable[..., Simulator]
MakeCall = Callable[..., Call]
MakeTask = Callable[..., Task]


@pytest.fixture
def run() -> Iterator[Run]:
    """One event loop for the whole test."""
    with asyncio.Runner() as runner:
        yield runner.run


@pytest.fixture
def make_simulator() -> Iterator[MakeSimulator]:
    """Makes the parts of servers, with a manual clock and pace "instant" unless told otherwise."""
    made: list[Simulator] = []

    def make(**settings: object) -> Simulator:
        chosen = Settings(**{"clock": "manual", "pace": "instant", **settings})  # type: ignore[arg-type]
        simulator = build_house(chosen, lambda: 1_000).simulator
        simulator.wake_outbox = lambda _: None
        simulator.store.open()
        made.append(simulator)
        return simulator

    yield make
    for simulator in made:
        simulator.store.close()
        simulator.blobs.close()


@pytest.fixture
def simulator(make_simulator: MakeSimulator) -> Simulator:
    return make_simulator()


@pytest.fixture
def make_call(simulator: Simulator) -> MakeCall:
    """``make_call()``: a request of the one tenant at the moment when manual clocks start, known and parsed."""

    def make(tenant: str = TENANT, *, of: Simulator = simulator, later_ms: int = 0, number: int = 1) -> Call:
        call = Call(of, "POST", "/", {}, Headers(()), "http://host")
        call.enter(of.world(tenant), number)
        call.now_ms = MANUAL_EPOCH_MS + later_ms
        return call

    return make


@pytest.fixture
def call(make_call: MakeCall) -> Call:
    return make_call()


@pytest.fixture(scope="session")
def kling() -> Contract:
    return load_contract("kling")


@pytest.fixture
def make_task() -> MakeTask:
    """``make_task(call, 1, callback_url=...)``: a Kling task that was asked for by ``call``, not stored."""

    def make(call: Call, number: int, **changes: object) -> Task:
        plan = plan_of(call, STAGES, f"task-{number}", None)
        task = Task(
            f"task-{number}",
            call.tenant,
            "kling",
            TaskKind.LIP_SYNC,
            number,
            plan,
            "http://host",
            result_id=f"result-{number}",
            video=VIDEO,
        )
        return replace(task, **changes)  # type: ignore[arg-type]

    return make


@dataclass
class Download:
    """Stands in for the network: what is asked of it, and the answer."""

    data: bytes | None
    asked: list[tuple[str, int]] = field(default_factory=list)

    async def __call__(self, url: str, max_bytes: int) -> bytes | None:
        self.asked.append((url, max_bytes))
        return self.data


@pytest.fixture
def library_that_fetches(simulator: Simulator) -> Callable[[bytes | None], tuple[Library, Download]]:
    """A library of the simulator's that downloads these bytes, and the record of what it asked for."""

    def make(data: bytes | None) -> tuple[Library, Download]:
        download = Download(data)

        async def nothing(_: str) -> bytes | None:
            return None

        return Library(simulator.store, simulator.blobs, nothing, download), download

    return make
