"""Every request obeys the contract, but for what the scenario makes fail on purpose."""

from __future__ import annotations

from collections.abc import Iterator

from contracts.checks.evidence import finding
from contracts.checks.model import Case, Check, Finding, Judgement, Verdict, judged, skipped
from contracts.checks.story import has_fault, mapping_at, of, requests
from contracts.checks.wire import Act, param
from contracts.model import Violation
from contracts.witness.witnessed import Line

ID = "contract-obeyed"
GOOD = "It sends what the contract asks for: every required field, each of its type and within its range."

STALE = frozenset({"face-session-expired", "face-none", "face-id-stale"})
"""Faults that make a request wrong which was right when it was made."""
NO_FACE = "no-face"
"""Not in a table either: nobody is in the video that the scenario states."""
OWN_ID_TAKEN = "external-id"
"""Not in the schema nor in a table: a caller's own id is good for one task."""


def judge(case: Case) -> Judgement:
    """FAIL with one finding for each request that breaks the contract, each violation with its path."""
    if not requests(case):
        return skipped(ID, Verdict.NOT_EXERCISED)
    rules = {NO_FACE, *(rule.id for table in case.contract.rules.values() for rule in table)}
    return judged(ID, [found for line in requests(case) for found in _about(case, line, rules)])


def _about(case: Case, line: Line, rules: set[str]) -> Iterator[Finding]:
    if line.faults:
        return
    broken = [one for one in line.violations if not _is_on_purpose(case, line, one, rules)]
    if broken:
        words = "; ".join(one.sentence() for one in broken)
        yield finding(
            f"#{line.number} ({line.operation or line.target}) breaks the contract: {words}", GOOD, line
        )


def _is_on_purpose(case: Case, line: Line, violation: Violation, rules: set[str]) -> bool:
    """Rules about files and sessions are broken by what the scenario says of them; the shape is the client's own."""
    if violation.rule == OWN_ID_TAKEN:
        return _is_repeat(case, line)
    if violation.rule not in rules:
        return False
    states_media = any(mapping_at(case.scenario, name) for name in ("media", "hints"))
    return states_media or has_fault(case, STALE) or b"lipflap." in _data(line)


def _is_repeat(case: Case, line: Line) -> bool:
    """Whether it sends its own id once more on purpose, so that no second task can come of it."""
    own = param(line, "external_task_id")
    return any(
        other.number < line.number and param(other, "external_task_id") == own
        for other in of(case, Act.SUBMIT)
        if own
    )


def _data(line: Line) -> bytes:
    try:
        return line.request.data
    except ValueError:
        return b""


CHECK = Check(ID, "", "Every request obeys the contract", GOOD, judge)
