"""Callbacks that come twice, out of order, forged, or against the polls, do not change how the job ends."""

from __future__ import annotations

from collections.abc import Sequence

from contracts.checks.evidence import finding, numbered
from contracts.checks.model import Case, Check, Judgement, Verdict, judged, skipped
from contracts.checks.story import callbacks, ends
from contracts.checks.survives import wrong_outcome
from contracts.checks.wire import told
from contracts.witness.witnessed import Line

ID = "callbacks-harmless"
GOOD = "It takes a callback for a hint to look, and ends with what the polls say, whatever callbacks come."


def judge(case: Case) -> Judgement:
    """FAIL where odd callbacks came, nothing else was wrong, and the job ended otherwise than for a good client."""
    odd = _odd(case, [line for line in callbacks(case) if line.status])
    only_callbacks = all(row.get("layer") == "callback" for row in case.faults.values())
    if not odd or not only_callbacks:
        is_asked_for = case.scenario.get("with_callback") is True and only_callbacks
        return skipped(ID, Verdict.NOT_EXERCISED if is_asked_for else Verdict.NOT_APPLICABLE)
    wrong = wrong_outcome(case)
    says = f"after {numbered(odd)}, callbacks that should change nothing, {wrong}"
    return judged(ID, [finding(says, GOOD, *odd)] if wrong else [])


def _odd(case: Case, sent: Sequence[Line]) -> list[Line]:
    """Callbacks with a fault, copies, and those that say otherwise than the polls."""
    seen: set[tuple[str | None, str]] = set()
    odd: list[Line] = []
    told_ends = ends(case)
    for line in sent:
        said = told(line)
        mark = (line.task_id, said.word if said else "")
        end = told_ends.get(line.task_id or "")
        contradicts = bool(said and end and said.ending.is_end and said.ending is not end.told.ending)
        if line.faults or mark in seen or contradicts:
            odd.append(line)
        seen.add(mark)
    return odd


CHECK = Check(ID, "", "Odd callbacks change nothing", GOOD, judge)
