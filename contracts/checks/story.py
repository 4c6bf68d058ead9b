"""What happened in a case, told from its journal: the job's own requests, its polls, the ends that the client heard."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from itertools import chain

from msgspec import Struct

from contracts.checks.hearing import LOST, Heard, heard
from contracts.checks.model import Case
from contracts.checks.wire import Act, Ending, Told, act_of, told
from contracts.witness.witnessed import Line, TaskSeen

NO_VIDEO = frozenset({"media-is-html", "media-no-moov", "media-zero-bytes"})
"""Faults that serve something else under the video's name: it may arrive whole and is no result."""


class End(Struct, frozen=True):
    """The poll that told a client the end of a task, beyond doubt."""

    line: Line
    told: Told


def requests(case: Case) -> tuple[Line, ...]:
    """The requests about this job, in the order in which they began; those about a task of another are left out."""
    known = _own_tasks(case)
    ours = (line for line in case.requests if line.provider == case.provider)
    return tuple(
        sorted(
            (line for line in ours if line.task_id is None or line.task_id in known),
            key=lambda line: line.number,
        )
    )


def _own_tasks(case: Case) -> set[str | None]:
    """The tasks that the server has for this job, and those that its requests have made."""
    ours = (line for line in case.requests if line.provider == case.provider)
    made = {line.task_id for line in ours if act_of(line) in {Act.SUBMIT, Act.IDENTIFY}}
    return {task.id for task in case.tasks} | (made - {None})


def callbacks(case: Case) -> tuple[Line, ...]:
    """The callbacks about this job's tasks that were sent, in order."""
    known = _own_tasks(case)
    ours = (line for line in case.callbacks if line.provider == case.provider and line.task_id in known)
    return tuple(sorted(ours, key=lambda line: line.number))


def of(case: Case, *acts: Act) -> tuple[Line, ...]:
    """The job's requests of these kinds."""
    return tuple(line for line in requests(case) if act_of(line) in acts)


def polls_by_task(case: Case) -> Mapping[str, tuple[Line, ...]]:
    """The polls of each task that exists."""
    found: dict[str, list[Line]] = {}
    for line in of(case, Act.POLL):
        if line.task_id is not None:
            found.setdefault(line.task_id, []).append(line)
    return {task_id: tuple(lines) for task_id, lines in found.items()}


def ends(case: Case) -> Mapping[str, End]:
    """By task: the first poll from which every client knows the end. A callback alone is hearsay."""
    found: dict[str, End] = {}
    for line in chain.from_iterable(polls_by_task(case).values()):
        said = end_told(line)
        if said and line.task_id is not None:
            found.setdefault(line.task_id, End(line, said))
    return found


def end_told(poll: Line) -> Told | None:
    """What the poll says of the end, if every client knows it from this answer."""
    said = told(poll) if poll.status == 200 and heard(poll) is Heard.YES else None
    return said if said and said.is_end else None


def came_after(line: Line, end: Line) -> bool:
    """Whether ``line`` began behind ``end``'s answer: what began in the same instant may have been on its way."""
    return line.number > end.number and line.at_ms > end.at_ms


def may_begin_anew(case: Case, end: End) -> bool:
    """Whether the failure that ``end`` told allows a second job: a row that may be repeated, or a stale session."""
    task = task_named(case, end.line.task_id)
    row = case.contract.errors.get((task.failure if task else None) or "")
    return end.told.ending is Ending.FAILED and (
        (row is not None and row.is_retryable) or "session" in end.told.reason.lower()
    )


def task_named(case: Case, task_id: str | None) -> TaskSeen | None:
    return next((task for task in case.tasks if task.id == task_id), None)


def renders_in(case: Case, *stages: str) -> tuple[TaskSeen, ...]:
    return tuple(task for task in case.renders if task.stage in stages)


def good_downloads(case: Case) -> tuple[Line, ...]:
    """Downloads that brought the whole of something, or a part that was asked for."""
    return tuple(
        line
        for line in of(case, Act.DOWNLOAD)
        if line.method == "GET" and line.status in {200, 206} and not LOST.intersection(line.faults)
    )


def failed_downloads(case: Case) -> tuple[Line, ...]:
    """Downloads that brought nothing to keep. A redirect is a way, not a failure."""
    return tuple(
        line
        for line in of(case, Act.DOWNLOAD)
        if line.status == 0 or line.status >= 400 or LOST.union(NO_VIDEO).intersection(line.faults)
    )


def has_video(case: Case) -> bool:
    """Whether the client holds the result: a file that was served whole, or the result's link in what it printed."""
    if case.outcome.output_digest:
        return case.outcome.output_digest in served_digests(case)
    if case.outcome.output_bytes is not None:
        return False
    links = {task.result_url for task in case.renders} | {
        end.told.result for end in ends(case).values() if end.told.ending is Ending.SUCCEEDED
    }
    return any(link and link in case.outcome.stdout for link in links)


def served_digests(case: Case) -> frozenset[str]:
    """The digests of the videos that the client was served; a part of a file goes by the whole file's."""
    return frozenset(
        line.response_digest
        for line in of(case, Act.DOWNLOAD)
        if line.response_digest and line.status in {200, 206} and not NO_VIDEO.intersection(line.faults)
    )


def has_fault(case: Case, ids: Collection[str]) -> bool:
    """Whether one of these faults is part of the scenario."""
    return any(fault in ids for fault in case.faults)


def mapping_at(value: Mapping[str, object], *names: str) -> Mapping[str, object]:
    """The object at this place of the scenario; an empty one where there is none."""
    for name in names:
        inner = value.get(name)
        value = inner if isinstance(inner, Mapping) else {}
    return value


def last_words(case: Case) -> Sequence[str]:
    """The lines that the client has left on standard error."""
    return [line for line in case.outcome.stderr.splitlines() if line.strip()]
