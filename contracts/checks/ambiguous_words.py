"""O11: where a paid task may be running, the last words say so, name it, and do not ask for a second submit."""

from __future__ import annotations

import re
from collections.abc import Iterator

from contracts.checks.evidence import after, finding, shortened
from contracts.checks.hearing import Heard, Reply, heard, reply_to
from contracts.checks.model import Case, Check, Finding, Judgement, Verdict, judged, skipped
from contracts.checks.story import ends, has_fault, last_words, of, polls_by_task, renders_in, requests
from contracts.checks.wire import Act, Ending, message_of, param, told
from contracts.witness.witnessed import Line

ID = "ambiguous-words"
GOOD = "It says that the task may be running, names the task or its own id for it, and does not suggest a new submit."

MAY_RUN = re.compile(
    r"\b(may|might|could|can) (still |already |well )?(be|have been|exist)\b"
    r"|\bstill (running|processing|queued|pending|in progress|rendering)\b"
    r"|\b(unknown|unclear|not known|not clear|cannot tell|can't tell|no telling|uncertain) (whether|if)\b"
    r"|\balready (running|submitted|accepted|paid)\b|\bin doubt\b|\bambiguous\b"
    r"|\bnot (yet )?(finished|ended|completed?)\b",
    re.IGNORECASE,
)
"""Words that leave the possibility open."""

INVITES = re.compile(
    r"\b(try|submit|send|start|run|run it|submit it|send it|try it) (again|once more|anew)\b"
    r"|\b(please|just|simply|you can|you may) (retry|resubmit|re-submit|rerun|re-run)\b"
    r"|\b(retry|resubmit|re-submit) (the|your|this|later|it)\b",
    re.IGNORECASE,
)
"""Words that make a person pay twice."""

_NEGATION = re.compile(
    r"\b(not|never|no|without|don't|won't|doesn't|avoid|instead of|before you|nor)\b[^.;!?\n]*$",
    re.IGNORECASE,
)

COMMITS = frozenset(
    {
        "submit-accepted-reply-lost",
        "submit-accepted-rst",
        "submit-accepted-slow-reply",
        "submit-accepted-502-html",
        "stuck-processing",
        "stuck-queued",
        "poll-404-forever",
        "very-slow-success",
    }
)
"""Faults that leave a good client in doubt."""


_ENDED = frozenset({"succeeded", "failed", "cancelled"})


def judge(case: Case) -> Judgement:
    """FAIL for last words that hide a task which may be running, or that invite to pay for another."""
    if case.outcome.believes_success or case.outcome.is_killed or case.outcome.exit_code is None:
        is_possible = has_fault(case, COMMITS)
        return skipped(ID, Verdict.NOT_EXERCISED if is_possible else Verdict.NOT_APPLICABLE)
    doubt = _unclear_submit(case) or _left_running(case)
    paid = doubt or _left_behind(case)
    if not paid:
        is_possible = has_fault(case, COMMITS)
        return skipped(ID, Verdict.NOT_EXERCISED if is_possible else Verdict.NOT_APPLICABLE)
    return judged(ID, [*(_hidden(case, doubt) if doubt else ()), *_invited(case, paid)])


def _unclear_submit(case: Case) -> Line | None:
    """The last submit whose answer left it open, and whose task the client has not found since."""
    submits = of(case, Act.SUBMIT)
    if not submits or reply_to(submits[-1], case.contract) is not Reply.UNCLEAR:
        return None
    found = polls_by_task(case).get(submits[-1].task_id or "", ())
    seen = any(
        line.number > submits[-1].number and line.status == 200 and heard(line) is not Heard.NO
        for line in found
    )
    return None if seen else submits[-1]


def _left_running(case: Case) -> Line | None:
    """The last request about a render that had not ended, as far as anybody knew."""
    return _last_about(case, {task.id for task in case.renders if task.stage not in _ENDED})


def _left_behind(case: Case) -> Line | None:
    """The last request about a render that succeeded, and whose video the client has not got."""
    return _last_about(case, {task.id for task in renders_in(case, "succeeded")})


def _last_about(case: Case, task_ids: set[str]) -> Line | None:
    """None where there is no such task, or a poll has told that it failed, whatever became of it."""
    failed = {task_id for task_id, end in ends(case).items() if end.told.ending is not Ending.SUCCEEDED}
    return next((line for line in reversed(requests(case)) if line.task_id in task_ids - failed), None)


def _hidden(case: Case, line: Line) -> Iterator[Finding]:
    said = f"{case.outcome.stderr}\n{case.outcome.stdout}"
    if MAY_RUN.search(said) or any(name in said for name in _names(case)):
        return
    first = next((one for one in of(case, Act.SUBMIT) if one.task_id == line.task_id), line)
    words = last_words(case)
    quoted = f"it says only {shortened(words[-1])!r}" if words else "it says nothing"
    asked = (
        f", and last asked about with #{line.number}, {after(line, first)} later" if line is not first else ""
    )
    says = f"a task may be running, submitted with #{first.number}{asked}; {quoted}"
    yield finding(says, GOOD, first, line)


def _names(case: Case) -> set[str]:
    """What a task of this job can be called by."""
    submits = of(case, Act.SUBMIT)
    given = {param(line, name) for line in submits for name in ("external_task_id", "session_id")}
    return {name for name in given | {task.id for task in case.renders} if len(name) > 2}


def _invited(case: Case, line: Line) -> Iterator[Finding]:
    said = f"{case.outcome.stderr}\n{case.outcome.stdout}"
    for quoted in _provider_words(case):
        said = said.replace(quoted, "")
    for match in INVITES.finditer(said):
        if not _NEGATION.search(said[: match.start()]):
            says = f"a paid task may be running, and it suggests {shortened(match.group())!r}: whoever does pays twice"
            yield finding(says, GOOD, line)
            return


def _provider_words(case: Case) -> list[str]:
    """Sentences that are the provider's: a client that quotes them invites nobody. The longest first."""
    rows = {row.message for row in case.contract.errors.values()}
    answers = {words for line in requests(case) for words in (message_of(line), _reason(line)) if words}
    return sorted(rows | answers, key=len, reverse=True)


def _reason(line: Line) -> str:
    said = told(line)
    return said.reason if said else ""


CHECK = Check(ID, "O11", "Doubt is named, and invites nobody to pay twice", GOOD, judge)
