"""A rule written down as a form reads as the same rule."""

from __future__ import annotations

import json

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from mock_server.core.fault import FaultRule, Occasion, Window
from mock_server.faults.catalogue import CATALOGUE
from mock_server.faults.grammar import Grammar
from mock_server.faults.worded import form_of_rule, window_text

GRAMMAR = Grammar(CATALOGUE)

counts = st.integers(1, 50)
windows = (
    st.builds(lambda first: Window(first, first), counts)
    | st.builds(lambda first, more: Window(first, first + more), counts, counts)
    | st.builds(lambda first: Window(first, None), counts)
    | st.builds(lambda every: Window(every, None, every), st.integers(2, 50))
)
words = st.sampled_from(["", "x-1"])
rules = st.builds(
    FaultRule,
    id=st.just("r"),
    fault=st.just("rate-429-seconds"),
    on=st.none() | st.just(Occasion.POLL),
    window=st.none() | windows,
    times=st.none() | counts,
    until_ms=st.none() | st.integers(0, 2**40),
    chance=st.just(1.0) | st.floats(0, 0.9),
    seed=st.none() | st.integers(),
    provider=st.sampled_from(["", "kling"]),
    tenant=words,
    task=words,
    path=words,
    params=st.dictionaries(st.just("retry_after_s"), st.integers(1, 60)),
)


@given(rules)
def test_what_is_written_is_read_again(rule: FaultRule) -> None:
    text = msgspec.json.encode(form_of_rule(rule))
    read, _ = GRAMMAR.read(json.loads(text), "r", now_ms=0)
    assert read == rule


@given(windows)
def test_a_window_s_text_is_what_stands_behind_the_hash(window: Window) -> None:
    read, _ = GRAMMAR.parse(f"rate-429-seconds#{window_text(window)}", "r", now_ms=0)
    assert read.window == window


@pytest.mark.parametrize(
    ("window", "text"),
    [
        (Window(), "*"),
        (Window(1, 1), "1"),
        (Window(2, 4), "2-4"),
        (Window(2), "2-"),
        (Window(3, None, 3), "/3"),
    ],
)
def test_a_window_has_one_text(window: Window, text: str) -> None:
    assert window_text(window) == text


def test_what_is_not_stated_is_not_written() -> None:
    rule = replace(GRAMMAR.parse("stuck-queued", "r", now_ms=0)[0])
    assert msgspec.to_builtins(form_of_rule(rule)) == {"fault": "stuck-queued"}
