"""Moments are in the documented unit: a task made now was made about now, and was not changed before it was made."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from contracts.conform.checks.stories import Seen, stories
from contracts.conform.job import finished_job
from contracts.conform.lab import Lab
from contracts.conform.verdict import Check, Evidence, Finding

YEAR_2015_S = 1_420_070_400
YEAR_2100_S = 4_102_444_800
DAY_S = 86_400


def drive(lab: Lab) -> None:
    finished_job(lab)


def judge(evidence: Evidence) -> Sequence[Finding]:
    findings: dict[str, Finding] = {}
    for story in stories(evidence).values():
        for seen in story:
            for says in _implausible(evidence, seen):
                findings.setdefault(says.partition(" is ")[0], Finding(says, (seen.exchange.quote(),)))
    return list(findings.values())


def _implausible(evidence: Evidence, seen: Seen) -> Iterator[str]:
    unit = evidence.surface.units_per_s
    name = "milliseconds" if unit == 1000 else "seconds"
    now_ms = seen.exchange.now_ms
    # a day for clocks that differ; where the server does not tell its time, any moment of this century's practice
    latest_s = YEAR_2100_S if now_ms is None else now_ms / 1000 + DAY_S
    for what, moment in (("created", seen.told.created), ("updated", seen.told.updated)):
        if moment is not None and not YEAR_2015_S <= moment / unit <= latest_s:
            yield f"the moment {what!r} is {moment:.0f}, which is no moment of our time in {name}"
    created, updated = seen.told.created, seen.told.updated
    if created is not None and updated is not None and updated < created:
        yield f"the moment 'updated' is before 'created': {updated:.0f} < {created:.0f}"


CHECK = Check("time-units", "tells moments in the documented unit", drive, judge)
