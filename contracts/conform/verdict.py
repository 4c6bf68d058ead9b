"""What a check says of a server, and everything that a run has found."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING

from msgspec import Struct, field

from contracts.conform.exchange import Delivered, Exchange
from contracts.contract import Contract

if TYPE_CHECKING:
    from contracts.conform.approach import Nature
    from contracts.conform.lab import Lab
    from contracts.conform.surfaces.surface import Surface
    from contracts.conform.target import Target


class Verdict(StrEnum):
    """What became of a check."""

    PASS = "pass"  # noqa: S105 - a verdict
    FAIL = "fail"
    SKIPPED = "skipped"
    """It could not be made; the reason stands beside it."""


class Finding(Struct, frozen=True):
    """One way in which the server does not keep the contract. ``quotes`` are the exchanges it rests on."""

    says: str
    quotes: tuple[str, ...] = ()


class Evidence(Struct, frozen=True):
    """Everything that was witnessed so far, for a pure judge."""

    contract: Contract
    surface: Surface
    exchanges: tuple[Exchange, ...]
    callbacks: tuple[Delivered, ...] = ()
    expects_callback: bool = False
    """A callback was asked for and can reach us."""

    def of(self, check: str) -> tuple[Exchange, ...]:
        """What the check ``check`` has asked."""
        return tuple(exchange for exchange in self.exchanges if exchange.check == check)


class Check(Struct, frozen=True):
    """One rule for servers: ``drive`` makes the exchanges, ``judge`` reads them and nothing else.

    ``drive`` may raise Skip. ``title`` completes the sentence "the server ...".
    """

    id: str
    title: str
    drive: Callable[[Lab], None]
    judge: Callable[[Evidence], Sequence[Finding]]


class Trial(Struct, frozen=True):
    """A rule that another tool tries, at benches of its own: ``run`` gives what it has found, and may raise Skip."""

    id: str
    title: str
    run: Callable[[Target, Nature], Sequence[Finding]]


class Result(Struct, frozen=True):
    """A check's verdict. ``note`` says why it was skipped, or what it came to."""

    check: str
    title: str
    verdict: Verdict
    note: str = ""
    findings: tuple[Finding, ...] = ()


class Moved(Struct, frozen=True):
    """One documented message: what contract, recording and answer say of each other.

    ``who`` is ``nobody``, ``server``, ``contract``, ``both``, or ``unknown`` where there is no answer to compare.
    """

    example: str
    operation: str
    status: int
    who: str
    says: str
    page: str = ""


class Report(Struct, frozen=True):
    """What one run against one provider's contract has found."""

    provider: str
    url: str
    is_simulator: bool
    results: tuple[Result, ...]
    drift: tuple[Moved, ...] = ()
    requests: int = 0
    spent: int = 0
    allowed: int | None = None
    """How many submits were allowed; None where they cost nothing."""
    notes: tuple[str, ...] = field(default_factory=tuple)

    @property
    def failed(self) -> tuple[Result, ...]:
        return tuple(result for result in self.results if result.verdict is Verdict.FAIL)


class Skip(Exception):
    """A check cannot be made; the text says why, for a person."""
