"""One request on its way through the house, and the answer it gets."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from msgspec import Struct

from contracts.model import Operation, Violation
from mock_server.core.ids import Choices
from mock_server.core.session import Session
from mock_server.core.task import Task
from mock_server.core.wire import Script
from mock_server.core.world import World
from mock_server.flow.simulator import Simulator


class Answer(Struct, frozen=True, gc=False):
    """An HTTP answer: JSON unless ``headers`` say otherwise.

    ``script`` is what really goes over the socket where that is not just the answer; ``status`` is 0 where no answer
    was ever made.
    """

    status: int
    body: bytes
    headers: tuple[tuple[bytes, bytes], ...] = ()
    script: Script = ()

    @property
    def is_json(self) -> bool:
        """Whether the body is JSON, as that of every answer that names no type of its own."""
        return not any(name == b"content-type" for name, _ in self.headers)


RawHeaders = tuple[tuple[bytes, bytes], ...]


class Headers:
    """A request's headers, as they came in ``raw``, and by lower-case name. A value, so that requests may share it."""

    __slots__ = ("get", "raw")

    def __init__(self, raw: RawHeaders) -> None:
        self.raw = raw
        self.get: Callable[[str], str | None] = {
            name.decode("latin-1"): value.decode("latin-1") for name, value in raw
        }.get
        """The value of a header; None where it was not sent."""


@dataclass(slots=True, eq=False)
class Call:
    """A request to a provider. Filled stage by stage, in the provider's own order of checks.

    ``home`` is the tenant's world and ``number`` counts the tenant's requests from 1: neither is there before
    ``enter``. ``body`` is the parsed JSON and None before the "json" stage or where the operation takes none.
    ``task_id``, ``error`` and ``violations`` are notes for the journal.
    """

    simulator: Simulator
    method: str
    path: str
    query: Mapping[str, str]
    headers: Headers
    base_url: str
    operation: Operation | None = None
    path_parameters: Mapping[str, str] = field(default_factory=dict)
    raw: bytes = b""
    body: object = None
    home: World = field(init=False)
    choices: Choices = field(init=False)
    now_ms: int = field(init=False)
    number: int = field(init=False)
    task_id: str | None = None
    error: str | None = None
    violations: tuple[Violation, ...] = ()
    is_magic: bool = False
    """The body has the mark of a magic value somewhere."""
    hides_body: bool = False
    """The bodies carry passwords or tokens and stay out of the journal."""
    token_now_s: float = 0.0
    """The moment by which the times of its token were judged; 0 where it came with none."""
    faults: tuple[str, ...] = ()
    """Ids of the faults that fired, for the journal."""
    on_session: Callable[[Session], Session] | None = None
    """Changes a session that is about to be stored."""
    on_accept: Callable[[Task], Task] | None = None
    """Changes a task that is about to be stored."""
    on_end: Callable[[Task, Task], Task] | None = None
    """From a task and what ending it by hand makes of it to what is stored."""
    looks_from_ms: int | None = None
    """The moment to show tasks from, where that is not the present."""

    def enter(self, world: World, number: int) -> None:
        """Become the tenant's request with this number, at the present moment of its world."""
        self.home = world
        self.choices = world.choices
        self.now_ms = self.simulator.now_ms(world)
        self.number = number

    @property
    def shown_ms(self) -> int:
        """The moment from which tasks are shown."""
        return self.now_ms if self.looks_from_ms is None else self.looks_from_ms

    @property
    def tenant(self) -> str:
        return self.home.tenant

    def dialect(self, name: str) -> str:
        """The value of a dialect switch for this tenant."""
        return self.simulator.dialect(self.home, name)

    def fresh_uuid(self, kind: str) -> str:
        """A UUID that belongs to this request."""
        return self.choices.uuid(kind, self.number)
