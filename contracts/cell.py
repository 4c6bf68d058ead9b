"""One cell: a client in one scenario at one provider with one seed, from a fresh tenant to the verdicts."""

from __future__ import annotations

import shlex
import threading
from collections.abc import Callable, Mapping
from pathlib import Path

from msgspec import Struct

from contracts.admin import Admin, AdminError
from contracts.checks import CHECKS
from contracts.checks.model import Case, Finding, Judgement, Verdict
from contracts.client.model import Client, ClientError, Ending, Job, Running
from contracts.client.outcome import keep_words, outcome_of
from contracts.contract import load_contract
from contracts.coverage import coverage_of
from contracts.observer import Observation, now_ms, observe
from contracts.place import Callbacks, fresh_folder, job_at, own_receiver
from contracts.receiver import Receiver
from contracts.result import Cell, Coverage
from contracts.resume import killed_and_resumed
from contracts.savings import Spending
from contracts.scenario import Scenario
from contracts.server import ServerAddress
from contracts.tenant import key_of, prepare
from contracts.timing import Timing
from contracts.wall import steady_s
from contracts.witnessed import LineKind, Outcome

RUNNER = "lipflap"
"""Under this name stands what kept a cell from being played: it is no check of the client."""
LOOK_EVERY_S = 0.2
POLL_FLOOR_MS, POLL_CEILING_MS = 900, 60_000
_GRACE, _GRACE_S, _START_S = 1.1, 20.0, 3.0


class Rules(Struct, frozen=True):
    """How every cell of a run is played.

    ``timeout_s`` is the client's budget for a job, in its own time. ``environment`` gives a client's variables for
    provider, URL and key. ``listens`` says that the client receives callbacks itself. ``flags`` are those of the
    command that a replay needs.
    """

    seed: int
    timeout_s: float
    timing: Timing
    folder: Path
    environment: Callable[[str, str, str], Mapping[str, str]]
    listens: bool = False
    flags: tuple[str, ...] = ()

    @property
    def deadline_ms(self) -> int:
        """What is too late: the budget, and a little for the exchange that was on its way."""
        return round((self.timeout_s * _GRACE + _GRACE_S) * 1000)

    @property
    def deadline_s(self) -> float:
        """When a client is killed, on the wall; it may take a moment to begin."""
        return self.timing.wall_s(self.deadline_ms / 1000) + _START_S


class Played(Struct, frozen=True):
    """A cell, and what the client has met there."""

    cell: Cell
    coverage: Coverage
    ledger: tuple[Spending, ...] = ()


