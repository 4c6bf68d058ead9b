"""A list of tasks holds the one that was made, once, and says of it what a poll says."""

from __future__ import annotations

from collections.abc import Sequence

from contracts.conform.checks.stories import stories
from contracts.conform.job import finished_job
from contracts.conform.lab import Lab
from contracts.conform.verdict import Check, Evidence, Finding, Skip

ID = "list-contains"


def drive(lab: Lab) -> None:
    """Raises Skip where a provider has no list."""
    listing = lab.surface.listing()
    if listing is None:
        raise Skip("this provider has no list of tasks")
    job = finished_job(lab)
    lab.ask(lab.surface.poll(job.task_id))
    lab.ask(listing, label=job.task_id)


def judge(evidence: Evidence) -> Sequence[Finding]:
    findings = []
    for exchange in evidence.of(ID):
        if not exchange.label or not exchange.is_fine:
            continue
        rows = [row for row in evidence.surface.listed(exchange.body) if row.id == exchange.label]
        polled = stories(evidence)[exchange.label][-1]
        quotes = (exchange.quote(), polled.exchange.quote())
        if len(rows) != 1:
            times = "not" if not rows else f"{len(rows)} times"
            findings.append(Finding(f"task {exchange.label} is {times} in the list of tasks", quotes))
        elif (rows[0].word, rows[0].created) != (polled.told.word, polled.told.created):
            findings.append(
                Finding(f"the list tells another story of task {exchange.label} than a poll", quotes)
            )
    return findings


CHECK = Check(ID, "lists what was made", drive, judge)
