"""A task that has ended stays as it is: status, result, moments and reason."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

from contracts.conform.checks.stories import Seen, stories
from contracts.conform.job import finished_job
from contracts.conform.lab import Lab
from contracts.conform.surfaces.surface import Told, is_end
from contracts.conform.verdict import Check, Evidence, Finding


def drive(lab: Lab) -> None:
    finished_job(lab)


def judge(evidence: Evidence) -> Sequence[Finding]:
    return [finding for story in stories(evidence).values() for finding in _changed(evidence, story)]


def _changed(evidence: Evidence, story: Sequence[Seen]) -> Iterator[Finding]:
    end = next((seen for seen in story if is_end(evidence.surface, seen.told.word)), None)
    for seen in story if end else ():
        if end and seen.exchange.number > end.exchange.number and _frozen(seen.told) != _frozen(end.told):
            names = ", ".join(_differences(end.told, seen.told))
            yield Finding(
                f"task {seen.told.id} had ended as {end.told.word} and changed afterwards: {names}",
                (end.exchange.quote(), seen.exchange.quote()),
            )
            return


def _frozen(told: Told) -> dict[str, object]:
    # a link may be signed anew at each answer: what it names is its path
    return {
        "status": told.word,
        "created": told.created,
        "updated": told.updated,
        "result": urlsplit(told.result_url).path,
        "reason": told.reason,
    }


def _differences(one: Told, other: Told) -> list[str]:
    before, after = _frozen(one), _frozen(other)
    return [
        f"{name} {before[name]!r} became {after[name]!r}" for name in before if before[name] != after[name]
    ]


CHECK = Check("terminal-final", "leaves a task that has ended as it is", drive, judge)
