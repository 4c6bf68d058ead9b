"""O13: a final status stays final: what comes later, by poll or by callback, changes nothing.

A poll is the truth and a callback a hint, so where they differ the poll's word counts.
"""

from __future__ import annotations

from collections.abc import Iterator

from contracts.checks.evidence import after, finding
from contracts.checks.hearing import Heard, heard
from contracts.checks.model import Case, Check, Finding, Judgement, Verdict, judged, skipped
from contracts.checks.story import (
    End,
    callbacks,
    came_after,
    ends,
    failed_downloads,
    has_fault,
    polls_by_task,
)
from contracts.checks.wire import Ending, Told, told
from contracts.witness.witnessed import Line, LineKind, TaskSeen

ID = "terminal-stays"
GOOD = "It keeps the first final status that a poll has told it, and lets no later word replace it."

CONTRADICT = frozenset(
    {
        "terminal-regress",
        "poll-replica-flap",
        "callback-out-of-order",
        "callback-contradicts-poll",
        "cancel-race",
    }
)
"""Faults that take a final status back, or claim another."""


def judge(case: Case) -> Judgement:
    """FAIL for a client that waits on, or ends otherwise, because of a word against the final one."""
    told_ends = ends(case)
    findings: list[Finding] = []
    is_exercised = False
    for task in case.renders:
        end = told_ends.get(task.id)
        against = _against(case, task, end)
        if against:
            is_exercised = True
            findings.extend(_swayed(case, task, end, against))
    if is_exercised:
        return judged(ID, findings)
    is_possible = has_fault(case, CONTRADICT)
    return skipped(ID, Verdict.NOT_EXERCISED if is_possible else Verdict.NOT_APPLICABLE)


def _against(case: Case, task: TaskSeen, end: End | None) -> tuple[Line, Told] | None:
    """The first word against the end: a poll that takes it back, or a callback that claims another end or none."""
    final = end.told.ending if end else _ending_of(task)
    has_ended = False
    for line in _words_about(case, task, end):
        said = told(line)
        is_late = has_ended or (end is not None and came_after(line, end.line))
        if said and said.ending is not final and (said.ending.is_end or is_late):
            return line, said
        is_hint = line.kind is LineKind.DELIVERY
        has_ended = has_ended or (is_hint and said is not None and said.ending.is_end)
    return None


def _words_about(case: Case, task: TaskSeen, end: End | None) -> Iterator[Line]:
    """The polls behind the end, then the callbacks that the client accepted."""
    if end:
        polls = polls_by_task(case).get(task.id, ())
        yield from (line for line in polls if came_after(line, end.line) and heard(line) is Heard.YES)
    yield from (line for line in callbacks(case) if line.task_id == task.id and 200 <= line.status < 300)


def _ending_of(task: TaskSeen) -> Ending:
    return Ending(task.stage) if task.stage in set(Ending) else Ending.RUNNING


def _swayed(case: Case, task: TaskSeen, end: End | None, against: tuple[Line, Told]) -> Iterator[Finding]:
    line, said = against
    if end:
        yield from _waited_on(case, end, line, said)
    final = end.told.ending if end else _ending_of(task)
    outcome = case.outcome
    if outcome.is_killed or outcome.exit_code is None or final is Ending.RUNNING:
        return
    is_lost_elsewhere = case.expected != "success" or any(
        one.task_id == task.id for one in failed_downloads(case)
    )
    if final is Ending.SUCCEEDED and not outcome.believes_success and not is_lost_elsewhere:
        yield _changed(end, task, line, said, "reports a failure")
    if final is not Ending.SUCCEEDED and outcome.believes_success:
        yield _changed(end, task, line, said, "reports success")


def _waited_on(case: Case, end: End, line: Line, said: Told) -> Iterator[Finding]:
    polls = polls_by_task(case).get(end.line.task_id or "", ())
    on = [poll for poll in polls if poll.number > line.number and came_after(poll, end.line)]
    excused = [one for one in failed_downloads(case) if one.task_id == end.line.task_id]
    if on and not excused and not said.ending.is_end:
        says = (
            f"#{end.line.number} told {end.told.word!r}; {after(line, end.line)} later #{line.number} said "
            f"{said.word!r}, and the client went on asking"
        )
        yield finding(says, GOOD, end.line, line, *on)


def _changed(end: End | None, task: TaskSeen, line: Line, said: Told, how: str) -> Finding:
    told_first = f"poll #{end.line.number} told {end.told.word!r}" if end else f"the task has {task.stage}"
    says = f"{told_first}, #{line.number} said {said.word!r}, and the client {how}"
    return finding(says, GOOD, *((end.line,) if end else ()), line)


CHECK = Check(ID, "O13", "A final status stays final", GOOD, judge)
