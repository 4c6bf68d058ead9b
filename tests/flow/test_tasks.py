"""Tasks: accepted whole or not at all, found by either id, polled, ended by hand."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace

from mock_server.core.delivery import Delivery
from mock_server.core.errors import Refused, TaskEnded
from mock_server.core.plan import Failure, Stage
from mock_server.core.task import Task, TaskKind
from mock_server.flow.call import Call
from mock_server.flow.tasks import accept, count_poll, end_task, look_up, plan_of

if TYPE_CHECKING:
    from tests.flow.conftest import MakeCall, MakeSimulator, MakeTask

WAY = (Stage.SUBMITTED, Stage.PROCESSING, Stage.SUCCEEDED)
KINDS = (TaskKind.LIP_SYNC,)
HOOK = "http://127.0.0.1:9/hook"


def refused_with(ask: Callable[[], object]) -> str:
    with pytest.raises(Refused) as refused:
        ask()
    return refused.value.error


def deliveries(call: Call, task: Task) -> tuple[Delivery, ...]:
    return call.simulator.store.deliveries(call.tenant, task_id=task.id, offset=0, limit=10)


def test_a_plan_with_a_failure_ends_in_it(call: Call) -> None:
    why = Failure("internal", "broke")
    plan = plan_of(call, WAY, "task", why)
    assert [step.stage for step in plan.steps] == [Stage.SUBMITTED, Stage.PROCESSING, Stage.FAILED]
    assert plan.failure is why
    assert plan.starts_ms == call.now_ms


def test_a_pace_of_the_world_s_own_wins_over_the_server_s(call: Call) -> None:
    assert not plan_of(call, WAY, "task", None).waits_for_polls
    call.home = replace(call.home, pace="polls:3")
    assert [step.at_poll for step in plan_of(call, WAY, "task", None).steps] == [None, 1, 3]


def test_an_accepted_task_is_found_by_either_id_and_noted_for_the_journal(
    call: Call, make_call: MakeCall, make_task: MakeTask
) -> None:
    task = make_task(call, 1, external_id="mine")
    accept(call, task)
    assert call.task_id == task.id
    for either_id in ("task-1", "mine"):
        poll = make_call()
        assert look_up(poll, "kling", KINDS, either_id) == task
        assert poll.task_id == task.id


@pytest.mark.parametrize("either_id", ["", "task-2", "another", "TASK-1"])
def test_what_is_not_there_is_not_found(call: Call, make_task: MakeTask, either_id: str) -> None:
    accept(call, make_task(call, 1))
    assert refused_with(lambda: look_up(call, "kling", KINDS, either_id)) == "not-found"


def test_a_task_is_not_found_elsewhere(call: Call, make_call: MakeCall, make_task: MakeTask) -> None:
    accept(call, make_task(call, 1))
    assert refused_with(lambda: look_up(make_call("another"), "kling", KINDS, "task-1")) == "not-found"
    assert refused_with(lambda: look_up(call, "kirin", KINDS, "task-1")) == "not-found"
    assert refused_with(lambda: look_up(call, "kling", (TaskKind.LEGACY_LIP_SYNC,), "task-1")) == "not-found"


def test_an_external_id_is_taken_once_and_the_second_task_leaves_nothing(
    call: Call, make_task: MakeTask
) -> None:
    accept(call, make_task(call, 1, external_id="mine"))
    second = make_task(call, 2, external_id="mine", callback_url=HOOK)
    assert refused_with(lambda: accept(call, second)) == "invalid-value"
    assert call.simulator.store.task(call.tenant, "kling", "task-2") is None
    assert deliveries(call, second) == ()


def test_without_a_free_slot_a_task_leaves_nothing(
    make_simulator: MakeSimulator, make_call: MakeCall, make_task: MakeTask
) -> None:
    call = make_call(of=make_simulator(pace="real"))
    accept(call, make_task(call, 1, holds_slot=True), slots=1)
    assert refused_with(lambda: accept(call, make_task(call, 2, holds_slot=True), slots=1)) == "slots-full"
    assert call.simulator.store.task(call.tenant, "kling", "task-2") is None


def test_the_outbox_is_woken_for_callbacks_and_for_nothing_else(call: Call, make_task: MakeTask) -> None:
    woken: list[str] = []
    call.simulator.wake_outbox = woken.append
    accept(call, make_task(call, 1))
    assert woken == []
    accept(call, make_task(call, 2, callback_url=HOOK))
    assert woken == [call.tenant]


def test_a_poll_moves_a_plan_that_waits_for_it_and_makes_its_callbacks_due(
    make_simulator: MakeSimulator, make_call: MakeCall, make_task: MakeTask
) -> None:
    call = make_call(of=make_simulator(pace="polls:1"))
    woken: list[str] = []
    call.simulator.wake_outbox = woken.append
    task = make_task(call, 1, callback_url=HOOK)
    accept(call, task)
    assert [row.due_ms for row in deliveries(call, task)] == [None]
    poll = make_call(of=call.simulator, later_ms=70)
    polled = count_poll(poll, task)
    assert (polled.polls, polled.plan.ends_ms) == (1, poll.now_ms)
    assert [row.due_ms for row in deliveries(call, task)] == [poll.now_ms]
    assert woken == [call.tenant, call.tenant]


def test_a_poll_leaves_a_plan_that_goes_by_time_alone(call: Call, make_task: MakeTask) -> None:
    task = make_task(call, 1)
    assert count_poll(call, task) is task


def test_a_task_ended_by_hand_calls_back_its_end_in_place_of_what_was_to_come(
    make_simulator: MakeSimulator, make_call: MakeCall, make_task: MakeTask
) -> None:
    call = make_call(of=make_simulator(pace="real"))
    task = make_task(call, 1, callback_url=HOOK)
    accept(call, task)
    ended = end_task(call.simulator, task, Stage.CANCELLED, call.now_ms + 5)
    assert ended.plan.at(call.now_ms + 5).stage is Stage.CANCELLED
    assert [(row.stage, row.due_ms) for row in deliveries(call, task)] == [(Stage.CANCELLED, call.now_ms + 5)]


def test_ending_what_has_ended_changes_nothing(call: Call, make_task: MakeTask) -> None:
    task = make_task(call, 1)
    accept(call, task)
    with pytest.raises(TaskEnded, match="succeeded"):
        end_task(call.simulator, task, Stage.FAILED, call.now_ms + 5, Failure("internal", "x"))
    assert call.simulator.store.task(task.tenant, task.provider, task.id) == task


def test_a_change_has_the_last_word_on_a_task_ended_by_hand(
    make_simulator: MakeSimulator, make_call: MakeCall, make_task: MakeTask
) -> None:
    call = make_call(of=make_simulator(pace="real"))
    task = make_task(call, 1)
    accept(call, task)
    seen: list[Stage] = []

    def keep(before: Task, ended: Task) -> Task:
        seen.append(ended.plan.at(call.now_ms).stage)
        return before

    kept = end_task(call.simulator, task, Stage.CANCELLED, call.now_ms, change=keep)
    assert seen == [Stage.CANCELLED]
    assert kept == task == call.simulator.store.task(call.tenant, "kling", task.id)
