"""A story as a value: what it expects, how long it is, and how it is told."""

from __future__ import annotations

import pytest

from contracts.stories.event import Kind, event_of
from contracts.stories.story import HAPPY_PACE, Request, Story, story_of
from contracts.witness.scenario import Crash
from mock_server.scenarios.library import read_text


def story(*events: str, **stated: object) -> Story:
    return Story("kling", events=tuple(map(event_of, events)), **stated)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        (story(), "success"),
        (story("gateway-502-html@poll#1", "url-404-then-ok@download#1"), "success"),
        (story("gateway-502-html@submit#1"), "either"),
        (story("fail-at-99"), "failure"),
        (story("fail-at-99", "gateway-502-html@poll#1"), "failure"),
        (story("fail-at-99", "submit-accepted-rst@submit#1"), "failure"),
        (story("media-is-html@download#*", "url-404-then-ok@download#1"), "either"),
        (story("gateway-502-html@poll#1", "empty-200@poll#2"), "either"),
        (story("callback-lost", "callback-late", with_callback=True), "success"),
        (story("status-throttled"), "success"),
        (story("status-throttled", pace="quick"), "either"),
        (story(video={"faces": 0}), "failure"),
        (story(audio={"duration_ms": 2_000}), "either"),
        (story(crash=Crash("poll")), "either"),
    ],
)
def test_a_good_client_is_blamed_for_nothing_doubtful(told: Story, expected: str) -> None:
    assert told.expected == expected


def test_changes_are_counted_from_the_happy_path() -> None:
    assert story().changes == 0
    assert story("empty-200@poll#1", pace="polls:3", video={"faces": 2, "width": 720}).changes == 3
    assert story(with_callback=True).changes == 1
    assert story("callback-lost", with_callback=True).changes == 1


def test_of_two_stories_the_shorter_has_the_smaller_size() -> None:
    sizes = [story().size, story("empty-200").size, story("empty-200@poll#1").size, story("a", "b").size]
    assert sizes == sorted(sizes)


def test_parts_of_a_story_are_its_events_by_kind() -> None:
    told = story("fail-at-99", "unknown-status@poll#1", "callback-lost", "empty-200")
    assert [str(event) for event in told.of(Kind.PLAN)] == ["fail-at-99"]
    assert [str(event) for event in told.of(Kind.ANSWER, Kind.CALLBACK)] == [
        "unknown-status@poll#1",
        "callback-lost",
    ]


def test_the_body_has_what_is_stated_and_no_more() -> None:
    assert story("stuck-queued").body("mine") == {
        "name": "mine",
        "providers": ["kling"],
        "pace": HAPPY_PACE,
        "seed": 0,
        "faults": ["stuck-queued"],
        "expect": {"outcome": "failure"},
    }


def test_a_crash_and_odd_urls_are_the_clients_job() -> None:
    told = story(crash=Crash("poll", 2), request=Request(video_url="https://cdn.test/a.mp4"))
    assert told.body()["job"] == {
        "video_url": "https://cdn.test/a.mp4",
        "crash": {"operation": "poll", "requests": 2},
    }
    assert told.scenario({}).crash == Crash("poll", 2)
    assert told.scenario({}).job_url("video") == "https://cdn.test/a.mp4"


def test_gmi_is_made_to_call_back() -> None:
    told = Story("gmi", events=(event_of("callback-lost"),), with_callback=True)
    assert told.body()["dialects"] == {"gmi.callbacks": "kling"}


def test_a_shipped_scenario_is_a_story_too() -> None:
    scenario = read_text("{name: a, pace: 'polls:3', faults: [{fault: empty-200, on: poll, from: 2, to: 3}]}")
    found = story_of(scenario.model_dump(mode="json", exclude_unset=True), "gmi")
    assert found == Story("gmi", pace="polls:3", events=(event_of("empty-200@poll#2-3"),))


@pytest.mark.parametrize(
    ("window", "text"),
    [
        ({"nth": 2}, "#2"),
        ({"every": 3}, "#/3"),
        ({"from": 1, "to": None}, "#*"),
        ({"from": 2, "to": None}, "#2-"),
        ({}, ""),
    ],
)
def test_windows_of_forms_are_read(window: dict[str, object], text: str) -> None:
    found = story_of({"name": "a", "faults": [{"fault": "empty-200", **window}]}, "kling")
    assert str(found.events[0]) == f"empty-200{text}"


def test_what_no_story_can_tell_is_refused() -> None:
    with pytest.raises(ValueError, match="say at which of"):
        story_of({"name": "a"})
    with pytest.raises(ValueError, match="p of a fault"):
        story_of({"name": "a", "faults": [{"fault": "empty-200", "p": 0.5}]}, "kling")


def test_a_story_is_told_in_sentences() -> None:
    told = story(
        "gateway-502-html@poll#1-3",
        "fail-at-99",
        pace="polls:3",
        video={"faces": 2},
        crash=Crash("submit"),
    ).told(
        {"gateway-502-html": {"says": "answers with a gateway's page"}, "fail-at-99": {"says": "fails late"}}
    )
    assert told == (
        "At kling, a task ends at its poll number 3.",
        "The video has faces 2.",
        "At polls 1-3 the server answers with a gateway's page [gateway-502-html@poll#1-3].",
        "The server fails late [fail-at-99].",
        "The client is killed at its submit number 1, and started again.",
    )


@pytest.mark.parametrize(
    ("window", "words"),
    [
        ("1", "At download 1 the server"),
        ("2-3", "At downloads 2-3 the server"),
        ("2-", "From download 2 on the server"),
        ("*", "At every download the server"),
        ("/2", "At every second download the server"),
    ],
)
def test_windows_are_told(window: str, words: str) -> None:
    assert story(f"download-truncated@download#{window}").told({})[1].startswith(words)
