"""The grammar: compact text and form mean the same, and what cannot be obeyed is said."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_server.core.errors import ConfigurationError
from mock_server.core.fault import ALWAYS, FaultRule, Occasion, Window
from mock_server.faults.catalogue import CATALOGUE
from mock_server.faults.form import form_of_text, is_window
from mock_server.faults.grammar import Grammar

GRAMMAR = Grammar(CATALOGUE)
NOW_MS = 1_000_000


def rule_of(words: object, **more: object) -> FaultRule:
    return GRAMMAR.read(words, "f1", now_ms=NOW_MS, **more)[0]


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("gateway-502-html", {"fault": "gateway-502-html"}),
        ("gateway-502-html@submit", {"fault": "gateway-502-html", "on": "submit"}),
        ("gateway-502-html@poll#2", {"fault": "gateway-502-html", "on": "poll", "nth": 2}),
        ("gateway-502-html#2-4", {"fault": "gateway-502-html", "from": 2, "to": 4}),
        ("gateway-502-html#2-", {"fault": "gateway-502-html", "from": 2, "to": None}),
        ("gateway-502-html#*", {"fault": "gateway-502-html", "from": 1, "to": None}),
        ("gateway-502-html#/3;times=2", {"fault": "gateway-502-html", "every": 3, "times": 2}),
        (
            "gateway-502-html;provider=gmi;path=/v1;p=0.25;seed=7;ttl=1.5",
            {
                "fault": "gateway-502-html",
                "match": {"provider": "gmi", "path": "/v1"},
                "p": 0.25,
                "seed": 7,
                "ttl": 1.5,
            },
        ),
        ("error:1301@task", {"fault": "error:1301@task"}),
        ("error:1301@poll#3", {"fault": "error:1301", "on": "poll", "nth": 3}),
    ],
)
def test_compact_text_and_form_mean_the_same(text: str, form: dict[str, object]) -> None:
    assert form_of_text(text) == form
    assert rule_of(text) == rule_of(form)


def test_windows() -> None:
    assert rule_of("gateway-502-html#2").window == Window(2, 2)
    assert rule_of("gateway-502-html#2-").window == Window(2, None)
    assert rule_of("gateway-502-html#*").window == ALWAYS
    assert rule_of("gateway-502-html#/3").window == Window(3, None, 3)
    assert rule_of("gateway-502-html").window is None


@given(first=st.integers(1, 50), length=st.integers(0, 20), nth=st.integers(1, 100))
def test_a_window_holds_from_first_to_last(first: int, length: int, nth: int) -> None:
    window = rule_of(f"gateway-502-html#{first}-{first + length}").window
    assert window is not None
    assert window.holds(nth) == (first <= nth <= first + length)


@given(every=st.integers(1, 20), nth=st.integers(1, 200))
def test_every_counts_in_steps(every: int, nth: int) -> None:
    window = rule_of(f"gateway-502-html#/{every}").window
    assert window is not None
    assert window.holds(nth) == (nth % every == 0)


def test_time_ends_a_fault_after_ttl_or_at_a_moment() -> None:
    assert rule_of("gateway-502-html;ttl=60").until_ms == NOW_MS + 60_000
    assert rule_of("gateway-502-html;until_clock=5000").until_ms == 5000
    assert rule_of({"fault": "gateway-502-html", "until_clock": "1970-01-01T00:00:05Z"}).until_ms == 5000


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ("gateway-502-htm", "did you mean gateway-502-html"),
        ("gateway-502-html@callback", "cannot apply to callback: it acts at poll"),
        ("gateway-502-html@nowhere", "nowhere"),
        ("gateway-502-html#x", "is no window"),
        ("gateway-502-html;colour=red", "has no param 'colour'; it takes none"),
        ("gateway-502-html;p=much", "p must be a number"),
        ("gateway-502-html;p=2", "p"),
        ("gateway-502-html;times", "is no name=value"),
        ("gateway-502-html#4-2", "from 4 to 2 is empty"),
        ("gateway-502-html;provider=acme", "there is no provider 'acme'"),
        ("gateway-502-html;until_clock=soon", "ISO 8601"),
        ("gateway-502-html;ttl=1;until_clock=5", "one of ttl and until_clock"),
        ("error:4711", "names no row"),
        ("", "is no fault"),
        ({"fault": "gateway-502-html", "nth": 1, "every": 2}, "one of nth, every"),
        ({"fault": "gateway-502-html", "to": 2}, "one of nth, every"),
        ({"fault": "gateway-502-html", "nth": 0}, "nth"),
        ({"fault": "gateway-502-html", "colour": 1}, "colour"),
        (["gateway-502-html"], "cannot be read"),
    ],
)
def test_what_cannot_be_obeyed_is_said(words: object, reason: str) -> None:
    with pytest.raises(ConfigurationError, match=reason):
        rule_of(words)


def test_a_fault_is_refused_for_a_provider_that_cannot_do_so() -> None:
    with pytest.raises(ConfigurationError, match="error:1301 cannot apply to gmi: only kling can do so"):
        rule_of("error:1301", provider="gmi")


def test_a_fault_before_there_is_a_task_cannot_be_meant_for_one() -> None:
    with pytest.raises(ConfigurationError, match="before there is a task"):
        rule_of("error:1301;task=42")


@given(st.text(max_size=40))
def test_no_text_ends_in_anything_but_a_rule_or_a_reason(text: str) -> None:
    with suppress(ConfigurationError):
        assert rule_of(text).fault in CATALOGUE


@pytest.mark.parametrize(
    ("text", "answer"), [("2", True), ("2-4", True), ("*", True), ("/3", True), ("u7", False)]
)
def test_what_may_follow_the_hash(text: str, answer: bool) -> None:
    assert is_window(text) is answer


def test_every_fault_can_be_asked_for_at_each_of_its_places() -> None:
    for fault in CATALOGUE:
        for place in fault.occasions:
            assert rule_of(f"{fault.id}@{place}").on is Occasion(place)
