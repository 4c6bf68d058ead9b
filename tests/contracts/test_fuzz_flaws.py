"""The search against each known-bad client, from scratch: found soon, by the right check, in a short story.

Every run of the tests looks for each flaw at one provider; ``make calibrate`` at all, and plays thousands of stories
with the good client.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from flaws.table import FLAWS

from contracts.bench.function import FunctionBench
from contracts.checks.table import CHECK_BY_ID
from contracts.contract import PROVIDERS
from contracts.fuzz import Campaign, fuzz
from contracts.strategies.stories import Scope

MakeBench = Callable[..., FunctionBench]
Flawed = Callable[[str], AbstractContextManager[None]]

FULL = os.environ.get("LIPFLAP_CALIBRATE") == "full"
EVERYTHING = Scope(callbacks=True, crashes=True)
MOST_STORIES = 6_000
"""Two minutes at fifty a second."""
MOST_CHANGES = 3
GOOD_STORIES = 3_000 if FULL else 30

HARMLESS = {("retries-every-failed-submit", "kling"), ("retries-every-failed-submit", "kirin")}
"""Where the caller's own id is good for one task, a second submit is refused and costs nothing."""
UNPAID = {("gives-up-at-first-bad-poll", "kirin"), ("treats-unknown-status-as-failure", "kirin")}
"""At Kirin looking for faces is a task too: what is given up at its polls has cost nothing, and is not O2."""


def places() -> list[tuple[str, str]]:
    """Flaws and the providers where they show; one provider each where not all are wanted."""
    shown = {
        name: [one for one in sorted(flaw.providers) if (name, one) not in HARMLESS]
        for name, flaw in FLAWS.items()
    }
    return [(name, provider) for name, known in shown.items() for provider in (known if FULL else known[:1])]


@pytest.mark.parametrize(("flaw", "provider"), places())
def test_a_flaw_is_found_soon_and_its_story_is_short(
    flaw: str, provider: str, make_bench: MakeBench, flawed: Flawed
) -> None:
    with flawed(flaw):
        report = fuzz(make_bench(listens=True), Campaign(provider, EVERYTHING, MOST_STORIES))
    found = report.found
    assert found is not None
    assert found.is_sure
    assert found.story.changes <= MOST_CHANGES, found.story.body()
    oracle = CHECK_BY_ID[found.check].oracle
    assert oracle in FLAWS[flaw].red or (found.check == "survives" and (flaw, provider) in UNPAID), found


@pytest.mark.parametrize("provider", PROVIDERS)
def test_the_good_client_survives_every_story(provider: str, make_bench: MakeBench) -> None:
    report = fuzz(make_bench(listens=True), Campaign(provider, EVERYTHING, GOOD_STORIES, seed=7))
    assert report.found is None, report.found and report.found.story.body()
    assert report.played == GOOD_STORIES
