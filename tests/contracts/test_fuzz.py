"""The search: silent about a good client, and for a bad one the shortest story that shows its bug."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext

from hypothesis.database import InMemoryExampleDatabase

from contracts.cells.result import Cell
from contracts.checks.model import Finding, Judgement, Verdict
from contracts.examples import Examples
from contracts.fuzz import Campaign, Progress, fuzz, named_check
from contracts.stories.story import HAPPY_PACE, Story
from contracts.strategies.stories import PACES, Scope
from contracts.witness.witnessed import Outcome


class Toy:
    """A bench without a client: the story itself says whether it breaks."""

    label = "toy"
    abreast = 1

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

    def abandoned(self) -> AbstractContextManager[None]:
        return nullcontext()


def has(story: Story, fault: str) -> bool:
    return any(event.fault == fault for event in story.events)


def events_of(story: Story) -> list[str]:
    return [str(event) for event in story.events]


def test_one_thing_after_the_other_goes_wrong_before_chance_decides() -> None:
    toy = Toy(lambda story: "one-submit" if has(story, "result-read-once") else "")
    report = fuzz(toy, Campaign("kling", max_examples=2_000))
    assert report.found is not None
    assert events_of(report.found.story) == ["result-read-once@download#2-"]
    assert all(story.changes <= 1 for story in toy.played)


def test_a_story_is_shortened_to_what_matters() -> None:
    def breaks(story: Story) -> str:
        pair = has(story, "stuck-queued") and has(story, "gateway-502-html")
        return "one-submit" if pair and story.pace != HAPPY_PACE else ""

    report = fuzz(Toy(breaks), Campaign("kling", max_examples=20_000))
    assert report.found is not None
    assert sorted(events_of(report.found.story)) == ["gateway-502-html@poll#1", "stuck-queued"]
    assert report.found.story.changes == 3
    assert report.found_after is not None
    assert report.found_after < report.played


def test_two_bugs_are_not_mixed_up() -> None:
    def breaks(story: Story) -> str:
        if has(story, "redirect-loop"):
            return "gives-up-in-time"
        return "whole-file" if has(story, "gateway-502-html") else ""

    report = fuzz(Toy(breaks), Campaign("kling", max_examples=2_000))
    assert report.found is not None
    wanted = {"gives-up-in-time": "redirect-loop", "whole-file": "gateway-502-html"}[report.found.check]
    assert [event.fault for event in report.found.story.events] == [wanted]


def test_where_it_is_unclear_what_is_wrong_the_same_is_tried_at_other_times() -> None:
    def breaks(story: Story) -> str:
        if "unknown-status@poll#2-3" in events_of(story):
            return "same-task"
        return "survives" if has(story, "unknown-status") else ""

    report = fuzz(Toy(breaks), Campaign("kirin"))
    assert report.found is not None
    assert (report.found.check, events_of(report.found.story)) == ("same-task", ["unknown-status@poll#2-3"])


def test_nobody_is_asked_twice_about_the_same_story() -> None:
    toy = Toy(lambda _: "")
    fuzz(toy, Campaign("kling", max_examples=700))
    assert len({story.key for story in toy.played}) == len(toy.played) == 700


def test_a_search_ends_when_there_is_nothing_new_to_tell() -> None:
    report = fuzz(Toy(lambda _: ""), Campaign("kling", Scope(media=False, most_events=0), 100_000))
    assert report.played == len(PACES)


def test_the_same_seed_tells_the_same_stories() -> None:
    first, second, other = Toy(lambda _: ""), Toy(lambda _: ""), Toy(lambda _: "")
    for toy, seed in ((first, 3), (second, 3), (other, 4)):
        fuzz(toy, Campaign("gmi", max_examples=600, seed=seed))
    assert first.played == second.played
    assert first.played != other.played
    assert first.played[:400] == other.played[:400]


def test_what_broke_it_last_time_is_told_first() -> None:
    examples = Examples()
    fuzz(Toy(lambda story: "one-submit" if has(story, "stuck-queued") else ""), Campaign("kling"), examples)
    again = Toy(lambda story: "one-submit" if has(story, "stuck-queued") else "")
    report = fuzz(again, Campaign("kling", seed=99), examples)
    assert report.found is not None
    assert has(again.played[0], "stuck-queued")
    fuzz(Toy(lambda _: ""), Campaign("kling", max_examples=5), examples)
    assert examples.stories() == ()


def test_of_what_is_remembered_only_what_may_happen_is_told() -> None:
    examples = Examples()
    for story in (
        Story("kling", with_callback=True),
        Story("gmi", pace="polls:4"),
        Story("kling", pace="quick"),
    ):
        examples.keep(story)
    toy = Toy(lambda _: "")
    fuzz(toy, Campaign("kling", max_examples=2), examples)
    assert toy.played == [Story("kling", pace="quick"), Story("kling")]


def test_another_check_is_no_reason_to_forget() -> None:
    examples = Examples()
    examples.keep(Story("kling"))
    toy = Toy(lambda _: "one-submit")
    fuzz(toy, Campaign("kling", max_examples=3, checks=frozenset({"whole-file"})), examples)
    assert examples.stories() == (Story("kling"),)


def test_what_cannot_be_remembered_is_found_all_the_same() -> None:
    class Full(InMemoryExampleDatabase):
        def save(self, key: bytes, value: bytes) -> None:
            raise OSError("no room")

    examples = Examples(Full(), (OSError,))
    report = fuzz(Toy(lambda _: "one-submit"), Campaign("kling"), examples)
    assert report.found is not None
    assert "no room" in report.unkept


def test_time_ends_a_search_and_keeps_what_it_has() -> None:
    toy = Toy(lambda story: "one-submit" if story.events else "")
    report = fuzz(toy, Campaign("kling", max_time_s=0.0))
    assert report.played <= 1


def test_an_interrupted_search_keeps_what_it_has() -> None:
    def breaks(story: Story) -> str:
        if toy.played[:-1] and toy.played[-2].pace == "quick":
            raise KeyboardInterrupt
        return "one-submit" if story.pace == "quick" and is_bad else ""

    for is_bad in (True, False):
        toy = Toy(breaks)
        report = fuzz(toy, Campaign("kling"))
        assert report.is_interrupted
        assert (report.found is not None) is is_bad


def test_only_the_wanted_check_counts() -> None:
    toy = Toy(lambda story: "one-submit" if story.events else "")
    report = fuzz(toy, Campaign("kling", max_examples=100, checks=frozenset({"whole-file"})))
    assert report.found is None


def test_a_story_that_broke_it_once_gives_way_to_one_that_does_so_each_time() -> None:
    lucky: list[Story] = []

    def breaks(story: Story) -> str:
        if has(story, "gateway-502-html") and not lucky:
            lucky.append(story)
            return "whole-file"
        return "one-submit" if has(story, "stuck-queued") else ""

    report = fuzz(Toy(breaks), Campaign("kling"))
    assert report.found is not None
    assert (report.found.check, report.found.is_sure) == ("one-submit", True)


def test_a_story_that_broke_it_once_is_told_where_no_other_does() -> None:
    toy = Toy(lambda story: "one-submit" if len(toy.played) == 5 else "")
    report = fuzz(toy, Campaign("kling", max_examples=50))
    assert report.found is not None
    assert (report.found.story, report.found.is_sure) == (toy.played[4], False)


def test_progress_is_told() -> None:
    heard: list[Progress] = []
    fuzz(Toy(lambda _: ""), Campaign("kling", max_examples=20), listener=heard.append)
    assert [one.played for one in heard] == list(range(1, len(heard) + 1))


def test_a_telling_check_names_the_failure() -> None:
    judgements = tuple(Judgement(name, Verdict.FAIL) for name in ("survives", "one-submit", "whole-file"))
    cell = Cell("story", "kling", 0, "", "", "success", judgements, Outcome(1), (), (), "")
    assert named_check(cell) == "one-submit"
    assert named_check(cell, frozenset({"survives"})) == "survives"