class Stage:
    """Plays cells on one server. ``stop`` ends what runs; cells may be played in several threads at once."""

    def __init__(
        self, server: ServerAddress, client: Client, rules: Rules, receiver: Receiver, stop: threading.Event
    ) -> None:
        self._server, self._client, self._rules = server, client, rules
        self._receiver, self._stop = receiver, stop

    def play(self, scenario: Scenario, provider: str) -> Played:
        """The cell, whatever happens: what kept it from being played is a finding of its own."""
        key = key_of(provider, scenario.name, self._rules.seed)
        began = steady_s()
        folder = fresh_folder(self._rules.folder, provider, scenario.name, self._rules.seed)
        try:
            with Admin(self._server, key) as admin:
                return self._played(scenario, provider, key, folder, admin)
        except (AdminError, ClientError, OSError) as fault:
            wall_ms = round((steady_s() - began) * 1000)
            judgement = Judgement(
                RUNNER, Verdict.FAIL, (Finding(f"the cell could not be played: {fault}", ""),)
            )
            outcome = Outcome(None, stderr=str(fault), wall_ms=wall_ms)
            nothing = Observation((), (), (), 0)
            cell = self._cell(scenario, provider, folder, (judgement,), outcome, nothing)
            return Played(cell, Coverage((), ()))

    def _played(self, scenario: Scenario, provider: str, key: str, folder: Path, admin: Admin) -> Played:
        rules = self._rules
        prepare(admin, scenario, rules.seed, rules.timing)
        callbacks = self._callbacks(scenario, key)
        job = self._job(scenario, provider, key, folder, callbacks)
        began, began_ms = steady_s(), now_ms(admin)
        ending = self._run(job, scenario, admin)
        wall_ms = round((steady_s() - began) * 1000)
        ended_ms = now_ms(admin)
        keep_words(ending, folder)
        seen = self._seen(observe(admin), callbacks)
        first_ms = seen.lines[0].at_ms if seen.lines else began_ms
        outcome = outcome_of(ending, job.output, ended_ms - first_ms, wall_ms)
        case = self._case(scenario, provider, key, seen, outcome, callbacks)
        cell = self._cell(scenario, provider, folder, _judged(case), outcome, seen)
        spent = tuple(admin.read("ledger", _Ledger, provider=provider).accounts)
        return Played(cell, coverage_of(case.contract, seen.lines, seen.tasks), spent)

    def _callbacks(self, scenario: Scenario, key: str) -> Callbacks | None:
        if not scenario.with_callback:
            return None
        return own_receiver() if self._rules.listens else Callbacks(self._receiver.url(key))

    def _job(
        self, scenario: Scenario, provider: str, key: str, folder: Path, callbacks: Callbacks | None
    ) -> Job:
        rules = self._rules
        given = dict(rules.environment(provider, self._server.url, key))
        given["LIPFLAP_DEADLINE_S"] = f"{rules.timeout_s:g}"
        return job_at(self._server.url, key, provider, scenario, folder, callbacks, given)

    def _run(self, job: Job, scenario: Scenario, admin: Admin) -> Ending:
        deadline_s = steady_s() + self._rules.deadline_s

        def wait(running: Running) -> Ending:
            while steady_s() < deadline_s and not self._stop.is_set():
                ending = running.wait(min(LOOK_EVERY_S, max(0.0, deadline_s - steady_s())))
                if ending is not None:
                    return ending
            return running.kill()

        if scenario.crash is None:
            return wait(self._client.start(job))
        return killed_and_resumed(self._client, job, scenario.crash, admin, wait, deadline_s)

    def _seen(self, seen: Observation, callbacks: Callbacks | None) -> Observation:
        """Without the callbacks that our own receiver took: they say nothing of the client."""
        if callbacks is None or callbacks.listen:
            return seen
        lines = tuple(line for line in seen.lines if line.kind is not LineKind.DELIVERY)
        return Observation(lines, seen.tasks, seen.story, seen.now_ms)

    def _case(
        self,
        scenario: Scenario,
        provider: str,
        key: str,
        seen: Observation,
        outcome: Outcome,
        callbacks: Callbacks | None,
    ) -> Case:
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
            deadline_ms=self._rules.deadline_ms,
            faults=scenario.faults,
            callback_url=callbacks.url if callbacks else None,
            poll_floor_ms=self._rules.timing.floor_ms(POLL_FLOOR_MS),
            poll_ceiling_ms=self._rules.timing.ceiling_ms(POLL_CEILING_MS),
        )

    def _cell(
        self,
        scenario: Scenario,
        provider: str,
        folder: Path,
        judgements: tuple[Judgement, ...],
        outcome: Outcome,
        seen: Observation,
    ) -> Cell:
        seed = self._rules.seed
        named = f"{scenario.source or scenario.name}@{seed}"
        words = ("lipflap", "replay", named, "--provider", provider, *self._rules.flags)
        return Cell(
            scenario=scenario.name,
            provider=provider,
            seed=seed,
            title=scenario.title,
            says=scenario.says,
            expected=scenario.expected,
            judgements=judgements,
            outcome=outcome,
            lines=seen.lines,
            story=seen.story,
            replay=shlex.join([*words, "--", *self._client.command]),
            motive=scenario.motive,
            link=scenario.link,
            folder=str(folder),
            tasks=seen.tasks,
        )


class _Ledger(Struct):
    accounts: list[Spending]


def _judged(case: Case) -> tuple[Judgement, ...]:
    return tuple(_judgement(check.id, check.judge, case) for check in CHECKS)


def _judgement(name: str, judge: Callable[[Case], Judgement], case: Case) -> Judgement:
    try:
        return judge(case)
    except Exception as fault:  # noqa: BLE001 - a bug of the judge's own must not be told as the client's
        finding = Finding(f"the check {name} broke: {type(fault).__name__}: {fault}", "")
        return Judgement(RUNNER, Verdict.FAIL, (finding,))
