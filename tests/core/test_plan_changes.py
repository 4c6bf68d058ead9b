"""Plans that were changed are plans still: they go forward, and differ in what was asked for alone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_server.core.ids import Choices
from mock_server.core.pace import PACES, Pace
from mock_server.core.plan import Failure, Plan, Stage, Step
from mock_server.core.plan_changes import drawn_out, failing, lasting, never_begun, never_ended, put_off

START_MS = 1_000_000
LATE_MS = START_MS + 10**12
WAYS = (
    (Stage.SUBMITTED, Stage.PROCESSING, Stage.SUCCEEDED),
    (Stage.QUEUED, Stage.DISPATCHED, Stage.PROCESSING, Stage.SUCCEEDED),
    (Stage.PROCESSING, Stage.SUCCEEDED),
)
WAITING = {Stage.SUBMITTED, Stage.QUEUED, Stage.DISPATCHED}
WHY = Failure("internal", "broke")
Change = Callable[[Plan], Plan]

seeds = st.integers(0, 2**32)
waits = st.integers(1, 10_000_000)
polls = st.integers(1, 50)
by_time = st.builds(
    lambda pace, way, seed: pace.plan(way, START_MS, Choices(seed, "t"), "task"),
    st.sampled_from(PACES),
    st.sampled_from(WAYS),
    seeds,
)
by_polls = st.builds(
    lambda count, way: Pace("polls", polls=count).plan(way, START_MS, Choices(1, "t"), "task"),
    st.integers(1, 12),
    st.sampled_from(WAYS),
)
plans = by_time | by_polls
changes: st.SearchStrategy[Change] = st.one_of(
    st.builds(lambda ms, n: lambda plan: put_off(plan, ms, n), waits, polls),
    st.builds(lambda ms, n: lambda plan: drawn_out(plan, ms, n), waits, polls),
    st.builds(lambda ms, n: lambda plan: lasting(plan, ms, n), waits, polls),
    st.sampled_from([never_begun, never_ended, lambda plan: failing(plan, WHY)]),
)


def seen_by_polls(plan: Plan, count: int) -> list[Stage]:
    """What polls 1 to ``count`` see, a millisecond apart."""
    seen = []
    for poll in range(1, count + 1):
        plan = plan.polled(poll, START_MS + poll)
        seen.append(plan.at(START_MS + poll).stage)
    return seen


@given(plans, st.lists(changes, min_size=1, max_size=4))
def test_however_a_plan_is_changed_it_is_a_plan(plan: Plan, several: list[Change]) -> None:
    for change in several:
        plan = change(plan)
    moments = [step.at_ms for step in plan.steps if step.at_ms is not None]
    counts = [step.at_poll for step in plan.steps if step.at_poll is not None]
    assert plan.starts_ms == START_MS
    assert moments == sorted(moments)
    assert counts == sorted(counts)
    assert [step.stage.is_terminal for step in plan.steps[:-1]] == [False] * (len(plan.steps) - 1)
    assert (plan.failure is None) == (plan.steps[-1].stage is not Stage.FAILED)


@given(by_time, waits, polls)
def test_what_is_put_off_waits_so_much_longer_and_goes_on_as_before(plan: Plan, ms: int, n: int) -> None:
    after = put_off(plan, ms, n)
    assert after.at(START_MS + ms - 1).stage in WAITING
    for step in plan.steps[1:]:
        assert step.at_ms is not None
        assert after.at(step.at_ms + ms).stage is plan.at(step.at_ms).stage


@given(by_polls, waits, polls)
def test_a_plan_by_polls_is_put_off_by_polls(plan: Plan, ms: int, n: int) -> None:
    before, after = seen_by_polls(plan, 12), seen_by_polls(put_off(plan, ms, n), 12 + n)
    assert set(after[:n]) <= WAITING
    assert after[n:] == before


@given(by_time, waits, polls)
def test_a_plan_drawn_out_ends_so_much_later(plan: Plan, ms: int, n: int) -> None:
    after, ends_ms = drawn_out(plan, ms, n), plan.ends_ms
    assert ends_ms is not None
    assert after.ends_ms == ends_ms + ms
    assert after.at(ends_ms + ms - 1).stage is Stage.PROCESSING


@given(by_polls, waits, polls)
def test_a_plan_by_polls_is_drawn_out_by_polls(plan: Plan, ms: int, n: int) -> None:
    last = plan.steps[-1].at_poll
    assert last is not None
    seen = seen_by_polls(drawn_out(plan, ms, n), last + n)
    assert [stage.is_terminal for stage in seen] == [False] * (last + n - 1) + [True]


@given(by_time, waits, polls)
def test_a_plan_lasts_as_long_as_it_is_told_and_no_shorter_than_before(plan: Plan, ms: int, n: int) -> None:
    assert plan.ends_ms is not None
    assert lasting(plan, ms, n).ends_ms == max(plan.ends_ms, START_MS + ms)


@given(by_polls, waits, polls)
def test_a_plan_by_polls_lasts_as_many_polls_as_it_is_told(plan: Plan, ms: int, n: int) -> None:
    count = max(n, plan.steps[-1].at_poll or 0)
    seen = seen_by_polls(lasting(plan, ms, n), count)
    assert [stage.is_terminal for stage in seen] == [False] * (count - 1) + [True]


@given(plans, st.sampled_from([never_begun, never_ended]), st.integers(0, 40))
def test_a_plan_without_an_end_never_ends_whatever_the_time_and_the_polls(
    plan: Plan, change: Change, count: int
) -> None:
    after = change(plan)
    for poll in range(1, count + 1):
        after = after.polled(poll, START_MS + poll)
    assert after.ends_ms is None
    assert not after.has_ended(LATE_MS)
    assert after.last_change_ms(LATE_MS) is None
    assert 0 <= after.at(LATE_MS).progress < 1


@given(plans)
def test_a_task_that_is_never_begun_waits_and_one_that_never_ends_is_worked_on(plan: Plan) -> None:
    assert never_begun(plan).polled(99, START_MS).at(LATE_MS).stage in WAITING
    assert never_ended(plan).polled(99, START_MS).at(LATE_MS).stage is Stage.PROCESSING


@given(plans, st.sampled_from([never_begun, never_ended]))
def test_a_plan_without_an_end_can_be_ended_by_hand(plan: Plan, change: Change) -> None:
    ended = change(plan).ended(Stage.CANCELLED, START_MS + 5)
    assert ended.ends_ms == START_MS + 5
    assert ended.at(START_MS + 5).stage is Stage.CANCELLED


@given(plans)
def test_a_task_fails_when_it_would_have_succeeded(plan: Plan) -> None:
    after = failing(plan, WHY)
    assert (after.steps[:-1], after.failure) == (plan.steps[:-1], WHY)
    assert after.steps[-1] == Step(Stage.FAILED, plan.steps[-1].at_ms, plan.steps[-1].at_poll)


@given(plans, st.sampled_from([never_begun, never_ended]))
def test_a_task_without_an_end_does_not_fail_either(plan: Plan, change: Change) -> None:
    endless = change(plan)
    assert failing(endless, WHY) == endless


@pytest.mark.parametrize("change", [lambda plan: put_off(plan, 7, 2), lambda plan: drawn_out(plan, 7, 2)])
def test_what_a_poll_has_fixed_is_past_and_stays(change: Change) -> None:
    plan = Pace("polls", polls=4).plan(WAYS[0], START_MS, Choices(1, "t"), "task").polled(2, START_MS + 9)
    assert change(plan).steps[1] == Step(Stage.PROCESSING, START_MS + 9, 2)
    assert change(plan).steps[2] == Step(Stage.SUCCEEDED, None, 6)
