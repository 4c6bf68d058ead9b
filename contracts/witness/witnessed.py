"""What a server has witnessed of a client, read from its admin answers: the judge's own view of a journal."""

from __future__ import annotations

import builtins
from base64 import b64decode
from collections.abc import Mapping
from enum import StrEnum

from msgspec import UNSET, Raw, Struct, UnsetType, field

from contracts.model import Violation


class LineKind(StrEnum):
    """A request of the client, or a callback that the server sent it."""

    EXCHANGE = "exchange"
    DELIVERY = "delivery"


class Body(Struct, frozen=True):
    """A body as the journal keeps it: ``bytes`` is the true size, ``is_cut`` says that less was kept.

    One of the others holds what was kept, if anything was; ``json`` is as it was written.
    """

    bytes: int = 0
    is_cut: bool = False
    json: Raw | UnsetType = UNSET
    text: str | None = None
    base64: str | None = None

    @property
    def data(self) -> builtins.bytes:
        """What was kept."""
        if self.json is not UNSET:
            return builtins.bytes(self.json)
        return b64decode(self.base64) if self.base64 is not None else (self.text or "").encode()


class Line(Struct, frozen=True):
    """One line of the journal. Times are Unix ms on the tenant's clock; ``status`` is 0 where no answer came.

    ``operation`` is the contract's operation id, ``download`` for a result's file, or ``callback.<stage>``.
    """

    number: int
    at_ms: int
    kind: LineKind
    provider: str
    operation: str
    method: str
    target: str
    status: int
    error: str | None = None
    task_id: str | None = None
    headers: tuple[tuple[str, str], ...] = ()
    request: Body = Body()
    response: Body = Body()
    violations: tuple[Violation, ...] = ()
    faults: tuple[str, ...] = ()
    response_digest: str = ""
    response_headers: tuple[tuple[str, str], ...] = ()

    def header(self, name: str) -> str | None:
        """The request's header, secrets redacted."""
        return next((value for key, value in self.headers if key.lower() == name), None)

    def quote(self) -> str:
        """The line as evidence is quoted."""
        faults = f" [{', '.join(self.faults)}]" if self.faults else ""
        status = self.status or "no answer"
        return f"#{self.number} {self.method} {self.target} -> {status}{faults}"


class StepSeen(Struct, frozen=True):
    """A stage of a task, and when it is reached: a moment that may lie ahead, or None where it waits for a poll."""

    stage: str
    at_ms: int | None


class TaskSeen(Struct, frozen=True):
    """A task as the server knows it at the end. ``ended_ms`` is None while it has not ended."""

    id: str
    provider: str
    kind: str
    stage: str
    created_ms: int
    ended_ms: int | None = None
    external_id: str | None = None
    failure: str | None = None
    failure_message: str | None = None
    result_url: str | None = None
    result_digest: str = ""
    steps: tuple[StepSeen, ...] = ()
    """Its stages in their order, for pictures."""


class Outcome(Struct, frozen=True):
    """What became of the client: for a callable, ``exit_code`` is 0 or 1 and ``stderr`` what it raised.

    ``output_digest`` is that of the file it left (empty: no file). ``effects`` is what a test says that its callback
    receiver did, by task id; in the client of a command nobody can count it. ``took_ms`` is on the tenant's clock,
    ``wall_ms`` on the machine's.
    """

    exit_code: int | None
    stdout: str = ""
    stderr: str = ""
    output_bytes: int | None = None
    output_digest: str = ""
    is_killed: bool = False
    took_ms: int = 0
    wall_ms: int = 0
    peak_rss_bytes: int | None = None
    open_files: int | None = None
    effects: Mapping[str, int] = field(default_factory=dict)
    strays: tuple[str, ...] = ()
    """Files beside the output that look like left-overs of a download."""
    reached: tuple[str, ...] = ()
    """Other hosts that it turned to, as ``address:port``, where that could be seen."""

    @property
    def believes_success(self) -> bool:
        return self.exit_code == 0


class Event(Struct, frozen=True):
    """One event of a task's story, as the server tells it, for pictures and words."""

    at_ms: int | None
    kind: str
    text: str
    gap_ms: int | None = None
    faults: tuple[str, ...] = ()
    advice: str | None = None
