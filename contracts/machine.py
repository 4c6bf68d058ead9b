"""A state machine to inherit from: it drives a client object step by step, against a server that misbehaves on request.

```python
class MyMachine(ClientMachine):
    provider = "kling"

    def make_client(self, url, key):
        return MyClient(url, key)

TestMine = MyMachine.TestCase
```
"""

from __future__ import annotations

import atexit
from contextlib import ExitStack
from itertools import count
from typing import ClassVar, Protocol

from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    multiple,
    precondition,
    rule,
)
from msgspec import Struct

from contracts.cells.place import ELSEWHERE_AUDIO, ELSEWHERE_VIDEO
from contracts.stories.event import Event, Kind, Row, rows_for
from contracts.strategies.stories import events_of
from contracts.witness.admin import Admin
from contracts.witness.server import ServerAddress, started

ENDS = frozenset({"succeeded", "failed", "cancelled"})
RUNNING = "running"
_numbers = count(1)
UNFIT = frozenset(
    {
        *("stall-headers", "stall-body", "gateway-504-html", "slow-lognormal"),
        *("server-restart", "deploy-drain", "keepalive-race-close"),
        *("poll-404-lag", "terminal-regress", "poll-replica-flap", "completed-output-late", "unknown-status"),
    }
)
"""Faults that cost real seconds, that other tenants feel, or that show a task otherwise than it is."""


class Driven(Protocol):
    """What a client must be able to do, each call blocking. An async one goes into ``contracts.blocking.Blocking``."""

    def identify(self, video_url: str) -> object:
        """Find the faces; what is returned is handed to ``submit``."""

    def submit(self, session: object, audio_url: str) -> str:
        """Start a lip-sync; the task's id."""

    def poll(self, task_id: str) -> str:
        """``running``, ``succeeded`` or ``failed``."""


class _Task(Struct):
    id: str
    kind: str
    stage: str


class _Delivery(Struct):
    id: str


class _Servers:
    """One server for all machines of a process, until it ends."""

    def __init__(self) -> None:
        self._stack = ExitStack()
        self._address: ServerAddress | None = None

    def address(self) -> ServerAddress:
        if self._address is None:
            self._address = self._stack.enter_context(started(("--clock", "manual", "--pace", "quick")))
            atexit.register(self._stack.close)
        return self._address


_SERVERS = _Servers()


def mild_rows(provider: str) -> tuple[Row, ...]:
    """What may happen to a poll without any change to what is true."""
    return tuple(
        row
        for row in rows_for(provider, with_callbacks=False)
        if row.kind in {Kind.FAULT, Kind.ANSWER}
        and row.outcome == "success"
        and row.places[0] == "poll"
        and row.fault not in UNFIT
    )


