"""Rules with a number hold at that number and not one step beyond it: ``contracts/<provider>/rules.py``, row by row."""

from __future__ import annotations

from collections.abc import Sequence

from contracts.conform.checks.rulings import Ruling, rulings
from contracts.conform.edges import Edge, edges
from contracts.conform.job import polled_to_end, session
from contracts.conform.lab import Lab
from contracts.conform.surfaces.surface import Order
from contracts.conform.verdict import Check, Evidence, Finding

ID = "timing-rules"
AT, BEYOND = "at the edge", "one step beyond"


def drive(lab: Lab) -> None:
    """Raises Skip where media cannot be made up."""
    lab.must_be_simulator("be given media with made-up facts")
    for edge in edges(lab.contract):
        _try(lab, edge, f"{edge.says}: {AT}", is_beyond=False)
        _try(lab, edge, f"{edge.says}: {BEYOND}", is_beyond=True)


def judge(evidence: Evidence) -> Sequence[Finding]:
    findings = []
    for label, ruled in rulings(evidence.surface, evidence.of(ID)).items():
        wanted = Ruling.REFUSED if label.endswith(BEYOND) else Ruling.ACCEPTED
        if ruled.ruling not in {wanted, Ruling.UNKNOWN}:
            findings.append(Finding(f"{label}: {ruled.ruling}, and must be {wanted}", ruled.quotes))
    return findings


def _try(lab: Lab, edge: Edge, label: str, *, is_beyond: bool) -> None:
    attempt = edge.beyond if is_beyond else edge.at
    video = lab.video.having(**attempt.video)
    session_id, _ = session(lab, video, label)
    if not session_id or edge.is_about_video:
        return
    clip = attempt.clip
    order = Order(session_id, lab.sound.having(**attempt.sound), clip.start_ms, clip.end_ms, clip.insert_ms)
    told = lab.surface.told(lab.ask(lab.surface.submit(order), label=label).body)
    if told is not None:
        lab.clock.settle()
        polled_to_end(lab, told.id, label)


CHECK = Check(ID, "keeps rules to the millisecond, byte and pixel", drive, judge)
