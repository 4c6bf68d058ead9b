"""Paces by name, and how long their plans are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_server.core.errors import ConfigurationError
from mock_server.core.ids import Choices
from mock_server.core.pace import PACES, Pace, pace_named
from mock_server.core.plan import Failure, Plan, Stage

WAY = (Stage.SUBMITTED, Stage.PROCESSING, Stage.SUCCEEDED)
texts = st.text(max_size=12)


def plan_of(pace: Pace, seed: int = 0, task_id: str = "task", failure: Failure | None = None) -> Plan:
    return pace.plan(WAY, 1_000, Choices(seed, "tenant"), task_id, failure)


@given(st.sampled_from(PACES), st.integers(), texts)
def test_a_task_takes_a_time_within_the_bounds_of_its_pace(pace: Pace, seed: int, task_id: str) -> None:
    ends_ms = plan_of(pace, seed, task_id).ends_ms
    assert ends_ms is not None
    assert pace.shortest_ms <= ends_ms - 1_000 <= pace.longest_ms


@given(st.integers(), texts)
def test_the_same_seed_and_id_give_the_same_plan(seed: int, task_id: str) -> None:
    assert plan_of(pace_named("real"), seed, task_id) == plan_of(pace_named("real"), seed, task_id)


def test_tasks_take_different_times() -> None:
    lengths = {plan_of(pace_named("real"), task_id=str(number)).ends_ms for number in range(20)}
    assert len(lengths) > 15


def test_instant_is_over_when_it_begins() -> None:
    plan = plan_of(pace_named("instant"))
    assert plan.at(1_000).stage is Stage.SUCCEEDED


def test_the_first_quarter_is_waiting() -> None:
    plan = Pace("even", 4_000, 4_000).plan(WAY, 0, Choices(0, "t"), "task")
    assert [step.at_ms for step in plan.steps] == [0, 1_000, 4_000]


def test_the_failure_rides_along() -> None:
    why = Failure("internal", "broke")
    assert plan_of(pace_named("quick"), failure=why).failure is why
    assert plan_of(pace_named("polls:2"), failure=why).failure is why


def test_polls_spread_over_the_stages() -> None:
    assert [step.at_poll for step in plan_of(pace_named("polls:4")).steps] == [None, 2, 4]
    assert [step.at_poll for step in plan_of(pace_named("polls:1")).steps] == [None, 1, 1]


@given(st.integers(1, 1000))
def test_polls_take_a_number(count: int) -> None:
    assert pace_named(f"polls:{count}").polls == count


@pytest.mark.parametrize("pace", PACES, ids=lambda pace: pace.name)
def test_a_pace_is_found_by_its_name(pace: Pace) -> None:
    assert pace_named(pace.name) is pace


@pytest.mark.parametrize(
    "text", ["", "polls", "polls:", "polls:0", "polls:1001", "polls:-1", "polls:\u0663", "Quick", "poll:1"]
)
def test_anything_else_is_refused_with_the_choices(text: str) -> None:
    with pytest.raises(ConfigurationError, match="instant, quick, real or polls:N"):
        pace_named(text)
