"""A session serves to the last second of its life and not a second longer (rule ``session-age``)."""

from __future__ import annotations

from collections.abc import Sequence

from contracts.conform.checks.rulings import Ruling, rulings
from contracts.conform.job import SOUND_FACTS, VIDEO_FACTS, polled_to_end, session
from contracts.conform.lab import Lab
from contracts.conform.surfaces.surface import Order
from contracts.conform.verdict import Check, Evidence, Finding, Skip

ID = "session-expiry"
A_SECOND_MS = 1000
JUST_BEFORE, JUST_AFTER = "a second before the end", "a second after the end"


def drive(lab: Lab) -> None:
    """Raises Skip where a day cannot pass at once."""
    if not lab.clock.can_jump:
        raise Skip("a day would have to pass: only a simulator's clock can be moved")
    max_age_ms = int(lab.contract.rule("lip-sync", "session-age").limits["max_age_s"]) * 1000
    asked_ms = _now_ms(lab)
    session_id, answer = session(lab, lab.video.having(**VIDEO_FACTS))
    if not session_id:
        raise Skip(f"no session could be had: {answer.quote()}")
    # where identify-face is a task, nobody says whether a session begins with the request or with the answer:
    # the one moment is before the end by either count, the other after it
    told_ms = _now_ms(lab)
    _go_to(lab, asked_ms + max_age_ms - A_SECOND_MS)
    _use(lab, session_id, JUST_BEFORE)
    _go_to(lab, told_ms + max_age_ms + A_SECOND_MS)
    _use(lab, session_id, JUST_AFTER)


def judge(evidence: Evidence) -> Sequence[Finding]:
    found = rulings(evidence.surface, evidence.of(ID))
    findings = []
    before, after = found.get(JUST_BEFORE), found.get(JUST_AFTER)
    if before and before.ruling not in {Ruling.ACCEPTED, Ruling.UNKNOWN}:
        findings.append(Finding(f"a session is refused {JUST_BEFORE} of its life", before.quotes))
    if after and after.ruling not in {Ruling.REFUSED, Ruling.UNKNOWN}:
        findings.append(Finding(f"a session is accepted {JUST_AFTER} of its life", after.quotes))
    return findings


def _now_ms(lab: Lab) -> int:
    now_ms = lab.clock.now_ms
    assert now_ms is not None, "a clock that can jump tells its time"
    return now_ms


def _go_to(lab: Lab, moment_ms: int) -> None:
    lab.clock.advance(max(0, moment_ms - _now_ms(lab)) / 1000)


def _use(lab: Lab, session_id: str, label: str) -> None:
    answer = lab.ask(lab.surface.submit(Order(session_id, lab.sound.having(**SOUND_FACTS))), label=label)
    told = lab.surface.told(answer.body)
    if told is not None:
        polled_to_end(lab, told.id, label)


CHECK = Check(ID, "lets a session expire when its time is over, and not before", drive, judge)
