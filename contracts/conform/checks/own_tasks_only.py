"""Another customer sees nothing of ours: no task, no session, nothing in a list."""

from __future__ import annotations

from collections.abc import Sequence

from contracts.conform.exchange import Caller
from contracts.conform.job import SOUND_FACTS, Job, finished_job, polled_to_end
from contracts.conform.lab import Lab
from contracts.conform.surfaces.surface import Order
from contracts.conform.verdict import Check, Evidence, Finding

ID = "own-tasks-only"
FOREIGN_SESSION = "another customer's session"


def drive(lab: Lab) -> None:
    """Raises Skip where there is no other customer."""
    lab.must_know_another()
    job, surface = finished_job(lab), lab.surface
    lab.ask(surface.poll(job.task_id), Caller.OTHER, "another customer's task", "not-found")
    if job.external_id:
        lab.ask(surface.poll(job.external_id), Caller.OTHER, "another customer's external id", "not-found")
    cancel = surface.cancel(job.task_id)
    if cancel is not None:
        lab.ask(cancel, Caller.OTHER, "cancelling another customer's task", "not-found")
    listing = surface.listing()
    if listing is not None:
        lab.ask(listing, Caller.OTHER, "a list")
    if lab.is_simulator:
        _use_session(lab, job)


def judge(evidence: Evidence) -> Sequence[Finding]:
    ours = {
        told.id
        for exchange in evidence.exchanges
        if exchange.caller is Caller.OWN and exchange.operation in evidence.surface.paid
        if exchange.is_fine and (told := evidence.surface.told(exchange.body))
    }
    findings = []
    for exchange in evidence.of(ID):
        told = evidence.surface.told(exchange.body) if exchange.is_fine else None
        if exchange.expects and told:
            findings.append(Finding(f"{exchange.label} can be had with another key", (exchange.quote(),)))
        elif exchange.label == FOREIGN_SESSION and told and told.word == evidence.surface.success:
            findings.append(Finding(f"{FOREIGN_SESSION} can be used with another key", (exchange.quote(),)))
        findings.extend(
            Finding(f"task {row.id} of ours is in another customer's list", (exchange.quote(),))
            for row in evidence.surface.listed(exchange.body)
            if row.id in ours and exchange.caller is Caller.OTHER
        )
    return findings


def _use_session(lab: Lab, job: Job) -> None:
    order = Order(job.session_id, lab.sound.having(**SOUND_FACTS))
    answer = lab.ask(lab.surface.submit(order), Caller.OTHER, FOREIGN_SESSION)
    told = lab.surface.told(answer.body)
    if told is not None:
        polled_to_end(lab, told.id, FOREIGN_SESSION, Caller.OTHER)


CHECK = Check(ID, "shows and gives nothing of ours to another customer", drive, judge)
