"""Who moved: what the contract says, what was recorded, and what the server answers now, held against each other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress

from msgspec import Struct

from contracts.conform.checks.answer_shape import response_schema, told_in_words, violations_of
from contracts.conform.examples import Example, recorded
from contracts.conform.exchange import Caller, text_at
from contracts.conform.job import SOUND_FACTS, Job, finished_job, polled_to_end
from contracts.conform.lab import Lab
from contracts.conform.shape import differences
from contracts.conform.surfaces.surface import Order, is_end
from contracts.conform.verdict import Evidence, Finding, Moved, Skip

ID = "drift"
TITLE = "answers as recorded, or as the contract has it since"
MOVES = frozenset({"server", "contract", "both"})
_NAMED = 5


class _Now(Struct, frozen=True):
    """A message of this run, and how it is quoted."""

    body: object
    quote: str


def look(lab: Lab) -> None:
    """Ask for what a comparison needs and no check has asked for; a job too, where it can be had."""
    with lab.under(ID):
        for request in lab.surface.looks:
            lab.ask(request)
        with suppress(Skip):
            job = finished_job(lab)
            if lab.is_simulator:
                _look_at_what_costs(lab, job)


def _look_at_what_costs(lab: Lab, job: Job) -> None:
    surface = lab.surface
    for request in surface.paid_looks(lab.video.having(duration_ms=8000, width=1280, height=720)):
        told = surface.told(lab.ask(request).body)
        if told is not None and not is_end(surface, told.word):
            polled_to_end(lab, told.id)
    told = surface.told(lab.ask(surface.submit(Order(job.session_id, lab.sound.having(**SOUND_FACTS)))).body)
    cancel = surface.cancel(told.id) if told else None
    if cancel is not None:
        lab.ask(cancel)
    lab.clock.settle()


def moved(evidence: Evidence, examples: Sequence[Example] = ()) -> Iterator[Moved]:
    """One row for each recorded answer and callback."""
    for example in examples or tuple(recorded(evidence.contract.provider)):
        schema = _schema(evidence, example)
        now = _alike(evidence, example)
        who, says = ("unknown", "no message of this kind came in this run") if now is None else ("", "")
        if now is not None:
            who, says = _judged(evidence, schema, example.body, now.body)
        yield Moved(example.name, example.operation, example.status, who, says, example.page)


def findings(rows: Sequence[Moved]) -> tuple[Finding, ...]:
    """The rows in which somebody has moved."""
    return tuple(
        Finding(f"{row.example} ({row.operation} {row.status or 'callback'}): {row.says}", (row.page,))
        for row in rows
        if row.who in MOVES
    )


def _judged(evidence: Evidence, schema: str | None, then: object, now: object) -> tuple[str, str]:
    """Who moved, and in which way: contract and recording are held to be right until something speaks against them."""
    if schema is None:
        return "contract", "the contract moved: it has no such answer any more"
    broken_then = violations_of(evidence.contract, schema, then)
    broken_now = violations_of(evidence.contract, schema, now)
    if broken_now and not broken_then:
        return (
            "server",
            f"the server moved: contract and recording agree, the answer differs: {told_in_words(broken_now)}",
        )
    if broken_then and not broken_now:
        return (
            "contract",
            f"the contract moved, and the server with it: the recording breaks it: {told_in_words(broken_then)}",
        )
    if broken_then and {v.sentence() for v in broken_then} == {v.sentence() for v in broken_now}:
        return (
            "contract",
            f"the contract moved alone: the server answers as recorded: {told_in_words(broken_then)}",
        )
    if broken_then:
        return "both", f"contract and server moved: now {told_in_words(broken_now)}"
    gone, new = differences(then, now)
    notes = [
        f"{word} {', '.join(sorted(paths)[:_NAMED])}"
        for word, paths in (("without", gone), ("also", new))
        if paths
    ]
    return "nobody", f"within the contract, {' and '.join(notes)}" if notes else "all three agree"


def _schema(evidence: Evidence, example: Example) -> str | None:
    if example.kind == "callback":
        return evidence.surface.callback_schema
    return response_schema(evidence.contract, example.operation, example.status)


def _alike(evidence: Evidence, example: Example) -> _Now | None:
    """A message of this run that is like the example: the same answer, and about a task at the same stage."""
    kind = _kind(evidence, example.body, is_callback=example.kind == "callback")
    return next(
        (now for now in _messages(evidence, example) if _kind_of(evidence, now, example) == kind), None
    )


def _messages(evidence: Evidence, example: Example) -> Iterator[_Now]:
    if example.kind == "callback":
        yield from (_Now(callback.json, callback.quote()) for callback in evidence.callbacks)
        return
    for exchange in evidence.exchanges:
        if exchange.caller is Caller.OTHER:
            continue
        if (exchange.operation, exchange.status) == (example.operation, example.status):
            yield _Now(exchange.body, exchange.quote())


def _kind_of(evidence: Evidence, now: _Now, example: Example) -> tuple[str, str]:
    return _kind(evidence, now.body, is_callback=example.kind == "callback")


def _kind(evidence: Evidence, body: object, *, is_callback: bool) -> tuple[str, str]:
    """The status word and the model, where a message has them."""
    surface = evidence.surface
    told = surface.called_back(body) if is_callback else surface.told(body)
    return (told.word if told else "", text_at(body, "model"))
