"""The search: silent about a good client, and for a bad one the shortest story that shows its bug."""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from flaws.table import FLAWS
from hypothesis.database import InMemoryExampleDatabase

from contracts.bench.function import FunctionBench
from contracts.checks.model import Finding, Judgement, Verdict
from contracts.event import event_of
from contracts.fuzz import Campaign, Progress, fuzz, named_check, shorter
from contracts.result import Cell
from contracts.scenario import Crash
from contracts.story import Story
from contracts.strategies.stories import Scope
from contracts.witnessed import Outcome

MakeBench = Callable[..., FunctionBench]
Flawed = Callable[[str], AbstractContextManager[None]]
FULL = Scope(callbacks=True, crashes=True)
QUICK: dict[str, set[str]] = {
    "polls-after-the-end": {"no-poll-after-end"},
    "invites-a-resubmit": {"ambiguous-words"},
    "hides-the-reason": {"failure-reported"},
    "takes-any-200-as-video": {"whole-file", "same-task"},
    "retries-every-failed-submit": {"one-submit"},
    "resubmits-after-restart": {"one-submit"},
}
"""Flaws that are found in a moment, and the checks that name each."""
WANTED = sorted(FLAWS if os.environ.get("LIPFLAP_FUZZ") == "full" else QUICK)
"""``make fuzz`` looks for every one of them."""
MOST_CHANGES = 3


class Toy:
    """A bench without a client: the story itself says whether it breaks."""

    label = "toy"

    def __init__(self, breaks: Callable[[Story], str]) -> None:
        self.catalogue: dict[str, dict[str, object]] = {}
        self.played: list[Story] = []
        self._breaks = breaks

    def play(self, story: Story, *, in_full: bool = False) -> Cell:
        self.played.append(story)
        check = self._breaks(story)
        failed = Judgement(check, Verdict.FAIL, (Finding("it did", "it would not"),))
        passed = Judgement("survives", Verdict.PASS)
        judgements = (failed,) if check else (passed,)
        return Cell("story", story.provider, 0, "", "", "success", judgements, Outcome(0), (), (), "")


def has(story: Story, fault: str) -> bool:
    return any(event.fault == fault for event in story.events)


def test_the_good_client_survives_every_story(make_bench: MakeBench) -> None:
    for provider in ("kling", "gmi", "kirin"):
        campaign = Campaign(provider, FULL, max_examples=40, seed=7)
        report = fuzz(make_bench(listens=True), campaign)
        assert report.found is None, report.found and report.found.story.body()
        assert report.played > 20


@pytest.mark.parametrize("flaw", WANTED)
def test_a_bug_is_found_within_two_minutes_and_its_story_is_short(
    flaw: str, make_bench: MakeBench, flawed: Flawed
) -> None:
    # one flaw is of Kling's envelope; and where a caller's own id is good for one task, a second submit costs nothing
    provider = "kling" if flaw == "reads-message-instead-of-status" else "gmi"
    campaign = Campaign(provider, FULL, max_examples=50_000, seed=1, max_time_s=120)
    with flawed(flaw):
        report = fuzz(make_bench(listens=True), campaign)
    assert report.found is not None
    assert report.found.story.changes <= MOST_CHANGES, report.found.story.body()
    assert report.found.check in QUICK.get(flaw, {report.found.check})


def test_a_story_is_shortened_to_what_matters() -> None:
    toy = Toy(lambda story: "one-submit" if has(story, "stuck-queued") else "")
    report = fuzz(toy, Campaign("kling", max_examples=2_000))
    assert report.found is not None
    assert report.found.story == Story("kling", events=(event_of("stuck-queued"),))


def test_two_bugs_are_not_mixed_up() -> None:
    def breaks(story: Story) -> str:
        if has(story, "redirect-loop"):
            return "gives-up-in-time"
        return "whole-file" if has(story, "gateway-502-html") else ""

    report = fuzz(Toy(breaks), Campaign("kling", max_examples=2_000))
    assert report.found is not None
    wanted = {"gives-up-in-time": "redirect-loop", "whole-file": "gateway-502-html"}[report.found.check]
    assert [event.fault for event in report.found.story.events] == [wanted]


def test_nobody_is_asked_twice_about_the_same_story() -> None:
    toy = Toy(lambda _: "")
    fuzz(toy, Campaign("kling", max_examples=300))
    assert len({repr(story) for story in toy.played}) == len(toy.played)


def test_the_same_seed_tells_the_same_stories() -> None:
    first, second, other = Toy(lambda _: ""), Toy(lambda _: ""), Toy(lambda _: "")
    for toy, seed in ((first, 3), (second, 3), (other, 4)):
        fuzz(toy, Campaign("gmi", max_examples=50, seed=seed))
    assert first.played == second.played
    assert first.played != other.played


def test_a_database_brings_the_bug_back_at_once() -> None:
    database = InMemoryExampleDatabase()
    first = Toy(lambda story: "one-submit" if has(story, "stuck-queued") else "")
    fuzz(first, Campaign("kling", max_examples=2_000), database)
    again = Toy(lambda story: "one-submit" if has(story, "stuck-queued") else "")
    report = fuzz(again, Campaign("kling", max_examples=2_000, seed=99), database)
    assert report.found is not None
    assert has(again.played[0], "stuck-queued")


def test_time_ends_a_search_and_keeps_what_it_has() -> None:
    toy = Toy(lambda story: "one-submit" if story.events else "")
    report = fuzz(toy, Campaign("kling", max_time_s=0.0))
    assert report.played <= 1


def test_only_the_wanted_check_counts() -> None:
    toy = Toy(lambda story: "one-submit" if story.events else "")
    report = fuzz(toy, Campaign("kling", max_examples=100, checks=frozenset({"whole-file"})))
    assert report.found is None


def test_a_client_that_fails_only_sometimes_is_told_apart() -> None:
    chance = random.Random(1)
    toy = Toy(lambda story: "one-submit" if story.events and chance.random() < 0.3 else "")
    report = fuzz(toy, Campaign("kling", max_examples=200))
    assert report.found is not None
    assert report.found.check == "one-submit"


def test_progress_is_told() -> None:
    heard: list[Progress] = []
    fuzz(Toy(lambda _: ""), Campaign("kling", max_examples=20), listener=heard.append)
    assert [one.played for one in heard] == list(range(1, len(heard) + 1))


def test_a_telling_check_names_the_failure() -> None:
    judgements = tuple(Judgement(name, Verdict.FAIL) for name in ("survives", "one-submit", "whole-file"))
    cell = Cell("story", "kling", 0, "", "", "success", judgements, Outcome(1), (), (), "")
    assert named_check(cell) == "one-submit"
    assert named_check(cell, frozenset({"survives"})) == "survives"


def test_shorter_stories_leave_out_one_thing_each() -> None:
    story = Story(
        "kling",
        pace="polls:3",
        video={"faces": 2, "width": 720},
        events=(event_of("empty-200@poll#1"), event_of("rate-429-seconds@poll#1;retry_after_s=30")),
        crash=Crash("poll"),
    )
    found = list(shorter(story))
    assert all(one.size < story.size for one in found)
    assert {one.changes for one in found} == {story.changes - 1, story.changes}
    assert list(shorter(Story("kling"))) == []
