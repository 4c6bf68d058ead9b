"""Beginning and ending a scenario in a world."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from mock_server.core.clock import MANUAL_EPOCH_MS, Clock, ClockMode
from mock_server.core.errors import ConfigurationError
from mock_server.core.world import World
from mock_server.faults.catalogue import CATALOGUE
from mock_server.faults.grammar import Grammar
from mock_server.scenarios.model import Scenario
from mock_server.scenarios.play import begun, ended, furnisher
from mock_server.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Mapping

GRAMMAR = Grammar(CATALOGUE)
SWITCHES = {"kling.no_face": ["error", "empty"], "kling.retry_after": ["off", "on"]}

dialects = st.fixed_dictionaries(
    {}, optional={name: st.sampled_from(words) for name, words in SWITCHES.items()}
)
scenarios = st.builds(
    lambda **fields: Scenario.model_validate({"name": "x", **fields}),
    pace=st.none() | st.sampled_from(["instant", "polls:3"]),
    clock=st.none() | st.sampled_from(["real", "manual", "60x"]),
    seed=st.none() | st.integers(0, 9),
    faults=st.lists(st.sampled_from(["stuck-queued", "gateway-502-html@poll#2;ttl=9"]), max_size=2),
    dialects=dialects,
    media=st.sampled_from([{}, {"video": {"faces": 2}}]),
)
clocks = st.sampled_from(
    [Clock(ClockMode.MANUAL, MANUAL_EPOCH_MS, 0, 0.0), Clock(ClockMode.SCALED, MANUAL_EPOCH_MS, 0, 2.0)]
)


@given(scenarios, scenarios, clocks, dialects, st.integers(0, 10_000))
def test_what_was_begun_and_ended_leaves_the_world_as_it_was(
    first: Scenario, second: Scenario, clock: Clock, switches: Mapping[str, str], wall_ms: int
) -> None:
    rule, _ = GRAMMAR.parse("stuck-processing", "f1", now_ms=0)
    world = World("t", 4, clock, dialects=switches, faults=(rule,))
    back = ended(begun(begun(world, first, GRAMMAR, 0), second, GRAMMAR, 0), 0)
    assert back.clock.now_ms(0) == world.clock.now_ms(0)
    assert (back.clock.mode, back.clock.rate) == (clock.mode, clock.rate)
    assert replace(back, clock=clock) == world
    # and what comes second is what would have come first
    assert begun(begun(world, first, GRAMMAR, 0), second, GRAMMAR, 0) == begun(world, second, GRAMMAR, 0)
    assert begun(world, first, GRAMMAR, wall_ms).clock.now_ms(wall_ms) == world.clock.now_ms(wall_ms)


def test_a_world_that_plays_nothing_is_left_alone(world: World) -> None:
    assert ended(world, 5) is world


def test_a_lifetime_begins_at_the_present_of_the_clock(world: World) -> None:
    scenario = Scenario.model_validate({"name": "x", "faults": ["stuck-queued;ttl=9"]})
    (rule,) = begun(world, scenario, GRAMMAR, 0).faults
    assert (rule.id, rule.until_ms) == ("scenario.1", MANUAL_EPOCH_MS + 9000)


def test_what_the_scenario_bound_to_tasks_ends_with_it(world: World) -> None:
    scenario = Scenario.model_validate({"name": "x", "faults": ["big-int-id"]})
    playing = begun(world, scenario, GRAMMAR, 0)
    (rule,) = playing.faults
    bound = replace(rule, id=f"{rule.id}.task-1", task="task-1", is_bound=True)
    assert ended(replace(playing, faults=(rule, bound)), 0).faults == ()


def test_a_clock_that_was_turned_meanwhile_is_not_turned_back(world: World) -> None:
    playing = begun(world, Scenario.model_validate({"name": "x", "clock": "60x"}), GRAMMAR, 0)
    turned = replace(playing, clock=playing.clock.turned_to(ClockMode.REAL, 0, 0))
    assert ended(turned, 0).clock.mode is ClockMode.REAL
    assert ended(playing, 0).clock.mode is ClockMode.MANUAL


def test_a_fault_that_cannot_be_is_refused(world: World) -> None:
    with pytest.raises(ConfigurationError, match="no fault"):
        begun(world, Scenario.model_validate({"name": "x", "faults": ["no-such-fault"]}), GRAMMAR, 0)


def test_a_new_world_starts_with_the_server_s_scenario_and_its_clock() -> None:
    scenario = Scenario.model_validate(
        {"name": "x", "clock": "manual", "pace": "instant", "faults": ["stuck-queued"]}
    )
    furnish = furnisher(scenario, Settings(), GRAMMAR, lambda: 50)
    made = furnish(World("t", 0, Clock(ClockMode.REAL, 50, 50, 1.0)))
    assert made.clock == Clock(ClockMode.MANUAL, MANUAL_EPOCH_MS, 50, 0.0)
    assert (made.pace, made.scenario is not None, len(made.faults)) == ("instant", True, 1)
    kept = furnisher(scenario, Settings(clock="60x", pace="real"), GRAMMAR, lambda: 50)
    given_clock = Clock(ClockMode.SCALED, 50, 50, 60.0)
    assert (kept(World("t", 0, given_clock)).clock, kept(World("t", 0, given_clock)).pace) == (
        given_clock,
        "",
    )
