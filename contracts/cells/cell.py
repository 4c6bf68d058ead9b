"""One cell: a client in one scenario at one provider with one seed, from what was seen of it to the verdicts."""

from __future__ import annotations

import math
import shlex
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from contracts.cells.coverage import coverage_of
from contracts.cells.place import Callbacks
from contracts.cells.result import Cell, Coverage
from contracts.cells.timing import Timing
from contracts.checks import CHECKS
from contracts.checks.model import Case, Check, Finding, Judgement, Verdict
from contracts.contract import load_contract
from contracts.witness.observer import Observation
from contracts.witness.savings import Spending
from contracts.witness.scenario import Scenario
from contracts.witness.witnessed import Line, LineKind, Outcome

RUNNER = "lipflap"
"""Under this name stands what kept a cell from being played: it is no check of the client."""
DEFAULT_TIMEOUT_S = 600.0
DEFAULT_REAL_TIMEOUT_S = 60.0
"""Where nothing makes time faster, patience costs real seconds: a job that cannot end well gets no more than this."""
POLL_FLOOR_MS, POLL_CEILING_MS = 900, 60_000
_GRACE, _GRACE_S, _START_S = 1.1, 20.0, 3.0

Environment = Callable[[str, str, str], Mapping[str, str]]
"""The variables that point a client at a server, by provider, URL and key: those of ``lipflap env``."""


class Rules(Struct, frozen=True):
    """How every cell of a run is played.

    ``timeout_s`` is the client's budget for a job, in its own time; ``vain_s`` that for a job which cannot end well,
    where it is less. ``listens`` says that the client receives callbacks itself. ``flags`` are those of the command
    that a replay needs.
    """

    seed: int
    timeout_s: float
    timing: Timing
    folder: Path
    environment: Environment
    listens: bool = False
    flags: tuple[str, ...] = ()
    vain_s: float = math.inf

    def of(self, scenario: Scenario) -> Rules:
        """Those for one scenario, with the budget there."""
        is_vain = scenario.expected != "success"
        return replace(self, timeout_s=min(self.timeout_s, self.vain_s)) if is_vain else self

    @property
    def deadline_ms(self) -> int:
        """What is too late: the budget, and a little for the exchange that was on its way."""
        return round((self.timeout_s * _GRACE + _GRACE_S) * 1000)

    @property
    def deadline_s(self) -> float:
        """When a client is killed, on the wall; it may take a moment to begin."""
        return self.timing.wall_s(self.deadline_ms / 1000) + _START_S

    def variables(self, provider: str, url: str, key: str) -> dict[str, str]:
        """What a client is told of a server, and how long it may take."""
        return {**self.environment(provider, url, key), "LIPFLAP_DEADLINE_S": f"{self.timeout_s:g}"}


class Entrant(Struct, frozen=True):
    """One cell to come."""

    scenario: Scenario
    provider: str


class Played(Struct, frozen=True):
    """A cell, and what the client has met there."""

    cell: Cell
    coverage: Coverage
    ledger: tuple[Spending, ...] = ()


class Part(Struct, frozen=True):
    """A client's part in one cell, whatever kind of client it is. ``words`` name it at the end of a command."""

    entrant: Entrant
    rules: Rules
    folder: Path
    words: tuple[str, ...]

    def case(self, key: str, seen: Observation, outcome: Outcome, callbacks: Callbacks | None) -> Case:
        """What the checks look at."""
        scenario, provider, rules = self.entrant.scenario, self.entrant.provider, self.rules
        return Case(
            provider=provider,
            contract=load_contract(provider),
            scenario=scenario.body,
            expected=scenario.expected,
            lines=seen.lines,
            tasks=seen.tasks,
            outcome=outcome,
            key=key,
            now_ms=seen.now_ms,
            deadline_ms=rules.deadline_ms,
            faults=scenario.faults,
            poll_floor_ms=rules.timing.floor_ms(POLL_FLOOR_MS),
            poll_ceiling_ms=rules.timing.ceiling_ms(POLL_CEILING_MS),
            noise_ms=rules.timing.noise_ms,
            callback_url=callbacks.url if callbacks else None,
            is_resumed=scenario.crash is not None,
        )

    def played(
        self,
        case: Case,
        seen: Observation,
        spent: tuple[Spending, ...] = (),
        checks: Sequence[Check] = CHECKS,
    ) -> Played:
        """The cell, judged."""
        judgements = tuple(_judgement(check, case) for check in checks)
        coverage = coverage_of(case.contract, seen.lines, seen.tasks)
        return Played(self._cell(judgements, case.outcome, seen), coverage, spent)

    def unplayed(self, why: str, wall_ms: int = 0) -> Played:
        """The cell where it could not be played."""
        outcome = Outcome(None, stderr=why, wall_ms=wall_ms)
        nothing = Observation((), (), (), 0)
        return Played(self._cell((_of_runner(why),), outcome, nothing), Coverage((), ()))

    def _cell(self, judgements: tuple[Judgement, ...], outcome: Outcome, seen: Observation) -> Cell:
        scenario = self.entrant.scenario
        return Cell(
            scenario=scenario.name,
            provider=self.entrant.provider,
            seed=self.rules.seed,
            title=scenario.title,
            says=scenario.says,
            expected=scenario.expected,
            judgements=judgements,
            outcome=outcome,
            lines=seen.lines,
            story=seen.story,
            replay=self._replay(),
            motive=scenario.motive,
            link=scenario.link,
            folder=str(self.folder),
            tasks=seen.tasks,
        )

    def _replay(self) -> str:
        scenario, rules = self.entrant.scenario, self.rules
        named = f"{scenario.source or scenario.name}@{rules.seed}"
        flags = ("--provider", self.entrant.provider, *rules.flags)
        return shlex.join(["lipflap", "replay", named, *flags, *self.words])


def of_client(seen: Observation, callbacks: Callbacks | None) -> Observation:
    """Without the callbacks that our own receiver took, and the copies that nobody took: they say nothing of it."""
    if callbacks is None:
        return seen
    is_own = bool(callbacks.listen)
    known: set[object] = set()
    lines = tuple(
        line
        for line in seen.lines
        if line.kind is not LineKind.DELIVERY or (is_own and (line.status or _is_first(line, known)))
    )
    return Observation(lines, seen.tasks, seen.story, seen.now_ms)


def _is_first(line: Line, known: set[object]) -> bool:
    """Whether no such callback is among ``known``, and from now on it is."""
    mark = (line.task_id, line.operation, line.faults)
    is_new = mark not in known
    known.add(mark)
    return is_new


def _of_runner(says: str) -> Judgement:
    return Judgement(RUNNER, Verdict.FAIL, (Finding(says, ""),))


def _judgement(check: Check, case: Case) -> Judgement:
    try:
        return check.judge(case)
    except Exception as fault:  # noqa: BLE001 - a bug of the judge's own must not be told as the client's
        return _of_runner(f"the check {check.id} broke: {type(fault).__name__}: {fault}")
