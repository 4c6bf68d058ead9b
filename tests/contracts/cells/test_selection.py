"""Which scenarios are meant."""

from __future__ import annotations

import pytest

from contracts.cells.selection import Selection, require_meaning, selected
from contracts.witness.scenario import Scenario
from contracts.witness.usage import UsageError


def scenario(name: str, *faults: str, layer: str = "network") -> Scenario:
    return Scenario(name, {"name": name}, {fault: {"layer": layer} for fault in faults})


ALL = (
    scenario("happy"),
    scenario("forever", "stuck", "late", layer="async"),
    scenario("fault/stuck", "stuck", layer="async"),
    scenario("fault/late", "late", layer="async"),
    scenario("fault/reset", "reset"),
)


def names(selection: Selection) -> list[str]:
    return [one.name for one in selected(ALL, selection)]


def test_nothing_stated_means_everything_in_its_order():
    assert names(Selection()) == [one.name for one in ALL]


def test_names_are_patterns():
    assert names(Selection(names=("fault/*t*",))) == ["fault/stuck", "fault/late", "fault/reset"]


def test_a_layer_is_that_of_any_of_a_scenarios_faults():
    assert names(Selection(layers=("network",))) == ["fault/reset"]


def test_a_profile_brings_each_of_its_faults():
    assert names(Selection(profiles=("forever",))) == ["forever", "fault/stuck", "fault/late"]


def test_what_is_stated_adds_up_and_what_is_skipped_goes():
    assert names(Selection(("happy",), ("network",), ("forever",), ("fault/l*",))) == [
        "happy",
        "forever",
        "fault/stuck",
        "fault/reset",
    ]


@pytest.mark.parametrize(
    ("selection", "complaint"),
    [
        (Selection(names=("fault/x*",)), r"--scenario fault/x\*: no scenario has such a name"),
        (Selection(skips=("y",)), "--skip y: no scenario"),
        (Selection(layers=("tea",)), "--layer tea: must be one of async, network"),
        (Selection(profiles=("tea",)), "--profile tea: must be one of forever, happy"),
    ],
)
def test_what_means_nothing_is_a_mistake(selection, complaint):
    with pytest.raises(UsageError, match=complaint):
        require_meaning(ALL, selection)


def test_what_means_something_is_none():
    require_meaning(ALL, Selection(("happy",), ("async",), ("forever",), ("fault/*",)))
