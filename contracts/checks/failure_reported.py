"""O6: a job that failed is reported as failed, with the provider's reason, and never as a success."""

from __future__ import annotations

from collections.abc import Iterator

from contracts.checks.evidence import finding, shortened
from contracts.checks.hearing import Heard, heard
from contracts.checks.model import Case, Check, Finding, Judgement, Verdict, judged, skipped
from contracts.checks.story import End, ends, mapping_at, of, renders_in, requests
from contracts.checks.survives import is_spared
from contracts.checks.wire import Act, Ending, message_of
from contracts.witness.witnessed import Line

ID = "failure-reported"
GOOD = "It ends with a code other than 0 and the provider's own words for the reason on standard error."

ENOUGH_LETTERS = 40
"""So much of a reason must be there: some clients cut long ones."""


def judge(case: Case) -> Judgement:
    """FAIL for a success that was believed of a job without one, and for a failure without its reason."""
    if case.outcome.believes_success:
        found = list(_believed(case))
        if found:
            return judged(ID, found)
        return skipped(ID, Verdict.NOT_APPLICABLE if case.expected == "success" else Verdict.NOT_EXERCISED)
    failed = _told_failed(case)
    if failed is None and case.expected != "failure":
        is_possible = case.expected == "either"
        return skipped(ID, Verdict.NOT_EXERCISED if is_possible else Verdict.NOT_APPLICABLE)
    if failed is None and (case.outcome.is_killed or case.outcome.exit_code is None):
        return skipped(ID, Verdict.NOT_EXERCISED)
    return judged(ID, list(_kept_quiet(case, failed)))


def _believed(case: Case) -> Iterator[Finding]:
    last = requests(case)[-1:]
    if not renders_in(case, "succeeded"):
        what = (
            ", ".join(f"task {task.id} is {task.stage}" for task in case.renders)
            or "no job was ever accepted"
        )
        yield finding(f"it exits with 0, though {what}", GOOD, *(_evidence(case) or last))
    elif is_spared(case):
        return
    elif case.expected == "failure" and not any(line.status in {200, 206} for line in of(case, Act.DOWNLOAD)):
        yield finding("it exits with 0, though it was given no video", GOOD, *last)


def _evidence(case: Case) -> tuple[Line, ...]:
    failed = _told_failed(case)
    return (*of(case, Act.SUBMIT)[:1], failed.line) if failed else ()


def _told_failed(case: Case) -> End | None:
    """The first poll that told a failure; that of a render before that of an identification."""
    failures = [end for end in ends(case).values() if end.told.ending is not Ending.SUCCEEDED]
    renders = {task.id for task in case.renders}
    return min(failures, key=lambda end: (end.line.task_id not in renders, end.line.number), default=None)


def _kept_quiet(case: Case, failed: End | None) -> Iterator[Finding]:
    if case.outcome.is_killed or case.outcome.exit_code is None:
        if failed:
            yield finding(
                f"#{failed.line.number} told it of the failure, and it never reported one", GOOD, failed.line
            )
        return
    line, reason = (failed.line, failed.told.reason) if failed else _refusal(case)
    lines = (line,) if line else ()
    said = _plain(case.outcome.stderr)
    if not said:
        code = case.outcome.exit_code
        yield finding(f"it exits with {code} and says nothing on standard error", GOOD, *lines)
    elif reason and _plain(reason)[:ENOUGH_LETTERS] not in said:
        says = f"the provider gave the reason {shortened(reason, 100)!r}, and standard error does not have it"
        yield finding(says, GOOD, *lines)


def _refusal(case: Case) -> tuple[Line | None, str]:
    """The last answer with the error that the scenario is about, and its sentence."""
    row = mapping_at(case.scenario, "expect").get("reason")
    refused = [line for line in requests(case) if row and line.error == row and heard(line) is Heard.YES]
    return (refused[-1], message_of(refused[-1])) if refused else (None, "")


def _plain(words: str) -> str:
    return " ".join(words.split()).casefold()


CHECK = Check(ID, "O6", "A failure is reported, with its reason", GOOD, judge)
