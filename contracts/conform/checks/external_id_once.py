"""An external id names one task of a customer: a second submit with it is refused."""

from __future__ import annotations

from collections.abc import Sequence

from contracts.conform.job import SOUND_FACTS, finished_job
from contracts.conform.lab import Lab
from contracts.conform.surfaces.surface import Order
from contracts.conform.verdict import Check, Evidence, Finding, Skip

ID = "external-id-once"
AGAIN = "an external id again"


def drive(lab: Lab) -> None:
    """Raises Skip where external ids mean nothing."""
    if not lab.surface.has_external_ids:
        raise Skip("this provider documents no external ids")
    job = finished_job(lab)
    if not job.session_id:
        raise Skip("the task of --task was made without us")
    lab.must_spend(1)
    order = Order(job.session_id, lab.sound.having(**SOUND_FACTS), external_id=job.external_id)
    lab.ask(lab.surface.submit(order), label=AGAIN, expects="invalid-value")
    lab.clock.settle()


def judge(evidence: Evidence) -> Sequence[Finding]:
    return [
        Finding("a second task with the same external_task_id is accepted", (exchange.quote(),))
        for exchange in evidence.of(ID)
        if exchange.label == AGAIN and exchange.is_fine
    ]


CHECK = Check(ID, "takes an external id once", drive, judge)
