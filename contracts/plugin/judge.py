"""All checks of a client, on what one tenant has seen so far."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Protocol

from msgspec import Struct, field

from contracts.checks import CHECKS
from contracts.checks.model import Case, Check, Verdict
from contracts.client.model import Ending
from contracts.client.outcome import outcome_of
from contracts.contract import load_contract
from contracts.plugin.faults import Faults
from contracts.witness.admin import Admin
from contracts.witness.observer import Observation, observe
from contracts.witness.scenario import Facts, row_of
from contracts.witness.witnessed import LineKind, Outcome

OF_OUTCOME = frozenset(
    {"survives", "same-task", "failure-reported", "ambiguous-words", "terminal-stays", "whole-file"}
)
"""Checks that compare what happened with what the client made of it: they need to be told."""
DEADLINE_S = 900.0


class Ended(Struct, frozen=True):
    """How the client ended, as far as the test says. ``succeeded`` is None where it does not."""

    succeeded: bool | None = None
    error: str = ""
    output: Path | None = None
    url: str = ""
    effects: Mapping[str, int] = field(default_factory=dict)


class Judged(Protocol):
    """A tenant, as far as its client is judged by it."""

    key: str
    admin: Admin
    faults: Faults


def cases(
    tenant: Judged,
    catalogue: Mapping[str, Facts],
    scenario: Mapping[str, object],
    ended: Ended,
    *,
    provider: str | None,
    deadline_s: float,
) -> tuple[Case, ...]:
    """One case for each provider that the client has talked to, or for the one that is named."""
    seen = observe(tenant.admin, in_full=False)
    spoken = dict.fromkeys(line.provider for line in seen.lines)
    rows = {rule.fault: catalogue.get(row_of(rule.fault), {}) for rule in tenant.faults.rules()}
    return tuple(
        Case(
            provider=name,
            contract=load_contract(name),
            scenario=scenario,
            expected=_expected(scenario, rows.values()),
            lines=tuple(line for line in seen.lines if line.provider == name),
            tasks=tuple(task for task in seen.tasks if task.provider == name),
            outcome=_outcome(seen, ended),
            key=tenant.key,
            now_ms=seen.now_ms,
            deadline_ms=round(deadline_s * 1000),
            faults=rows,
            callback_url=next((line.target for line in seen.lines if line.kind is LineKind.DELIVERY), None),
        )
        for name in spoken
        if provider in {None, name}
    )


def chosen(ended: Ended, ignore: Collection[str]) -> tuple[Check, ...]:
    """The checks but for the ignored ones; those that need the client's outcome only where the test has told it."""
    unknown = sorted(set(ignore) - {check.id for check in CHECKS})
    if unknown:
        raise ValueError(
            f"there is no check {', '.join(unknown)}; there are {', '.join(c.id for c in CHECKS)}"
        )
    left_out = set(ignore) | (OF_OUTCOME if ended.succeeded is None else set())
    return tuple(check for check in CHECKS if check.id not in left_out)


def complaints(case: Case, checks: Iterable[Check]) -> Iterator[str]:
    """What failed, with its evidence, in words."""
    for judgement in (check.judge(case) for check in checks):
        if judgement.verdict is not Verdict.FAIL:
            continue
        for finding in judgement.findings:
            yield f"{case.provider}: {judgement.check}: {finding.says}"
            yield from (f"    {quote}" for quote in finding.quotes)
            yield f"    A good client: {finding.good_client}"


def _outcome(seen: Observation, ended: Ended) -> Outcome:
    ending = Ending(None if ended.succeeded is None else int(not ended.succeeded), stderr=ended.error)
    took_ms = seen.now_ms - seen.lines[0].at_ms if seen.lines else 0
    output = ended.output or Path("/nonexistent/lipflap/output.mp4")
    outcome = outcome_of(ending, output, took_ms, 0)
    return Outcome(
        exit_code=outcome.exit_code,
        stdout=ended.url,
        stderr=outcome.stderr,
        output_bytes=outcome.output_bytes,
        output_digest=outcome.output_digest,
        took_ms=took_ms,
        effects=ended.effects,
        strays=outcome.strays,
    )


def _expected(scenario: Mapping[str, object], rows: Iterable[Mapping[str, object]]) -> str:
    """As the scenario has it; else success, unless a fault may end otherwise."""
    expect = scenario.get("expect")
    if isinstance(expect, Mapping):
        return str(expect.get("outcome", "success"))
    outcomes = {str(row.get("expected", "success")) for row in rows}
    return outcomes.pop() if len(outcomes) == 1 else "either" if outcomes else "success"
