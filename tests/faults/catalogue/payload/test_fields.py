"""Fields that are gone, null, or new."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from mock_server.faults.catalogue.payload.fields import NEW_FIELD

Start = Callable[..., Any]


def polled(rig: Start, provider: str, fault: str) -> tuple[Any, Any]:
    """Two answers to polls of one finished task: plain, and with the fault."""
    job = rig().job(provider)
    task_id = job.start()
    return job.poll(task_id), job.poll(task_id, headers={"x-lipflap-fault": fault})


OUTPUTS = {
    "kling": lambda body: (body["data"]["task_result"], "videos"),
    "gmi": lambda body: (body, "outcome"),
    "kirin": lambda body: (body, "output"),
}


@pytest.mark.parametrize(("form", "value"), [("null", None), ("empty-list", []), ("empty-object", {})])
def test_success_comes_with_nothing_in_the_outputs_place(
    rig: Start, provider: str, form: str, value: object
) -> None:
    plain, bare = polled(rig, provider, f"completed-no-output;form={form}")
    holder, key = OUTPUTS[provider](bare.json)
    assert holder[key] == value
    before, _ = OUTPUTS[provider](plain.json)
    assert before[key]


def test_success_comes_without_the_output_field(rig: Start, provider: str) -> None:
    plain, bare = polled(rig, provider, "completed-no-output;form=absent")
    holder, key = OUTPUTS[provider](bare.json)
    whole, _ = OUTPUTS[provider](plain.json)
    assert set(whole) - set(holder) == {key}


def test_an_output_is_missed_only_at_success_and_only_that_is_counted(rig: Start, provider: str) -> None:
    job = rig(pace="polls:3").job(provider)
    job.identify()
    task_id = job.task_id_of(job.submit(external_id="lipflap.fault=completed-no-output#1"))
    *_, bare, whole = (job.poll(task_id) for _ in range(4))
    holder, key = OUTPUTS[provider](bare.json)
    assert holder[key] is None
    assert job.result_url(whole)


OPTIONAL = {
    "kling": lambda body: (body["data"], {"task_info", "final_balance_deduction", "task_status_msg"}),
    "gmi": lambda body: (body, {"queued_at", "is_public", "payload"}),
    "kirin": lambda body: (body, {"metadata", "usage"}),
}


def test_optional_fields_are_left_out(rig: Start, provider: str) -> None:
    plain, thin = (OPTIONAL[provider](wire.json) for wire in polled(rig, provider, "null-vs-absent"))
    assert set(plain[0]) - set(thin[0]) == plain[1]


def test_optional_fields_are_null(rig: Start, provider: str) -> None:
    plain, thin = (
        OPTIONAL[provider](wire.json) for wire in polled(rig, provider, "null-vs-absent;form=null")
    )
    assert set(plain[0]) == set(thin[0])
    assert {name for name, value in thin[0].items() if value is None} == plain[1]


def without_news(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: without_news(item) for name, item in value.items() if name != NEW_FIELD}
    return [without_news(item) for item in value] if isinstance(value, list) else value


NEW_PLACES = {"kling": 4, "gmi": 3, "kirin": 3}
"""Root, task object, and the objects on the way to a URL."""


def test_new_fields_are_all_that_is_new_and_they_are_nested(rig: Start, provider: str) -> None:
    plain, grown = polled(rig, provider, "extra-unknown-fields")
    assert without_news(grown.json).keys() == plain.json.keys()
    assert grown.body.count(b'"experimental"') == NEW_PLACES[provider]
    assert grown.json[NEW_FIELD]["trace"]["spans"][0]["attributes"] == {"warm": True}


def test_a_submit_with_new_fields_has_made_its_task(rig: Start, provider: str) -> None:
    job = rig("extra-unknown-fields@submit").job(provider)
    job.identify()
    wire = job.submit()
    assert NEW_FIELD in wire.json
    assert [task["id"] for task in job.tasks()] == [job.task_id_of(wire)]
