"""An outbox over a memory store, a wall that moves only when told, receivers that answer by script."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

import pytest

from mock_server.callbacks.outbox import MAX_EVENTS, Outbox
from mock_server.callbacks.packing import Packer
from mock_server.callbacks.sender import Outcome
from mock_server.core.clock import MANUAL_EPOCH_MS, Clock, ClockMode, rate_of
from mock_server.core.delivery import Attempt, Delivery
from mock_server.core.parcel import Held, Mail, Parcel
from mock_server.core.plan import Plan, Stage, Step
from mock_server.core.task import Task, TaskKind
from mock_server.core.world import World
from mock_server.stores.memory import MemoryStore

T0 = MANUAL_EPOCH_MS
SECRET = "whsec_dGVzdHNlY3JldHRlc3RzZWNyZXR0ZXN0c2VjcmV0MTI="
OK = Outcome(200, None)
FAILED = Outcome(500, "answered 500")


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@dataclass(frozen=True, slots=True)
class Sent:
    """One call of the sender; ``clock_ms`` is what the tenant's clock showed meanwhile, from T0 on."""

    url: str
    parcel: Parcel
    clock_ms: int

    @property
    def delivery_id(self) -> str:
        return self.parcel.id

    @property
    def body(self) -> bytes:
        return self.parcel.body

    @property
    def timestamp_s(self) -> int:
        return self.parcel.timestamp_s


@dataclass
class Office:
    """``answers`` gives each URL its outcomes in turn, the last one for ever; a URL without any gets 200."""

    answers: dict[str, list[Outcome]] = field(default_factory=dict)
    max_events: int = MAX_EVENTS
    wall_ms: int = 0
    sent: list[Sent] = field(default_factory=list)
    notes: list[tuple[Delivery, Attempt, Parcel | None]] = field(default_factory=list)
    faults: list[tuple[str, ...]] = field(default_factory=list)
    """What each note was told of faults."""
    gone: set[str] = field(default_factory=set)
    transitions: list[int] = field(default_factory=list)
    unsigned: set[str] = field(default_factory=set)
    during_send: Callable[[str], Awaitable[None]] | None = None
    tamper: Callable[[Delivery, Parcel, int], Mail | Held] | None = None
    """What faults make of an attempt at a moment, from T0 on."""

    def __post_init__(self) -> None:
        self.store = MemoryStore(journal_cap=10)
        self.restart()

    def restart(self) -> None:
        """A new outbox over what the store remembers."""
        self.outbox = Outbox(
            self.store,
            self,
            Packer([SECRET]),
            self._render,
            lambda: self.wall_ms,
            self._note,
            last_transition=self._last_transition,
            tamper=self._tamper,
            is_signed=lambda delivery: delivery.provider not in self.unsigned,
            max_events=self.max_events,
        )

    async def send(self, url: str, parcel: Parcel) -> Outcome:
        tenant = parcel.id.partition("/")[0]
        self.sent.append(Sent(url, parcel, self.now_ms(tenant)))
        if self.during_send is not None:
            await self.during_send(tenant)
        outcomes = self.answers.get(url, [OK])
        return outcomes.pop(0) if len(outcomes) > 1 else outcomes[0]

    def _render(self, delivery: Delivery) -> bytes | None:
        return None if delivery.task_id in self.gone else delivery.stage.encode()

    def _note(
        self, delivery: Delivery, attempt: Attempt, parcel: Parcel | None, faults: tuple[str, ...]
    ) -> None:
        self.notes.append((delivery, attempt, parcel))
        self.faults.append(faults)

    def _tamper(self, world: World, delivery: Delivery, parcel: Parcel, at_ms: int) -> Mail | Held:
        assert world == self.store.world(delivery.tenant)
        return self.tamper(delivery, parcel, at_ms - T0) if self.tamper else Mail((parcel,))

    def _last_transition(self, _tenant: str, now_ms: int) -> int | None:
        return max((T0 + at_ms for at_ms in self.transitions if T0 + at_ms > now_ms), default=None)

    def open_world(self, tenant: str = "t", mode: ClockMode = ClockMode.MANUAL, rate: float = 0) -> World:
        world = World(tenant, 1, Clock(mode, T0, self.wall_ms, rate_of(mode, rate)))
        self.store.save_world(world)
        return world

    def add(
        self, due_ms: Sequence[int | None], *, tenant: str = "t", task: str = "a", url: str = "http://r.test/"
    ) -> None:
        """A task with deliveries due at these moments, from T0 on; their ids are tenant/task.position."""
        deliveries = [
            Delivery(
                f"{tenant}/{task}.{position}",
                tenant,
                "kling",
                task,
                position,
                Stage.PROCESSING,
                url,
                None if at_ms is None else T0 + at_ms,
            )
            for position, at_ms in enumerate(due_ms)
        ]
        plan = Plan((Step(Stage.SUBMITTED, T0),))
        stored = Task(task, tenant, "kling", TaskKind.LIP_SYNC, 1, plan, "http://here.test", callback_url=url)
        self.store.add_task(stored, deliveries, slots=None, now_ms=T0)

    def delivery(self, delivery_id: str) -> Delivery:
        found = self.store.delivery(delivery_id.partition("/")[0], delivery_id)
        assert found is not None
        return found

    def now_ms(self, tenant: str = "t") -> int:
        """The tenant's present, from T0 on."""
        world = self.store.world(tenant)
        assert world is not None
        return world.clock.now_ms(self.wall_ms) - T0

    def story(self) -> list[tuple[str, int]]:
        """Which delivery was tried at which moment, from T0 on."""
        return [(delivery.id, attempt.at_ms - T0) for delivery, attempt, _ in self.notes]


@pytest.fixture
def office() -> Office:
    return Office()


@pytest.fixture(scope="session")
def office_factory() -> type[Office]:
    """For properties, which need a fresh one for each example."""
    return Office