class ClientMachine(RuleBasedStateMachine):
    """Give ``make_client``. ``errors`` are what the client may raise when a request goes wrong.

    The laws: one call to submit makes one task at most; what the client tells of a task is what the server knows; an
    end that was told stays; and once all faults are off, every poll gets its answer. A client that takes callbacks may
    have ``effects(task_id)``, which counts what it has done for a task before it answered; that is once at most.
    """

    provider: ClassVar[str] = "kling"
    errors: ClassVar[tuple[type[Exception], ...]] = (Exception,)
    sessions = Bundle("sessions")
    tasks = Bundle("tasks")

    def make_client(self, url: str, key: str) -> Driven:
        """The client under test, pointed at the server. It is closed at the end if it has ``close``."""
        raise NotImplementedError

    def server(self) -> ServerAddress:
        """Where it is driven: a server of our own, with a clock that stands. Override it to use another."""
        return _SERVERS.address()

    def faults(self) -> st.SearchStrategy[Event]:
        """What may go wrong: the faults that a client survives by asking again."""
        return events_of(mild_rows(self.provider))

    @initialize(target=sessions, data=st.data())
    def begin(self, data: st.DataObject) -> object:
        """A server without a task, and the faces of one video."""
        self.data = data
        address = self.server()
        self.key = f"lipflap-sk-machine-{next(_numbers)}"
        self.admin = Admin(address, self.key)
        self.admin.send("POST", "reset", {"what": ["all"]})
        self.client = self.make_client(address.url, self.key)
        self.submits = 0
        self.told: dict[str, str] = {}
        self.has_faults = False
        return self._identified()

    @rule(target=sessions)
    def identify(self) -> object:
        """Find the faces of a video."""
        return self._identified()

    def _identified(self) -> object:
        try:
            return self.client.identify(ELSEWHERE_VIDEO)
        except self.errors:
            assert self.has_faults, "a video without a fault is identified"
            return multiple()

    @rule(target=tasks, session=sessions)
    def submit(self, session: object) -> object:
        """Start a lip-sync."""
        self.submits += 1
        try:
            task_id = self.client.submit(session, ELSEWHERE_AUDIO)
        except self.errors:
            return multiple()
        assert task_id in {task.id for task in self.renders()}, f"the server knows no task {task_id}"
        return task_id

    @rule(task_id=tasks)
    def poll(self, task_id: str) -> None:
        """Ask how a task is."""
        try:
            told = self.client.poll(task_id)
        except self.errors:
            assert self.has_faults, "a poll without a fault gets its answer"
            return
        known = next(task.stage for task in self.renders() if task.id == task_id)
        if not self.has_faults:
            assert told == (known if known in ENDS else RUNNING), (
                f"the task is {known}, and the client says {told}"
            )
        before = self.told.get(task_id, RUNNING)
        assert before not in ENDS or told == before, f"the client said {before}, and now {told}"
        self.told[task_id] = told

    @rule(task_id=tasks)
    def fail(self, task_id: str) -> None:
        """The task ends in a failure, whatever its plan was; it may have ended before."""
        stage = next(task.stage for task in self.renders() if task.id == task_id)
        if stage not in ENDS:
            self.admin.send("POST", f"tasks/{task_id}/finish", {"status": "failed"})

    @precondition(lambda self: not self.has_faults)
    @rule()
    def switch_a_fault_on(self) -> None:
        """From now on something goes wrong."""
        event = self.data.draw(self.faults(), label="fault")
        self.admin.send("POST", "faults", {"fault": event.fault, "on": event.on or event.row.places[0]})
        self.has_faults = True

    @precondition(lambda self: self.has_faults)
    @rule()
    def switch_all_faults_off(self) -> None:
        """All is well again."""
        self.admin.send("DELETE", "faults")
        self.has_faults = False

    @rule(seconds=st.sampled_from((1, 4, 60, 3_600)))
    def let_time_pass(self, seconds: int) -> None:
        """The server's clock goes on, and what falls due is delivered."""
        self.admin.send("POST", "clock/advance", {"seconds": seconds})

    @rule(turn=st.integers(0, 5))
    def deliver_again(self, turn: int) -> None:
        """A callback that was sent, or is to be, is sent once more: for clients that have given an address for them."""
        known = list(self.admin.pages("deliveries", "deliveries", _Delivery))
        if known:
            chosen = known[turn % len(known)].id
            self.admin.send("POST", f"deliveries/{chosen}/redeliver")

    @invariant()
    def one_effect_for_each_task(self) -> None:
        effects = getattr(getattr(self, "client", None), "effects", None)
        if effects is None:
            return
        # what is due is sent by itself, sooner or later: what a step has led to must not be seen in the next
        self.admin.send("POST", "clock/advance", {"seconds": 0})
        for task in self.renders():
            assert effects(task.id) <= 1, f"task {task.id} had {effects(task.id)} effects"

    @invariant()
    def never_more_tasks_than_submits(self) -> None:
        if hasattr(self, "admin"):
            renders = len(self.renders())
            assert renders <= self.submits, (
                f"{self.submits} submits were asked for, and {renders} tasks are paid for"
            )

    def renders(self) -> list[_Task]:
        """The lip-sync tasks as the server knows them."""
        found = self.admin.pages("tasks", "tasks", _Task, provider=self.provider)
        return [task for task in found if "lip" in task.kind]

    def teardown(self) -> None:
        close = getattr(getattr(self, "client", None), "close", None)
        if close is not None:
            close()
        if hasattr(self, "admin"):
            self.admin.close()
