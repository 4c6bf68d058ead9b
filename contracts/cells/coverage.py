"""Error-path coverage: which of a provider's documented outcomes a client has met.

An outcome is an operation of a job (identify, submit, poll) with a status or a row of the error table, a failure that
a poll tells, or a final stage, told by a poll or by a callback: ``submit:error:rate-limited``, ``poll:http:503``,
``poll:failure:task-failed``, ``callback:stage:succeeded``. Only what reached the client counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import cast

from contracts.cells.result import Coverage
from contracts.checks.hearing import Heard, heard
from contracts.checks.wire import DIALECTS, Act, Ending, act_of, told
from contracts.contract import Contract
from contracts.model import Channel, ErrorCode, Operation
from contracts.witness.witnessed import Line, TaskSeen

JOB = (Act.IDENTIFY, Act.SUBMIT, Act.POLL)
"""What every job does. Listing and cancelling are a client's own choice."""

_CREATE = (Act.IDENTIFY, Act.SUBMIT)
ONLY_AT: Mapping[str, tuple[Act, ...]] = {
    "invalid-request": _CREATE,
    "invalid-value": _CREATE,
    "too-large": _CREATE,
    "moderation": _CREATE,
    "policy": _CREATE,
    "unknown-model": _CREATE,
    "model-not-allowed": _CREATE,
    "upstream-error": (Act.IDENTIFY,),
    "slots-full": (Act.SUBMIT,),
    "not-found": (Act.POLL,),
    "conflict": (),
}
"""Rows that only some operations can give, though their statuses are documented for others too."""

ELSEWHERE: Mapping[str, frozenset[str]] = {"gmi": frozenset({"auth-expired", "auth-failed"})}
"""Rows of operations that are no part of a job: logging in, refreshing a session."""


def coverage_of(contract: Contract, lines: Iterable[Line], tasks: Iterable[TaskSeen]) -> Coverage:
    """What is documented, and what a client has met in ``lines``; outcomes that nobody documents are met as well."""
    failures = {
        task.id: task.failure for task in tasks if task.provider == contract.provider and task.failure
    }
    ours = (line for line in lines if line.provider == contract.provider)
    met = {outcome for line in ours for outcome in _met(line, failures)}
    return Coverage(known_outcomes(contract), tuple(sorted(met)))


def merged(parts: Iterable[Coverage]) -> Coverage:
    """What several cells have met together."""
    known: set[str] = set()
    met: set[str] = set()
    for part in parts:
        known.update(part.known)
        met.update(part.met)
    return Coverage(tuple(sorted(known)), tuple(sorted(met)))


def known_outcomes(contract: Contract) -> tuple[str, ...]:
    """Every documented outcome of a job, sorted."""
    known = {outcome for act in JOB for outcome in _documented(contract, act)}
    known.update(
        f"poll:failure:{row.name}" for row in contract.errors.values() if row.channel is Channel.TASK
    )
    channels = ("poll", "callback") if _calls_back(contract) else ("poll",)
    endings = set(DIALECTS[contract.provider].task.ends.values())
    known.update(f"{channel}:stage:{ending}" for channel in channels for ending in endings)
    return tuple(sorted(known))


def _documented(contract: Contract, act: Act) -> Iterator[str]:
    statuses = {status for operation in _operations(contract, act) for status in operation.statuses}
    yield from (f"{act}:http:{status}" for status in statuses)
    for row in contract.errors.values():
        if row.channel is Channel.HTTP and row.http_status in statuses and _can_give(contract, act, row):
            yield f"{act}:error:{row.name}"


def _operations(contract: Contract, act: Act) -> Sequence[Operation]:
    dialect = DIALECTS[contract.provider]
    serves_many = act in dialect.models.values()
    return [
        operation
        for name, operation in contract.operations.items()
        if (known := dialect.acts.get(name)) is act or (serves_many and known is Act.OTHER)
    ]


def _can_give(contract: Contract, act: Act, row: ErrorCode) -> bool:
    is_elsewhere = row.name in ELSEWHERE.get(contract.provider, frozenset())
    return act in ONLY_AT.get(row.name, JOB) and not is_elsewhere


def _calls_back(contract: Contract) -> bool:
    paths = cast(Mapping[str, Mapping[str, object]], contract.document["paths"])
    return any(
        "callbacks" in operation
        for item in paths.values()
        for operation in item.values()
        if isinstance(operation, Mapping)
    )


def _met(line: Line, failures: Mapping[str, str | None]) -> Iterator[str]:
    act = act_of(line)
    if act is Act.CALLBACK:
        yield from _ending_of(line, "callback") if line.status else ()
    elif act in JOB and heard(line) is Heard.NO:
        yield f"{act}:no-answer"
    elif act in JOB:
        yield f"{act}:http:{line.status}"
        if line.error:
            yield f"{act}:error:{line.error}"
        if act is Act.POLL:
            yield from _ending_of(line, "poll")
            yield from _failure_of(line, failures)


def _ending_of(line: Line, channel: str) -> Iterator[str]:
    said = told(line)
    if said and said.ending.is_end:
        yield f"{channel}:stage:{said.ending}"


def _failure_of(line: Line, failures: Mapping[str, str | None]) -> Iterator[str]:
    said = told(line)
    row = failures.get(line.task_id or "")
    if said and said.ending is Ending.FAILED and row:
        yield f"poll:failure:{row}"
