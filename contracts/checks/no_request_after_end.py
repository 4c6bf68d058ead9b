"""Nothing more is asked about a job that has ended, but its file. Polls after the end are O3's."""

from __future__ import annotations

from contracts.checks.evidence import after, finding, times
from contracts.checks.model import Case, Check, Finding, Judgement, Verdict, judged, skipped
from contracts.checks.story import End, came_after, ends, may_begin_anew, of
from contracts.checks.wire import Act

ID = "no-request-after-end"
GOOD = "Once it knows the end it fetches the file, if there is one, and asks nothing else."

ASKING = (Act.IDENTIFY, Act.SUBMIT, Act.LIST, Act.CANCEL)


def judge(case: Case) -> Judgement:
    """FAIL for requests of the job that came after the end of its render was told."""
    renders = {task.id for task in case.renders}
    told = [end for task_id, end in ends(case).items() if task_id in renders]
    if not told:
        return skipped(ID, Verdict.NOT_EXERCISED)
    # a job that began anew, as it may after some failures, has ended when its last render has
    last = max(told, key=lambda end: end.line.number)
    return judged(ID, [] if may_begin_anew(case, last) else _after(case, last))


def _after(case: Case, end: End) -> list[Finding]:
    late = [line for line in of(case, *ASKING) if came_after(line, end.line)]
    if not late:
        return []
    says = (
        f"{times(len(late), 'request')} came after #{end.line.number} had told that the task is {end.told.word!r}: "
        f"the first, #{late[0].number} ({late[0].operation}), {after(late[0], end.line)} later"
    )
    return [finding(says, GOOD, end.line, *late)]


CHECK = Check(ID, "", "No request after the end", GOOD, judge)
