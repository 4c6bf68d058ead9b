"""A task's status never goes backwards, up to its end, and is always a word that is documented."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from contracts.conform.checks.stories import Seen, stories
from contracts.conform.job import finished_job
from contracts.conform.lab import Lab
from contracts.conform.surfaces.surface import is_end
from contracts.conform.verdict import Check, Evidence, Finding


def drive(lab: Lab) -> None:
    finished_job(lab)


def judge(evidence: Evidence) -> Sequence[Finding]:
    return [finding for story in stories(evidence).values() for finding in _backwards(evidence, story)]


def _backwards(evidence: Evidence, story: Sequence[Seen]) -> Iterator[Finding]:
    ranks, last = evidence.surface.ranks, None
    for seen in story:
        if seen.told.word not in ranks:
            continue  # answer-shape tells of words that are none
        if last is not None and ranks[seen.told.word] < ranks[last.told.word]:
            yield Finding(
                f"task {seen.told.id} went from {last.told.word} back to {seen.told.word}",
                (last.exchange.quote(), seen.exchange.quote()),
            )
        last = seen
        if is_end(evidence.surface, seen.told.word):
            return  # what comes after the end is terminal-final's


CHECK = Check("status-order", "never takes a status back before the end", drive, judge)
