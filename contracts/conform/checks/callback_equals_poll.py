"""What a callback says of a task's end is what a poll says of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

from contracts.conform.checks.stories import Seen, stories
from contracts.conform.exchange import Delivered
from contracts.conform.job import finished_job
from contracts.conform.lab import Lab
from contracts.conform.surfaces.surface import Told, is_end
from contracts.conform.verdict import Check, Evidence, Finding, Skip


def drive(lab: Lab) -> None:
    """Raises Skip where no callback can be expected."""
    if not lab.surface.calls_back:
        raise Skip("no callback is promised by this provider")
    if lab.listener is None:
        raise Skip("the server cannot reach us: --callback-listen")
    if not finished_job(lab).callback_url:
        raise Skip("the task of --task was made without us")


def judge(evidence: Evidence) -> Sequence[Finding]:
    told_of = stories(evidence)
    called = [
        (callback, told)
        for callback in evidence.callbacks
        if (told := evidence.surface.called_back(callback.json)) and is_end(evidence.surface, told.word)
    ]
    findings = [
        finding
        for callback, told in called
        if told.id in told_of
        for finding in _against(evidence, callback, told, told_of[told.id])
    ]
    asked = any(b"callback_url" in exchange.sent for exchange in evidence.of("job"))
    if asked and evidence.surface.calls_back and evidence.expects_callback and not called:
        findings.append(Finding("a task with a callback_url ended, and no callback told of it"))
    return findings


def _against(evidence: Evidence, callback: Delivered, told: Told, story: Sequence[Seen]) -> Iterator[Finding]:
    poll = next((seen for seen in story if is_end(evidence.surface, seen.told.word)), None)
    if poll is None:
        return
    said, polled = _comparable(told), _comparable(poll.told)
    differences = [
        f"{name} is {said[name]!r} in the callback and {polled[name]!r} in the poll"
        for name in said
        if None not in {said[name], polled[name]} and said[name] != polled[name]
    ]
    if differences:
        yield Finding("; ".join(differences), (callback.quote(), poll.exchange.quote()))


def _comparable(told: Told) -> dict[str, object]:
    return {
        "status": told.word,
        "result": urlsplit(told.result_url).path,
        "created": told.created,
        "updated": told.updated,
    }


CHECK = Check("callback-equals-poll", "says in a callback what it says in a poll", drive, judge)
