"""O10: every job comes to an end within its budget, and every chain of redirects too."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from statistics import median

from contracts.checks.evidence import finding, seconds
from contracts.checks.model import Case, Check, Finding, Judgement, judged
from contracts.checks.story import of, requests
from contracts.checks.wire import Act
from contracts.witness.witnessed import Line

ID = "gives-up-in-time"
GOOD = "It has a deadline for the whole job, and when that is up it says so and names the task."

MOST_HOPS = 50
"""The most patient of common clients, curl, follows so many."""
_ONE_CHAIN_MS, _TYPICAL_HOPS = 1_000, 10
"""A longer pause begins a new chain. Where time is faster every hop takes longer, so it goes by a typical one too."""


def judge(case: Case) -> Judgement:
    """FAIL for a client that had to be killed, took longer than the deadline, or followed redirects without end."""
    return judged(ID, [*_too_late(case), *_too_many_hops(case)])


def _too_late(case: Case) -> Iterator[Finding]:
    outcome, last = case.outcome, requests(case)[-2:]
    if outcome.is_killed:
        says = (
            f"it did not end by itself and was killed after {seconds(outcome.took_ms)} on the server's clock"
        )
        yield finding(says, GOOD, *last)
    elif outcome.took_ms > case.deadline_ms:
        says = f"it took {seconds(outcome.took_ms)} on the server's clock; {seconds(case.deadline_ms)} are enough"
        yield finding(says, GOOD, *last)


def _too_many_hops(case: Case) -> Iterator[Finding]:
    downloads = of(case, Act.DOWNLOAD)
    longest_ms = max(_ONE_CHAIN_MS, _TYPICAL_HOPS * _typical_ms(downloads))
    chain: list[Line] = []
    for line in downloads:
        if chain and line.at_ms - chain[-1].at_ms > longest_ms:
            chain = []
        chain = [*chain, line] if 300 <= line.status < 400 else []
        if len(chain) > MOST_HOPS:
            says = f"it followed more than {MOST_HOPS} redirects in a row, from #{chain[0].number} on"
            yield finding(says, GOOD, *chain)
            return


def _typical_ms(downloads: Sequence[Line]) -> float:
    hops = [
        later.at_ms - earlier.at_ms for earlier, later in pairwise(downloads) if 300 <= earlier.status < 400
    ]
    return median(hops) if hops else 0.0


CHECK = Check(ID, "O10", "It gives up in time", GOOD, judge)
