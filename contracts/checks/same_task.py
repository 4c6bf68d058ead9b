"""O2: the task that the provider finished is the one that the client ends with: no paid job is lost or confused."""

from __future__ import annotations

from collections.abc import Iterator

from contracts.checks.evidence import finding, seconds, shortened
from contracts.checks.model import Case, Check, Finding, Judgement, Verdict, judged, skipped
from contracts.checks.story import ends, good_downloads, last_words, of, renders_in, requests
from contracts.checks.wire import Act, Ending
from contracts.witness.witnessed import Line, TaskSeen

ID = "same-task"
GOOD = "It follows the task that it paid for to its end, through bad polls and unknown words, and keeps its result."

_LOST = frozenset({"failed", "cancelled"})


def judge(case: Case) -> Judgement:
    """FAIL for a paid task that was given up though it was well, and for a success with another task's result."""
    if not case.renders:
        return skipped(ID, Verdict.NOT_EXERCISED)
    if case.outcome.believes_success:
        return judged(ID, list(_confused(case)))
    if case.expected == "failure":
        return skipped(ID, Verdict.NOT_APPLICABLE)
    if case.expected != "success" or all(task.stage in _LOST for task in case.renders):
        return skipped(ID, Verdict.NOT_EXERCISED)
    return judged(ID, list(_given_up(case)))


def _confused(case: Case) -> Iterator[Finding]:
    done = renders_in(case, "succeeded")
    reached = _reached(case)
    if not done or reached & {task.id for task in done}:
        return
    names = ", ".join(sorted(reached)) or "no task at all"
    says = f"it reports success and has reached {names}, while task {done[0].id} was the one that succeeded"
    yield finding(says, GOOD, *_about(case, done[0]))


def _reached(case: Case) -> set[str]:
    """The tasks whose result was fetched, or whose success was heard, or whose link or id was printed."""
    fetched = {line.task_id for line in good_downloads(case)}
    heard = {task_id for task_id, end in ends(case).items() if end.told.ending is Ending.SUCCEEDED}
    printed = {
        task.id
        for task in case.renders
        if task.id in case.outcome.stdout or (task.result_url and task.result_url in case.outcome.stdout)
    }
    return {task_id for task_id in fetched if task_id} | heard | printed


def _given_up(case: Case) -> Iterator[Finding]:
    task = next(task for task in case.renders if task.stage not in _LOST)
    lines = _about(case, task)
    seen = requests(case)
    after_ms = (seen[-1].at_ms if seen else case.now_ms) - task.created_ms
    words = last_words(case)
    why = f", saying {shortened(words[-1], 100)!r}" if words else ""
    stage = "had succeeded" if task.stage == "succeeded" else f"was {task.stage} and well"
    says = f"task {task.id} was paid for and {stage}; the client left it {seconds(after_ms)} after it was accepted{why}"
    yield finding(says, GOOD, *lines)


def _about(case: Case, task: TaskSeen) -> tuple[Line, ...]:
    """The submit of the task, and the last that was asked about it."""
    lines = [line for line in requests(case) if line.task_id == task.id]
    made = [line for line in of(case, Act.SUBMIT) if line.task_id == task.id]
    return (*made[:1], *lines[-2:])


CHECK = Check(ID, "O2", "The task that was paid for is the one it ends with", GOOD, judge)
