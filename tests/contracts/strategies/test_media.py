"""Facts of media and the rules they keep or break."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.contract import PROVIDERS
from contracts.media_rules import broken_rules, is_roomy
from contracts.strategies.media import broken_facts, edge_facts, fine_facts

KINDS = ("video", "audio")
few = settings(max_examples=40, deadline=None, database=None)
cases = st.tuples(st.sampled_from(PROVIDERS), st.sampled_from(KINDS))


def of_kind(kind: str, facts: object) -> tuple[dict[str, object], dict[str, object]]:
    assert isinstance(facts, dict)
    return (facts, {}) if kind == "video" else ({}, facts)


@few
@given(cases, st.data())
def test_fine_facts_break_nothing_and_leave_room(case: tuple[str, str], data: st.DataObject) -> None:
    provider, kind = case
    video, audio = of_kind(kind, data.draw(fine_facts(provider, kind)))
    assert broken_rules(provider, video, audio) == ()
    assert is_roomy(video, audio)


@few
@given(cases, st.data())
def test_facts_at_an_edge_break_nothing(case: tuple[str, str], data: st.DataObject) -> None:
    provider, kind = case
    assert broken_rules(provider, *of_kind(kind, data.draw(edge_facts(provider, kind)))) == ()


@few
@given(cases, st.data())
def test_broken_facts_break_a_rule_of_their_kind(case: tuple[str, str], data: st.DataObject) -> None:
    provider, kind = case
    broken = broken_rules(provider, *of_kind(kind, data.draw(broken_facts(provider, kind))))
    assert broken
    assert {rule.partition("-")[0] for rule in broken} == {kind}


@pytest.mark.parametrize("provider", PROVIDERS)
def test_edges_are_those_of_the_contract(provider: str) -> None:
    seen: list[object] = []

    @settings(max_examples=80, deadline=None, database=None)
    @given(edge_facts(provider, "video"))
    def collect(facts: object) -> None:
        seen.append(facts)

    collect()
    assert {"duration_ms": 2_000} in seen
    assert {"duration_ms": 60_000} in seen
