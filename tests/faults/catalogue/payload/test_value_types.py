"""The right values in another type or another unit."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

Start = Callable[..., Any]


def polled(rig: Start, provider: str, fault: str) -> tuple[Any, Any]:
    """Two task objects of one finished task: plain, and with the fault."""
    job = rig().job(provider)
    task_id = job.start()
    plain, changed = job.poll(task_id), job.poll(task_id, headers={"x-lipflap-fault": fault})
    return tuple(wire.json["data"] if provider == "kling" else wire.json for wire in (plain, changed))


def numbers(task: Any, provider: str) -> list[Any]:
    """What becomes text: the times, and where they are numbers the durations."""
    if provider == "kirin":
        times = [task["created_at"], task["metadata"]["in_queue_at"], task["metadata"]["completed_at"]]
        return [*times, task["output"][0]["content"][0]["duration"]]
    names = ["created_at", "updated_at"] + (["queued_at"] if provider == "gmi" else [])
    return [task[name] for name in names]


def test_numbers_become_text_with_the_same_digits(rig: Start, provider: str) -> None:
    plain, worded = (numbers(task, provider) for task in polled(rig, provider, "numbers-as-strings"))
    assert all(isinstance(number, str) for number in worded)
    assert [json.loads(text) for text in worded] == plain


def test_moments_change_their_unit(rig: Start, provider: str) -> None:
    plain, changed = (numbers(task, provider) for task in polled(rig, provider, "ms-vs-s-timestamps"))
    moments = slice(0, 3)
    if provider == "kling":
        assert changed[moments] == [moment // 1000 for moment in plain[moments]]
    else:
        assert changed[moments] == [round(moment * 1000) for moment in plain[moments]]
    assert all(isinstance(moment, int) for moment in changed[moments])


def test_an_id_is_a_number_that_no_float_can_hold(rig: Start, provider: str) -> None:
    job = rig("big-int-id").job(provider)
    job.identify()
    wire = job.submit()
    task = wire.json["data"] if provider == "kling" else wire.json
    number = task["task_id" if provider == "kling" else "id" if provider == "kirin" else "request_id"]
    assert isinstance(number, int)
    assert number > 2**53
    assert f": {number}".encode() in wire.body or f":{number}".encode() in wire.body


def test_the_same_digits_lead_to_the_task_and_its_result(rig: Start, provider: str) -> None:
    job = rig("big-int-id").job(provider)
    task_id = job.start()
    polled = job.poll(task_id)
    assert job.task_id_of(polled) == task_id
    assert job.download(polled).status == 200
    assert [task["id"] for task in job.tasks()] == [task_id]


def test_digits_that_went_through_a_float_lead_nowhere(rig: Start) -> None:
    job = rig("big-int-id").job("gmi")
    wrong = [str(int(float(task_id))) for task_id in (job.start(), job.start())]
    assert 404 in [job.poll(task_id).status for task_id in wrong]


def test_only_the_chosen_task_has_a_number(rig: Start, provider: str) -> None:
    job = rig("big-int-id#2").job(provider)
    job.identify()
    key = {"kling": "task_id", "gmi": "request_id", "kirin": "id"}[provider]
    wires = [job.submit() for _ in range(3)]
    polls = [job.poll(job.task_id_of(wire)) for wire in wires]
    ids = [(wire.json["data"] if provider == "kling" else wire.json)[key] for wire in (*wires, *polls)]
    assert [type(task_id) for task_id in ids] == [str, int, str] * 2


@pytest.mark.parametrize("fault", ["numbers-as-strings", "ms-vs-s-timestamps"])
def test_a_submit_in_other_types_has_made_its_task(rig: Start, provider: str, fault: str) -> None:
    job = rig(f"{fault}@submit").job(provider)
    job.identify()
    wire = job.submit()
    assert [task["id"] for task in job.tasks()] == [job.task_id_of(wire)]
