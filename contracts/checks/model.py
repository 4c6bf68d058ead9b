"""What a check is: a pure function from one case to a verdict with its evidence."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum

from msgspec import Struct, field

from contracts.contract import Contract
from contracts.witness.witnessed import Line, LineKind, Outcome, TaskSeen


class Verdict(StrEnum):
    """What one check says of one case."""

    PASS = "pass"  # noqa: S105 - a verdict
    FAIL = "fail"
    NOT_APPLICABLE = "not-applicable"
    """The scenario cannot show it."""
    NOT_EXERCISED = "not-exercised"
    """It could, but the client never came so far."""


class Finding(Struct, frozen=True):
    """One thing that a client did wrong. ``quotes`` are the journal's lines it rests on."""

    says: str
    good_client: str
    quotes: tuple[str, ...] = ()
    lines: tuple[int, ...] = ()


class Judgement(Struct, frozen=True):
    """A check's verdict on a case."""

    check: str
    verdict: Verdict
    findings: tuple[Finding, ...] = ()


class Case(Struct, frozen=True):
    """One run of a client through one scenario, and everything the server saw of it.

    ``scenario`` is the server's own JSON of it, ``expected`` its outcome for a good client: success, failure or
    either. ``faults`` are the rows of the faults that are part of it, by id. ``deadline_ms`` is how long the client
    may take on the tenant's clock. ``noise_ms`` is by how much the machine may have moved a request on that clock.
    """

    provider: str
    contract: Contract
    scenario: Mapping[str, object]
    expected: str
    lines: tuple[Line, ...]
    tasks: tuple[TaskSeen, ...]
    outcome: Outcome
    key: str
    now_ms: int
    deadline_ms: int
    faults: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    poll_floor_ms: int = 900
    poll_ceiling_ms: int = 60_000
    noise_ms: int = 0
    callback_url: str | None = None
    is_resumed: bool = False
    """The client was killed amid its work and started again: what it had heard but not written down is forgotten."""

    @property
    def requests(self) -> tuple[Line, ...]:
        return tuple(line for line in self.lines if line.kind is LineKind.EXCHANGE)

    @property
    def callbacks(self) -> tuple[Line, ...]:
        return tuple(line for line in self.lines if line.kind is LineKind.DELIVERY)

    @property
    def renders(self) -> tuple[TaskSeen, ...]:
        """The lip-sync tasks: what costs money."""
        return tuple(task for task in self.tasks if "lip" in task.kind)


class Check(Struct, frozen=True):
    """One rule for clients. ``oracle`` is its number in the list of oracles (O1 to O14), or empty."""

    id: str
    oracle: str
    title: str
    good_client: str
    """One sentence: what a correct client does."""
    judge: Callable[[Case], Judgement]


def passed(check: str) -> Judgement:
    return Judgement(check, Verdict.PASS)


def skipped(check: str, verdict: Verdict) -> Judgement:
    return Judgement(check, verdict)


def judged(check: str, findings: Sequence[Finding]) -> Judgement:
    """FAIL with findings, PASS without any."""
    return Judgement(check, Verdict.FAIL if findings else Verdict.PASS, tuple(findings))
