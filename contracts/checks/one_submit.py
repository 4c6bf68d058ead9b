"""O1: one job is submitted, and paid for, once.

A submit may be repeated when it was refused, when the client has looked in vain for the task it may have made, or
when all submits carry one key (an Idempotency-Key, or the caller's own id, which providers take only once). What
counts is what the client could know: a repeat after a lost answer is wrong also where nothing had been stored.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from contracts.checks.evidence import after, finding, numbered
from contracts.checks.hearing import Heard, Reply, heard, reply_to
from contracts.checks.model import Case, Check, Finding, Judgement, Verdict, judged, passed, skipped
from contracts.checks.story import End, ends, may_begin_anew, of, renders_in, requests
from contracts.checks.wire import Act, act_of, param
from contracts.witness.witnessed import Line

ID = "one-submit"
GOOD = "It submits once; after a lost answer it looks for the task, and never sends the job again blindly."

_REFUNDED = frozenset({"failed", "cancelled"})


def judge(case: Case) -> Judgement:
    """FAIL for a submit after an accepted or an unclear one, and for more than one paid render."""
    submits = of(case, Act.SUBMIT)
    if not submits:
        return skipped(ID, Verdict.NOT_EXERCISED)
    if len(submits) > 1 and _share_one_key(submits):
        return passed(ID)
    findings = [found for pair in pairwise(submits) for found in _about(case, *pair)]
    return judged(ID, findings or list(_paid_twice(case, submits)))


def _share_one_key(submits: Sequence[Line]) -> bool:
    for key_of in (_idempotency_key, _own_id):
        keys = {key_of(line) for line in submits}
        if len(keys) == 1 and "" not in keys:
            return True
    return False


def _idempotency_key(line: Line) -> str:
    return line.header("idempotency-key") or ""


def _own_id(line: Line) -> str:
    return param(line, "external_task_id")


def _about(case: Case, first: Line, second: Line) -> Iterator[Finding]:
    match reply_to(first, case.contract):
        case Reply.ACCEPTED if not _is_over(case, first, second):
            says = (
                f"submit #{second.number} came {after(second, first)} after #{first.number}, "
                f"which had been accepted as task {first.task_id or 'of this job'}"
            )
            yield finding(says, GOOD, first, second)
        case Reply.UNCLEAR if not _has_looked(case, first, second):
            says = (
                f"submit #{second.number} came {after(second, first)} after #{first.number}, {_why(first)}, "
                "without a look for the task that may have been made"
            )
            yield finding(says, GOOD, first, second)
        case _:
            return


def _why(line: Line) -> str:
    if heard(line) is Heard.MAYBE:
        return "whose answer was late or hard to read"
    if heard(line) is Heard.YES:
        return f"whose answer ({line.status}) leaves open whether it was accepted"
    return "whose answer was lost"


def _has_looked(case: Case, first: Line, second: Line) -> bool:
    """Whether between the two a list or a poll was answered: that it knows of no such task is an answer too."""
    return any(
        first.number < line.number < second.number
        and act_of(line) in {Act.LIST, Act.POLL}
        and heard(line) is Heard.YES
        and line.status in {200, 404}
        for line in requests(case)
    )


def _is_over(case: Case, first: Line, second: Line) -> bool:
    """Whether the client had heard before the second submit that the first job failed, and may be repeated."""
    end: End | None = ends(case).get(first.task_id or "")
    return end is not None and end.line.number < second.number and may_begin_anew(case, end)


def _paid_twice(case: Case, submits: Sequence[Line]) -> Iterator[Finding]:
    paid = [task for task in case.renders if task.stage not in _REFUNDED]
    if len(paid) < 2:
        return
    ids = {task.id for task in paid}
    lines = [line for line in submits if line.task_id in ids]
    running = len(renders_in(case, "succeeded"))
    says = f"{len(paid)} renders are paid for one job, {running} of them finished; they were made by {numbered(lines)}"
    yield finding(says if lines else says.partition(";")[0], GOOD, *lines)


CHECK = Check(ID, "O1", "One job is submitted once", GOOD, judge)
