"""No id is given twice: not to tasks, not to sessions, not to answers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from contracts.conform.exchange import Caller, Exchange
from contracts.conform.job import SOUND_FACTS, VIDEO_FACTS, finished_job, session
from contracts.conform.lab import Lab
from contracts.conform.surfaces.surface import Order
from contracts.conform.verdict import Check, Evidence, Finding

TASKS = 8
"""How many tasks a simulator is asked to make in a row."""


def drive(lab: Lab) -> None:
    """At another server the job's own ids have to do."""
    finished_job(lab)
    if not lab.is_simulator:
        return
    for _ in range(TASKS):
        session_id, _ = session(lab, lab.video.having(**VIDEO_FACTS))
        lab.ask(lab.surface.submit(Order(session_id, lab.sound.having(**SOUND_FACTS))))
        lab.clock.settle()


def judge(evidence: Evidence) -> Sequence[Finding]:
    return [
        *_repeats("task", _made(evidence)),
        *_repeats("session", _opened(evidence)),
        *_repeats("answer", _answered(evidence)),
    ]


def _made(evidence: Evidence) -> Iterator[tuple[str, Exchange]]:
    for exchange in _creations(evidence):
        told = evidence.surface.told(exchange.body)
        if told is not None:
            yield told.id, exchange


def _opened(evidence: Evidence) -> Iterator[tuple[str, Exchange]]:
    for exchange in _creations(evidence):
        session_id = evidence.surface.session_of(exchange.body)
        if session_id:
            yield session_id, exchange


def _answered(evidence: Evidence) -> Iterator[tuple[str, Exchange]]:
    for exchange in evidence.exchanges:
        answer_id = evidence.surface.answer_id(exchange.body)
        if answer_id:
            yield answer_id, exchange


def _creations(evidence: Evidence) -> Iterator[Exchange]:
    for exchange in evidence.exchanges:
        if exchange.is_fine and exchange.caller is Caller.OWN and exchange.operation in evidence.surface.paid:
            yield exchange


def _repeats(what: str, given: Iterator[tuple[str, Exchange]]) -> Iterator[Finding]:
    first: dict[str, Exchange] = {}
    for id_, exchange in given:
        if id_ in first:
            yield Finding(f"two have the {what} id {id_}", (first[id_].quote(), exchange.quote()))
        first.setdefault(id_, exchange)


CHECK = Check("unique-ids", "gives no id twice", drive, judge)
