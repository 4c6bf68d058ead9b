"""O9: however often a callback comes, it has one effect for each task.

Where the client's receiver is its own, effects cannot be counted; there the wire tells: a result that is fetched whole
more than once was fetched for a copy.
"""

from __future__ import annotations

from collections.abc import Iterator

from contracts.checks.evidence import finding, numbered, times
from contracts.checks.model import Case, Check, Finding, Judgement, Verdict, judged, skipped
from contracts.checks.story import NO_VIDEO, callbacks, good_downloads, has_fault
from contracts.witness.witnessed import Line

ID = "one-effect"
GOOD = "It acts once for each task, by the task's id and not by the delivery's, however often it is told."


SPOILT = frozenset({"media-duration-mismatch", "media-unchanged-video"})
"""Faults that make a video which arrives whole and is none of use: who looks at it may fetch it again."""


def judge(case: Case) -> Judgement:
    """FAIL for a task with more than one effect."""
    sent = [line for line in callbacks(case) if line.status]
    if not sent:
        is_asked_for = case.scenario.get("with_callback") is True
        return skipped(ID, Verdict.NOT_EXERCISED if is_asked_for else Verdict.NOT_APPLICABLE)
    return judged(ID, [*_counted(case, sent), *_fetched(case, sent)])


def _counted(case: Case, sent: list[Line]) -> Iterator[Finding]:
    known = {task.id for task in case.tasks}
    for task_id, count in case.outcome.effects.items():
        if count > 1 and task_id in known:
            lines = [line for line in sent if line.task_id == task_id]
            says = f"task {task_id} had {count} effects for {times(len(lines), 'callback')}"
            yield finding(says, GOOD, *lines)


def _fetched(case: Case, sent: list[Line]) -> Iterator[Finding]:
    if case.outcome.effects or has_fault(case, SPOILT):
        return
    for task_id in dict.fromkeys(line.task_id for line in sent):
        whole = [line for line in good_downloads(case) if line.task_id == task_id and _is_final(line)]
        if len(whole) > 1:
            lines = [line for line in sent if line.task_id == task_id]
            says = (
                f"the result of task {task_id} was fetched {len(whole)} times "
                f"({numbered(whole)}) for {times(len(lines), 'callback')}"
            )
            yield finding(says, GOOD, *lines[:2], *whole)


def _is_final(line: Line) -> bool:
    """Whether nobody had a reason to fetch again."""
    return line.status == 200 and not NO_VIDEO.intersection(line.faults)


CHECK = Check(ID, "O9", "A callback has one effect", GOOD, judge)
