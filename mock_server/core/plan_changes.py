"""Plans that go another way: put off, without an end, failing. Right for plans by time and for plans by polls.

A plan without an end stays without one, whatever is asked of its end.
"""

from __future__ import annotations

from msgspec.structs import replace

from mock_server.core.plan import Failure, Plan, Stage, Step


def put_off(plan: Plan, wait_ms: int, polls: int) -> Plan:
    """The task waits before it is worked on: ``wait_ms`` more, or ``polls`` more polls where its plan goes by polls."""
    first, *others = _with_waiting(plan)
    return replace(plan, steps=(first, *(_later(plan, step, wait_ms, polls) for step in others)))


def drawn_out(plan: Plan, wait_ms: int, polls: int) -> Plan:
    """The end comes ``wait_ms`` later, or ``polls`` polls later where it waits for one."""
    *others, last = plan.steps
    if not last.stage.is_terminal:
        return plan
    return replace(plan, steps=(*others, _later(plan, last, wait_ms, polls)))


def lasting(plan: Plan, length_ms: int, polls: int) -> Plan:
    """The end comes ``length_ms`` after the start, or at poll ``polls``; not earlier than it would have come."""
    *others, last = plan.steps
    if not last.stage.is_terminal:
        return plan
    if last.at_ms is None:
        return replace(plan, steps=(*others, replace(last, at_poll=max(last.at_poll or 0, polls))))
    return replace(plan, steps=(*others, replace(last, at_ms=max(last.at_ms, plan.starts_ms + length_ms))))


def never_begun(plan: Plan) -> Plan:
    """The task waits for ever."""
    return Plan(_with_waiting(plan)[:1])


def never_ended(plan: Plan) -> Plan:
    """The task is worked on for ever."""
    steps = tuple(step for step in _with_waiting(plan) if not step.stage.is_terminal)
    return Plan(steps)


def failing(plan: Plan, failure: Failure) -> Plan:
    """The task fails when it would have ended."""
    *others, last = plan.steps
    if not last.stage.is_terminal:
        return plan
    return Plan((*others, replace(last, stage=Stage.FAILED)), failure)


def _with_waiting(plan: Plan) -> tuple[Step, ...]:
    """The steps, a stage of waiting first: a plan may begin with the work itself."""
    first, *others = plan.steps
    if first.stage is not Stage.PROCESSING:
        return plan.steps
    work = replace(first, at_ms=None, at_poll=1) if plan.waits_for_polls else first
    return (replace(first, stage=Stage.QUEUED), work, *others)


def _later(plan: Plan, step: Step, wait_ms: int, polls: int) -> Step:
    if not plan.waits_for_polls:
        return replace(step, at_ms=(step.at_ms or 0) + wait_ms)
    # what a poll has fixed already is past
    return step if step.at_ms is not None else replace(step, at_poll=(step.at_poll or 0) + polls)
