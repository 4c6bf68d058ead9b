"""The faces of a video are identified once: an identification costs money too, and its session lasts a day."""

from __future__ import annotations

from itertools import pairwise

from contracts.checks.evidence import after, finding
from contracts.checks.hearing import Heard, Reply, heard, meant_status, reply_to
from contracts.checks.model import Case, Check, Finding, Judgement, Verdict, judged, skipped
from contracts.checks.story import ends, of
from contracts.checks.wire import Act, Ending, parsed
from contracts.witness.witnessed import Line

ID = "no-needless-identify"
GOOD = "It identifies once and submits with that session; again only when the session or a face was refused."


def judge(case: Case) -> Judgement:
    """FAIL for an identification of the same video after one that was fine, and that nobody has refused since."""
    identifications = of(case, Act.IDENTIFY)
    if not identifications:
        return skipped(ID, Verdict.NOT_EXERCISED)
    findings = [found for pair in pairwise(identifications) if (found := _about(case, *pair))]
    return judged(ID, findings[1:] if findings and _is_lost(case, findings[0]) else findings)


def _is_lost(case: Case, found: Finding) -> bool:
    """A session that was heard of and not yet written down is lost with the process; with a submit it was needed."""
    submits = of(case, Act.SUBMIT)
    return case.is_resumed and not (submits and submits[0].number < found.lines[-1])


def _about(case: Case, first: Line, second: Line) -> Finding | None:
    is_same = parsed(first.request) == parsed(second.request) is not None
    if not is_same or not _was_fine(case, first) or _was_refused(case, first, second):
        return None
    says = f"#{second.number} identified the same video {after(second, first)} after #{first.number}, which was fine"
    return finding(says, GOOD, first, second)


def _was_fine(case: Case, line: Line) -> bool:
    return heard(line) is Heard.YES and 200 <= meant_status(line, case.contract) < 300


def _was_refused(case: Case, first: Line, second: Line) -> bool:
    """Whether between the two a submit was refused, or a task failed."""
    submits = (line for line in of(case, Act.SUBMIT) if first.number < line.number < second.number)
    failures = (end.line for end in ends(case).values() if end.told.ending is not Ending.SUCCEEDED)
    return any(reply_to(line, case.contract) is Reply.REFUSED for line in submits) or any(
        first.number < line.number < second.number for line in failures
    )


CHECK = Check(ID, "", "Faces are identified once", GOOD, judge)
