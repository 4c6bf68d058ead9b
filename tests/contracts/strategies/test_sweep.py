"""The sweep: one thing at a time, everything once, and every corner early."""

from __future__ import annotations

from itertools import islice

import pytest

from contracts.contract import PROVIDERS
from contracts.stories.event import Kind, rows_for
from contracts.strategies.stories import CRASHES, PACES, Scope
from contracts.strategies.sweep import forms, in_turns, sweep

FULL = Scope(callbacks=True, crashes=True)
by_provider = pytest.mark.parametrize("provider", PROVIDERS)


@by_provider
def test_in_each_story_one_thing_is_not_as_on_a_happy_day(provider: str) -> None:
    first, *others = sweep(provider, FULL)
    assert first.changes == 0
    assert all(1 <= story.changes <= 2 for story in others)
    # a client is killed while its task runs
    assert all(story.changes == 1 or story.crash or story.with_callback for story in others)


@by_provider
def test_no_story_is_told_twice(provider: str) -> None:
    keys = [story.key for story in sweep(provider, FULL)]
    assert len(set(keys)) == len(keys)


@by_provider
def test_every_form_of_every_row_has_its_turn(provider: str) -> None:
    told = {str(event) for story in sweep(provider, FULL) for event in story.events}
    rows = rows_for(provider, with_callbacks=True)
    assert told == {str(form) for row in rows for place in row.places for form in forms(row, place)}


@by_provider
def test_paces_crashes_and_media_are_told_too(provider: str) -> None:
    told = list(sweep(provider, FULL))
    assert {story.pace for story in told} == set(PACES)
    assert {story.crash for story in told} == {None, *CRASHES}
    assert any(story.video == {"faces": 0} for story in told)
    assert any(story.audio for story in told)


@by_provider
def test_the_first_stories_have_been_in_every_corner(provider: str) -> None:
    first = list(islice(sweep(provider, FULL), 45))
    events = [event for story in first for event in story.events]
    rows = rows_for(provider, with_callbacks=True)
    assert {(event.row.kind, event.place) for event in events} >= {
        (row.kind, row.kind.value if row.kind is Kind.PLAN else place) for row in rows for place in row.places
    }
    assert any(story.crash for story in first)


def test_the_simplest_form_of_each_row_comes_before_any_other() -> None:
    told = [str(event) for story in sweep("kling", FULL) for event in story.events]
    rows = rows_for("kling", with_callbacks=True)
    first = {str(next(forms(row, place))) for row in rows for place in row.places}
    assert set(told[: len(first)]) == first


def test_a_scope_is_kept() -> None:
    scopes = (
        Scope(),
        Scope(media=False, most_events=0),
        Scope(callbacks=True, without=frozenset({"callback-lost"})),
    )
    for scope in scopes:
        assert all(scope.has(story) for story in sweep("gmi", scope))


def test_all_take_turns() -> None:
    assert list(in_turns(["abc", "", "d", "ef"])) == ["a", "d", "e", "b", "f", "c"]
