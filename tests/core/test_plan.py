"""The laws of a plan: it only goes forward, ends for good, and time and polls alone decide."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_server.core.ids import Choices
from mock_server.core.pace import PACES, Pace
from mock_server.core.plan import TERMINAL_STAGES, Failure, Plan, Stage, Step

START_MS = 1_000_000
WAYS = (
    (Stage.SUBMITTED, Stage.PROCESSING, Stage.SUCCEEDED),
    (Stage.SUBMITTED, Stage.PROCESSING, Stage.FAILED),
    (Stage.QUEUED, Stage.DISPATCHED, Stage.PROCESSING, Stage.SUCCEEDED),
    (Stage.PROCESSING, Stage.FAILED),
)
WHY = Failure("internal", "broke")

paces = st.sampled_from(PACES) | st.builds(lambda polls: Pace("polls", polls=polls), st.integers(1, 12))
poll_paces = st.builds(lambda polls: Pace("polls", polls=polls), st.integers(1, 12))
seeds = st.integers(0, 2**32)
waits = st.integers(0, 400_000)
ends = st.sampled_from(TERMINAL_STAGES)


def plan_by(pace: Pace, way: tuple[Stage, ...], seed: int) -> Plan:
    return pace.plan(way, START_MS, Choices(seed, "tenant"), "task", WHY)


plans = st.builds(plan_by, paces, st.sampled_from(WAYS), seeds)
poll_plans = st.builds(plan_by, poll_paces, st.sampled_from(WAYS), seeds)


@given(paces, st.sampled_from(WAYS), seeds)
def test_a_plan_passes_its_stages_in_order_from_its_start(
    pace: Pace, way: tuple[Stage, ...], seed: int
) -> None:
    plan = plan_by(pace, way, seed)
    assert tuple(step.stage for step in plan.steps) == way
    assert plan.starts_ms == START_MS
    moments = [step.at_ms for step in plan.steps if step.at_ms is not None]
    polls = [step.at_poll for step in plan.steps if step.at_poll is not None]
    assert moments == sorted(moments)
    assert polls == sorted(polls)


@given(plans, st.lists(st.tuples(waits, st.booleans()), max_size=30))
def test_whatever_is_asked_and_when_a_task_goes_forward_and_ends_for_good(
    plan: Plan, visits: list[tuple[int, bool]]
) -> None:
    way = [step.stage for step in plan.steps]
    now_ms, polls, seen = START_MS, 0, []
    for wait_ms, is_poll in visits:
        now_ms += wait_ms
        if is_poll:
            polls += 1
            plan = plan.polled(polls, now_ms)
        seen.append((now_ms, plan.at(now_ms)))
    for (_, earlier), (_, later) in pairwise(seen):
        assert way.index(earlier.stage) <= way.index(later.stage)
        assert earlier.since_ms <= later.since_ms
        assert earlier.progress <= later.progress
        if earlier.stage.is_terminal:
            assert later == earlier
    for moment_ms, state in seen:
        assert START_MS <= state.since_ms <= moment_ms
        assert 0 <= state.progress <= 1
        assert (state.progress == 1) == state.stage.is_terminal


@given(plans, st.lists(waits, min_size=1, max_size=8), waits)
def test_what_was_visible_at_a_moment_stays_so_whatever_comes_later(
    plan: Plan, polls_at: list[int], asked_ms: int
) -> None:
    now_ms = START_MS + asked_ms
    before = plan.at(now_ms)
    for poll, wait_ms in enumerate(polls_at, 1):
        plan = plan.polled(poll, now_ms + 1 + wait_ms)
    after = plan.at(now_ms)
    assert (after.stage, after.since_ms) == (before.stage, before.since_ms)


@given(poll_plans, st.integers(1, 12), waits, waits)
def test_a_poll_fixes_its_moments_once(plan: Plan, poll: int, first_ms: int, second_ms: int) -> None:
    polled = plan.polled(poll, START_MS + first_ms)
    assert polled.polled(poll, START_MS + second_ms) == polled


@given(poll_plans, st.lists(waits, min_size=1, max_size=12))
def test_moments_stay_in_order_even_where_polls_are_counted_out_of_order(
    plan: Plan, moments: list[int]
) -> None:
    for poll, moment_ms in enumerate(moments, 1):
        plan = plan.polled(poll, START_MS + moment_ms)
    fixed = [step.at_ms for step in plan.steps if step.at_ms is not None]
    assert fixed == sorted(fixed)


@given(st.integers(1, 12), st.sampled_from(WAYS), seeds)
def test_polls_n_ends_at_the_nth_poll_and_not_before(count: int, way: tuple[Stage, ...], seed: int) -> None:
    plan = plan_by(Pace("polls", polls=count), way, seed)
    for poll in range(1, count):
        plan = plan.polled(poll, START_MS + poll)
        assert plan.ends_ms is None
        assert not plan.at(START_MS + 10**9).stage.is_terminal
    assert plan.polled(count, START_MS + count).ends_ms == START_MS + count


@given(plans, waits, ends)
def test_a_plan_ended_by_hand_has_ended_and_keeps_its_past(plan: Plan, wait_ms: int, end: Stage) -> None:
    now_ms = START_MS + wait_ms
    before = plan.at(now_ms)
    cut = plan.ended(end, now_ms, WHY)
    assert cut.at(now_ms).stage is (before.stage if before.stage.is_terminal else end)
    for past_ms in range(START_MS, now_ms, max(1, wait_ms // 7)):
        assert cut.at(past_ms).stage is plan.at(past_ms).stage


@given(plans, waits, waits, ends, ends)
def test_ending_twice_is_ending_once(
    plan: Plan, wait_ms: int, more_ms: int, first: Stage, second: Stage
) -> None:
    once = plan.ended(first, START_MS + wait_ms)
    assert once.ended(second, START_MS + wait_ms + more_ms) == once


@given(plans, waits, ends)
def test_a_plan_ended_by_hand_is_a_plan(plan: Plan, wait_ms: int, end: Stage) -> None:
    cut = plan.ended(end, START_MS + wait_ms)
    moments = [step.at_ms for step in cut.steps]
    assert None not in moments
    assert moments == sorted(moment for moment in moments if moment is not None)
    assert [step.stage.is_terminal for step in cut.steps] == [False] * (len(cut.steps) - 1) + [True]


@given(plans, waits, waits)
def test_after_its_last_change_nothing_changes(plan: Plan, wait_ms: int, later_ms: int) -> None:
    now_ms = START_MS + wait_ms
    change_ms = plan.last_change_ms(now_ms)
    last_ms = now_ms if change_ms is None else change_ms
    assert plan.at(last_ms + later_ms).stage is plan.at(last_ms).stage
    if change_ms is not None:
        assert change_ms > now_ms
        assert plan.at(change_ms).since_ms == change_ms


def test_before_its_start_a_plan_shows_its_first_stage() -> None:
    plan = Plan((Step(Stage.QUEUED, 100), Step(Stage.SUCCEEDED, 200)))
    assert (plan.at(0).stage, plan.at(0).since_ms, plan.at(0).progress) == (Stage.QUEUED, 100, 0.0)


@pytest.mark.parametrize(
    ("now_ms", "stage"), [(199, Stage.QUEUED), (200, Stage.SUCCEEDED), (201, Stage.SUCCEEDED)]
)
def test_a_stage_is_reached_at_its_millisecond(now_ms: int, stage: Stage) -> None:
    assert Plan((Step(Stage.QUEUED, 0), Step(Stage.SUCCEEDED, 200))).at(now_ms).stage is stage


def test_a_plan_that_begins_at_zero_knows_since_when() -> None:
    plan = Plan((Step(Stage.QUEUED, -5), Step(Stage.PROCESSING, 0), Step(Stage.SUCCEEDED, 10)))
    assert plan.at(3).since_ms == 0


def test_the_failure_goes_with_the_end_that_replaces_it() -> None:
    plan = Plan((Step(Stage.QUEUED, 0), Step(Stage.FAILED, 100)), WHY)
    assert plan.ended(Stage.CANCELLED, 50).failure is None
    assert plan.ended(Stage.CANCELLED, 100).failure is WHY


def test_exactly_three_stages_are_terminal() -> None:
    assert {stage for stage in Stage if stage.is_terminal} == set(TERMINAL_STAGES)


def test_a_plan_has_ended_from_its_last_moment_on() -> None:
    plan = Plan((Step(Stage.SUBMITTED, 0), Step(Stage.FAILED, 10)))
    assert [plan.has_ended(now_ms) for now_ms in (0, 9, 10, 11)] == [False, False, True, True]


def test_a_plan_that_waits_for_polls_has_not_ended() -> None:
    plan = Plan((Step(Stage.SUBMITTED, 0), Step(Stage.SUCCEEDED, None, 3)))
    assert not plan.has_ended(10**15)


endless = st.builds(
    lambda plan: Plan(tuple(step for step in plan.steps if not step.stage.is_terminal)), plans
)


@given(endless, st.integers(0, 20), waits)
def test_a_plan_whose_last_stage_is_not_final_never_ends(plan: Plan, polls: int, wait_ms: int) -> None:
    for poll in range(1, polls + 1):
        plan = plan.polled(poll, START_MS + poll)
    now_ms = START_MS + polls + wait_ms
    assert plan.ends_ms is None
    assert not plan.has_ended(now_ms)
    assert not plan.at(now_ms).stage.is_terminal
    assert 0 <= plan.at(now_ms).progress < 1


@given(endless, waits, ends)
def test_a_plan_without_an_end_gets_one_by_hand(plan: Plan, wait_ms: int, end: Stage) -> None:
    cut = plan.ended(end, START_MS + wait_ms, WHY)
    assert (cut.ends_ms, cut.at(START_MS + wait_ms).stage) == (START_MS + wait_ms, end)


@given(endless)
def test_a_plan_without_an_end_stops_waiting_for_polls_at_its_last_stage(plan: Plan) -> None:
    assert not plan.polled(99, START_MS).waits_for_polls
