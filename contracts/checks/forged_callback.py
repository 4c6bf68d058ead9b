"""O14: a callback whose signature is wrong, absent, stale or another delivery's is refused, and has no effect."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from contracts.checks.evidence import finding, numbered
from contracts.checks.hearing import Heard, heard
from contracts.checks.model import Case, Check, Finding, Judgement, Verdict, judged, skipped
from contracts.checks.story import callbacks, good_downloads, has_fault, polls_by_task
from contracts.checks.wire import told
from contracts.witness.witnessed import Line

ID = "forged-callback"
GOOD = (
    "It verifies signature, id and time over the raw bytes, answers 401 where one is wrong, and does nothing."
)

FORGED = frozenset({"callback-bad-signature", "callback-stale-timestamp"})
REPLAYED = "callback-replay-new-id"


def judge(case: Case) -> Judgement:
    """FAIL for a forged callback that was accepted or had an effect."""
    sent = callbacks(case)
    forged = [line for line in _forged(sent) if line.status]
    if not forged:
        is_possible = has_fault(case, FORGED | {REPLAYED})
        return skipped(ID, Verdict.NOT_EXERCISED if is_possible else Verdict.NOT_APPLICABLE)
    return judged(ID, [*_accepted(forged), *_acted_upon(case, forged)])


def _forged(sent: Sequence[Line]) -> list[Line]:
    """Those that no good receiver takes. A signature covers the id, so under a second id it is nobody's."""
    signed: dict[str, str | None] = {}
    forged: list[Line] = []
    for line in sent:
        signature, name = line.header("webhook-signature"), line.header("webhook-id")
        is_replayed = REPLAYED in line.faults and signature is not None
        if FORGED.intersection(line.faults) or (is_replayed and signed.get(signature or "", name) != name):
            forged.append(line)
        if signature is not None:
            signed.setdefault(signature, name)
    return forged


def _accepted(forged: list[Line]) -> Iterator[Finding]:
    taken = [line for line in forged if 200 <= line.status < 300]
    if taken:
        kinds = ", ".join(sorted({fault for line in taken for fault in line.faults}))
        count = f"{len(taken)} of {len(forged)} forged callbacks ({kinds})"
        says = f"{count} were answered {taken[0].status}: {numbered(taken)}"
        yield finding(says, GOOD, *taken)


def _acted_upon(case: Case, forged: list[Line]) -> Iterator[Finding]:
    """A task of which nothing else has told, and that has had an effect all the same."""
    known = {line.number for line in forged}
    for task_id in dict.fromkeys(line.task_id for line in forged if line.task_id):
        lines = [line for line in forged if line.task_id == task_id]
        genuine = [line for line in callbacks(case) if line.task_id == task_id and line.number not in known]
        if case.outcome.effects.get(task_id) and not genuine:
            yield finding(f"task {task_id} had an effect, and only forged callbacks told of it", GOOD, *lines)
        told_at = _first_word_of_end(case, task_id)
        early = [
            line
            for line in good_downloads(case)
            if line.task_id == task_id
            and lines[0].number < line.number
            and (told_at is None or line.number < told_at)
        ]
        if early and not genuine:
            says = f"the result of task {task_id} was fetched with {numbered(early)} on the word of a forged callback"
            yield finding(says, GOOD, *lines[:2], *early)


def _first_word_of_end(case: Case, task_id: str) -> int | None:
    """The number of the first poll that told the end, be it in words that not every client understands."""
    polls = polls_by_task(case).get(task_id, ())
    return next((line.number for line in polls if _may_tell_end(line)), None)


def _may_tell_end(poll: Line) -> bool:
    said = told(poll)
    return said.is_end or bool(said.result) if said else heard(poll) is Heard.MAYBE


CHECK = Check(ID, "O14", "A forged callback is refused", GOOD, judge)
