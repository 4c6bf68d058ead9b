"""A rule that changes when it first fires: whose it is then, and what stays as it was."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Start = Callable[..., Any]


def test_a_rule_of_one_task_changes_for_that_task_alone(rig: Start, provider: str) -> None:
    here = rig(clock="manual")
    job = here.job(provider)
    job.identify()
    drained = job.task_id_of(job.submit(external_id="lipflap.fault=deploy-drain"))
    plain = job.task_id_of(job.submit())
    assert [job.poll(task_id).status for task_id in (drained, plain, drained)] == [503, 200, 503]
    here.admin("POST", "clock/advance", {"seconds": 10})
    assert [job.poll(task_id).status for task_id in (drained, plain)] == [200, 200]


def test_two_rules_of_one_fault_begin_each_in_its_turn(rig: Start) -> None:
    here = rig("deploy-drain@identify;for_s=10", "deploy-drain@submit;for_s=30", clock="manual")
    job = here.job("kling")
    assert job.identify().status == 503
    here.admin("POST", "clock/advance", {"seconds": 10})
    job.identify()
    assert job.submit().status == 503
    here.admin("POST", "clock/advance", {"seconds": 29})
    assert job.submit().status == 503
    here.admin("POST", "clock/advance", {"seconds": 1})
    assert job.submit().status == 200


def test_a_header_speaks_of_its_own_request_and_leaves_no_rule(rig: Start) -> None:
    job = rig(clock="manual").job("kling")
    assert job.identify(headers={"x-lipflap-fault": "deploy-drain"}).status == 503
    assert job.identify().status == 200
