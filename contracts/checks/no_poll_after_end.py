"""O3: no poll after the end is known, unless a download failed and a fresh link is wanted."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import dropwhile

from contracts.checks.evidence import after, finding, times
from contracts.checks.model import Case, Check, Finding, Judgement, Verdict, judged, skipped
from contracts.checks.story import End, came_after, end_told, ends, failed_downloads, of, polls_by_task
from contracts.checks.wire import Act
from contracts.witness.witnessed import Line

ID = "no-poll-after-end"
GOOD = "It stops polling at the first final status; only for a link that no longer works it asks once more."


def judge(case: Case) -> Judgement:
    """FAIL for each task that was polled on after a poll had told its end beyond doubt."""
    told = ends(case)
    if not told:
        return skipped(ID, Verdict.NOT_EXERCISED)
    polls = polls_by_task(case)
    found = (_about(case, end, polls[task_id]) for task_id, end in told.items())
    return judged(ID, [one for one in found if one])


def _about(case: Case, end: End, polls: Sequence[Line]) -> Finding | None:
    late = [line for line in polls if came_after(line, end.line)]
    excess = _not_for_a_fresh_link(case, end, late) if late else []
    if case.is_resumed:
        # whoever begins again asks until it is told how things stand
        excess = [*dropwhile(lambda poll: end_told(poll) is None, excess)][1:]
    if not excess:
        return None
    first = excess[0]
    says = (
        f"{times(len(excess), 'poll')} came after #{end.line.number} had told that the task is {end.told.word!r}: "
        f"the first, #{first.number}, {after(first, end.line)} later"
    )
    return finding(says, GOOD, end.line, *excess)


def _not_for_a_fresh_link(case: Case, end: End, late: Sequence[Line]) -> list[Line]:
    """The polls before which no download has failed, or led away to where the server does not see it."""
    downloads = [line for line in of(case, Act.DOWNLOAD) if line.task_id == end.line.task_id]
    failed = {line.number for line in failed_downloads(case)}
    excess: list[Line] = []
    before = end.line.number
    for poll in late:
        tried = [line for line in downloads if before < line.number < poll.number]
        led_away = bool(tried) and 300 <= tried[-1].status < 400
        if not led_away and not any(line.number in failed for line in tried):
            excess.append(poll)
        before = poll.number
    return excess


CHECK = Check(ID, "O3", "No poll after the end", GOOD, judge)
