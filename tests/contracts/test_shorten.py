"""Stories beside a story: shorter ones, and the same thing at other times."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contracts.contract import PROVIDERS
from contracts.shorten import shorter, variants
from contracts.stories.event import event_of
from contracts.stories.story import Story
from contracts.strategies.stories import Scope, stories
from contracts.witness.scenario import Crash

told = st.sampled_from(PROVIDERS).flatmap(
    lambda provider: stories(provider, Scope(callbacks=True, crashes=True))
)
some = settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck), database=None)


def events_of(found: Story) -> list[str]:
    return [str(event) for event in found.events]


def test_a_shorter_story_leaves_out_one_thing_or_says_it_more_simply() -> None:
    story = Story(
        "kling",
        pace="polls:3",
        video={"faces": 2, "width": 720},
        events=(event_of("empty-200@poll#1"), event_of("rate-429-seconds@poll#1;retry_after_s=30")),
        crash=Crash("poll"),
    )
    found = list(shorter(story))
    assert {one.changes for one in found} == {story.changes - 1, story.changes}
    assert [one.changes for one in found] == sorted(one.changes for one in found)
    assert replace_of(found, "video") == [{}, {"width": 720}, {"faces": 2}]
    assert ["empty-200@poll#1", "rate-429-seconds@poll#1"] in map(events_of, found)
    assert "polls:2" in {one.pace for one in found}


def replace_of(found: list[Story], name: str) -> list[object]:
    """The values of a field that differ from those of most."""
    values = [getattr(one, name) for one in found]
    return [value for value in values if values.count(value) == 1]


def test_an_event_becomes_simpler_in_value_time_and_place() -> None:
    story = Story("kling", events=(event_of("gateway-502-html@submit#1-3"),))
    assert [events_of(one) for one in shorter(story)] == [
        [],
        ["gateway-502-html@submit#1"],
        ["gateway-502-html@submit#2"],
        ["gateway-502-html@poll#1-3"],
    ]


def test_nothing_is_shorter_than_the_happy_path() -> None:
    assert list(shorter(Story("kling"))) == []
    assert list(variants(Story("kling"))) == []


@some
@given(told)
def test_shortening_comes_to_an_end(story: Story) -> None:
    assert all(one.size < story.size for one in shorter(story))


@some
@given(told)
def test_a_variant_has_the_same_faults(story: Story) -> None:
    faults = [event.fault for event in story.events]
    assert all([event.fault for event in one.events] == faults for one in variants(story))


def test_variants_are_every_form_of_each_event() -> None:
    found = [
        events_of(one)[0] for one in variants(Story("kling", events=(event_of("unknown-status@poll#1"),)))
    ]
    assert found[:2] == ["unknown-status@poll#1", "unknown-status@poll#1;word=finalizing"]
    assert "unknown-status@poll#2-3;word=in-review" in found
