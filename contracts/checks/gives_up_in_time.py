"""O10: every job comes to an end within its budget, and every chain of redirects too."""

from __future__ import annotations

from collections.abc import Iterator

from contracts.checks.evidence import finding, seconds
from contracts.checks.model import Case, Check, Finding, Judgement, judged
from contracts.checks.story import of, requests
from contracts.checks.wire import Act
from contracts.witnessed import Line

ID = "gives-up-in-time"
GOOD = "It has a deadline for the whole job, and when that is up it says so and names the task."

MOST_HOPS = 50
"""The most patient of common clients, curl, follows so many."""
_ONE_CHAIN_MS = 1_000


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
    chain: list[Line] = []
    for line in of(case, Act.DOWNLOAD):
        if chain and line.at_ms - chain[-1].at_ms > _ONE_CHAIN_MS:
            chain = []
        chain = [*chain, line] if 300 <= line.status < 400 else []
        if len(chain) > MOST_HOPS:
            says = f"it followed more than {MOST_HOPS} redirects in a row, from #{chain[0].number} on"
            yield finding(says, GOOD, *chain)
            return


CHECK = Check(ID, "O10", "It gives up in time", GOOD, judge)
