"""Crash and resume: the client is killed at a step of its work and started again with the same environment.

The steps are held still by a fault: an answer that never comes keeps the client where it is while it is killed, so the
same step is met each time. What is expected is that it goes on with the task it has paid for.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from msgspec.structs import replace

from contracts.checks.wire import Act, act_of
from contracts.client.model import Client, Ending, Job, Running
from contracts.witness.admin import Admin
from contracts.witness.journal import journal_of
from contracts.witness.scenario import Crash, Facts, Origin, Scenario, scenario_from
from contracts.witness.wall import steady_s

GROUP = "resume"
LOOK_EVERY_S = 0.02
ANY = "any"
_STEP = re.compile(rf"{GROUP}/at-step-([1-9]\d{{0,3}})")
_MOTIVE = "A worker that died amid a job began the job anew, and the same video was paid for twice."


def _row(name: str, title: str, says: str, fault: str, crash: Crash, outcome: str = "success") -> Scenario:
    body: dict[str, object] = {
        "name": f"{GROUP}/{name}",
        "title": title,
        "says": f"{says} A good client goes on with the task that it has paid for, and submits nothing again.",
        "pace": "polls:4",
        "faults": [fault] if fault else [],
        "expect": {"outcome": outcome},
        "motive": _MOTIVE,
    }
    return Scenario(str(body["name"]), body, origin=Origin.RUNNER, crash=crash)


ROWS = (
    _row(
        "at-submit",
        "The client dies while it waits for the answer to its submit",
        "The task is accepted; the client is killed before the answer reaches it, and started again.",
        "submit-accepted-slow-reply;delay_ms=3600000",
        Crash("submit"),
        "either",
    ),
    _row(
        "after-submit",
        "The client dies when it has submitted",
        "The client is killed at its first poll, and started again.",
        "stall-headers@poll#1",
        Crash("poll"),
    ),
    _row(
        "at-poll-2",
        "The client dies while the task runs",
        "The client is killed at its second poll, and started again.",
        "stall-headers@poll#2",
        Crash("poll", 2),
    ),
    _row(
        "at-download",
        "The client dies before it has the video",
        "The task has succeeded; the client is killed at its first download, and started again.",
        "stall-headers@download#1",
        Crash("download"),
    ),
)
"""What every run plays. ``resume/at-step-K`` is any other step: as soon as K requests stand in the journal."""


def resume_scenarios(catalogue: Mapping[str, Facts]) -> tuple[Scenario, ...]:
    """The rows, with what the catalogue says of their faults."""
    return tuple(_with_faults(row, catalogue) for row in ROWS)


def resume_scenario(name: str, catalogue: Mapping[str, Facts]) -> Scenario | None:
    """One by its name, ``resume/at-step-K`` included; None for a name of another kind."""
    match = _STEP.fullmatch(name)
    if match is not None:
        count = int(match[1])
        return _row(
            f"at-step-{count}",
            f"The client dies after {count} requests",
            f"The client is killed as soon as {count} of its requests are answered, and started again.",
            "",
            Crash(ANY, count),
            "either",
        )
    return next((_with_faults(row, catalogue) for row in ROWS if row.name == name), None)


def _with_faults(row: Scenario, catalogue: Mapping[str, Facts]) -> Scenario:
    return replace(scenario_from(row.body, catalogue, Origin.RUNNER), crash=row.crash)


def killed_and_resumed(
    client: Client,
    job: Job,
    crash: Crash,
    admin: Admin,
    wait: Callable[[Running], Ending],
    deadline_s: float,
) -> Ending:
    """How the second run ended; the first one's where it ended before it came so far.

    ``deadline_s`` is a moment of ``wall.steady_s``. Raises AdminError, ClientError.
    """
    first = client.start(job)
    while not is_reached(crash, admin):
        ending = first.wait(LOOK_EVERY_S)
        if ending is not None:
            return ending
        if steady_s() > deadline_s:
            return first.kill()
    ending = first.kill()
    if not ending.is_killed:
        return ending
    return wait(client.start(job))


def is_reached(crash: Crash, admin: Admin) -> bool:
    """Whether the client has come to where it is to be killed; polls and downloads count behind the submit."""
    acts = [act_of(line) for line in journal_of(admin)]
    if crash.operation in {Act.POLL, Act.DOWNLOAD}:
        acts = acts[acts.index(Act.SUBMIT) :] if Act.SUBMIT in acts else []
    return sum(crash.operation in {ANY, act} for act in acts) >= crash.requests
