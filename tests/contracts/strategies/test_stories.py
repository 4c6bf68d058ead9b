"""Stories as they are drawn: possible, within their scope, and the happy one in the end."""

from __future__ import annotations

from collections import Counter
from itertools import product
from math import prod

import pytest
from hypothesis import HealthCheck, find, given, settings
from hypothesis import strategies as st

from contracts.contract import PROVIDERS
from contracts.stories.event import Event, rows_for
from contracts.stories.story import Story, story_of
from contracts.strategies.stories import MOST_EVENTS, TAKES_BACK, Scope, _formed, events, media, stories
from mock_server.faults.catalogue import CATALOGUE
from mock_server.faults.grammar import Grammar
from mock_server.providers.gmi.dialects import DIALECTS
from mock_server.scenarios.checking import complaints
from mock_server.scenarios.model import Scenario

EVERYTHING = Scope(callbacks=True, crashes=True)
some = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck), database=None)
few = settings(some, max_examples=30)
told = st.sampled_from(PROVIDERS).flatmap(lambda provider: stories(provider, EVERYTHING))


@some
@given(told)
def test_a_story_is_a_scenario_that_can_be_played(story: Story) -> None:
    scenario = Scenario.model_validate(story.body())
    assert list(complaints(scenario, Grammar(CATALOGUE), DIALECTS)) == []


@some
@given(told)
def test_a_story_converts_to_a_scenario_and_back_unchanged(story: Story) -> None:
    assert story_of(story.body()) == story


@some
@given(told)
def test_no_story_is_longer_than_it_may_be(story: Story) -> None:
    assert len(story.events) <= MOST_EVENTS
    assert len({event.fault for event in story.events}) == len(story.events)


@some
@given(told)
def test_what_takes_an_end_back_is_in_no_story_with_a_crash(story: Story) -> None:
    assert story.crash is None or not TAKES_BACK & {event.fault for event in story.events}


@pytest.mark.parametrize("provider", PROVIDERS)
def test_the_simplest_story_is_the_happy_one(provider: str) -> None:
    assert find(stories(provider, EVERYTHING), lambda _: True, settings=few) == Story(provider)


def test_shrinking_goes_to_the_front_of_the_table() -> None:
    simplest = find(stories("kling"), lambda story: len(story.events) == 1, settings=some)
    assert str(simplest.events[0]) == "gateway-502-html@poll#1"


@few
@given(stories("kling"))
def test_without_callbacks_nobody_is_called(story: Story) -> None:
    assert not story.with_callback
    assert story.crash is None


@few
@given(stories("kling", Scope(without=frozenset({"gateway-502-html"}))))
def test_a_fault_can_be_left_out(story: Story) -> None:
    assert "gateway-502-html" not in {event.fault for event in story.events}


@few
@given(events("kirin"))
def test_events_are_of_the_provider(event: Event) -> None:
    assert "kirin" in event.row.providers


@few
@given(media("gmi"))
def test_media_of_a_story_are_a_video_and_an_audio(pair: tuple[object, object]) -> None:
    assert all(isinstance(facts, dict) for facts in pair)


@pytest.mark.parametrize("provider", PROVIDERS)
def test_every_place_window_and_value_of_a_row_has_its_turns(provider: str) -> None:
    for row in rows_for(provider, with_callbacks=True):
        made = [_formed(row, *turns) for turns in product(range(12), repeat=3)]
        places = Counter(event.on or row.places[0] for event in made)
        windows = Counter(event.window for event in made)
        params = Counter(event.params for event in made)
        assert set(places) == set(row.places)
        assert set(windows) == set(row.windows)
        assert len(params) == prod(len(values) for values in row.params.values())
        assert len(set(places.values())) == len(set(windows.values())) == 1, row.fault
