"""One run: every check in order against one server, and what they have found."""

from __future__ import annotations

from collections.abc import Callable

from contracts.conform import drift
from contracts.conform.approach import Nature, nature_of, prepared
from contracts.conform.checks import CHECKS
from contracts.conform.lab import Lab
from contracts.conform.purse import PurseEmpty
from contracts.conform.target import Target
from contracts.conform.trials import TRIALS
from contracts.conform.verdict import Check, Finding, Moved, Report, Result, Skip, Trial, Verdict
from contracts.witness.usage import UsageError

Say = Callable[[Result], None]
NAMES = (*(check.id for check in CHECKS), drift.ID, *(trial.id for trial in TRIALS))
"""Everything that can be asked for by name, in the order in which it is made."""


def examine(target: Target, say: Say = lambda _: None) -> Report:
    """Hold the server against the contract; ``say`` hears each result as it comes.

    Raises UsageError for a check that does not exist and for a server that does not answer, AdminError where a
    simulator's admin surface breaks off.
    """
    wanted = _wanted(target)
    nature = nature_of(target)
    results: list[Result] = []

    def heard(result: Result) -> None:
        results.append(result)
        say(result)

    with prepared(target, nature) as lab:
        for check in (check for check in CHECKS if check.id in wanted):
            heard(made(check, lab))
        rows: tuple[Moved, ...] = ()
        if drift.ID in wanted:
            drift.look(lab)
            rows = tuple(drift.moved(lab.evidence))
            note = "" if rows else "the recorded messages are not installed"
            heard(_result(drift.ID, drift.TITLE, drift.findings(rows), note))
    for trial in (trial for trial in TRIALS if trial.id in wanted):
        heard(tried(trial, target, nature))
    return Report(
        provider=target.provider,
        url=target.url,
        is_simulator=nature.is_simulator,
        results=tuple(results),
        drift=rows,
        requests=len(lab.exchanges),
        spent=lab.purse.spent,
        allowed=lab.purse.allowed,
    )


def made(check: Check, lab: Lab) -> Result:
    """The result of one check; what could be asked before it had to stop is judged all the same."""
    note = ""
    try:
        with lab.under(check.id):
            check.drive(lab)
    except Skip as skip:
        note = str(skip)
    except PurseEmpty as empty:
        note = f"{empty}: --spend allows no more"
    return _result(check.id, check.title, tuple(check.judge(lab.evidence)), note)


def tried(trial: Trial, target: Target, nature: Nature) -> Result:
    """The result of one trial."""
    try:
        return _result(trial.id, trial.title, tuple(trial.run(target, nature)))
    except Skip as skip:
        return _result(trial.id, trial.title, (), str(skip))


def _result(id_: str, title: str, findings: tuple[Finding, ...], note: str = "") -> Result:
    verdict = Verdict.FAIL if findings else Verdict.SKIPPED if note else Verdict.PASS
    return Result(id_, title, verdict, note, findings)


def _wanted(target: Target) -> frozenset[str]:
    unknown = [name for name in target.checks if name not in NAMES]
    if unknown:
        raise UsageError(f"no check is called {unknown[0]!r}; there are {', '.join(NAMES)}")
    return frozenset(target.checks or NAMES)
