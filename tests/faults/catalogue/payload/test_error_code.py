"""Status 200 around the body of an error."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from contracts.contract import load_contract
from mock_server.faults.catalogue.payload.error_code import COMMON_ROWS
from mock_server.faults.model import ALL_PROVIDERS

Start = Callable[..., Any]

INTERNAL = {
    "kling": lambda body: body["code"] == 5000 and "data" not in body,
    "gmi": lambda body: body == {"error": "Internal server error"},
    "kirin": lambda body: body["error"]["code"] == "INTERNAL_ERROR",
}


def test_the_second_poll_is_an_error_with_status_200(rig: Start, provider: str) -> None:
    job = rig("http-200-error-code").job(provider)
    task_id = job.start()
    answers = [job.poll(task_id) for _ in range(3)]
    assert [answer.status for answer in answers] == [200, 200, 200]
    assert INTERNAL[provider](answers[1].json)
    assert job.status_of(answers[0]) == job.status_of(answers[2])


def test_the_row_can_be_chosen(rig: Start) -> None:
    job = rig("http-200-error-code#1;error=rate-limited").job("kling")
    wire = job.poll(job.start())
    assert (wire.status, wire.json["code"]) == (200, 1302)


def test_a_submit_that_fails_with_200_makes_no_task(rig: Start, provider: str) -> None:
    job = rig("http-200-error-code@submit#1").job(provider)
    job.identify()
    wire = job.submit()
    assert wire.status == 200
    assert INTERNAL[provider](wire.json)
    assert job.tasks() == []


@pytest.mark.parametrize("name", ALL_PROVIDERS)
def test_every_row_that_can_be_chosen_is_in_every_table(name: str) -> None:
    assert set(COMMON_ROWS) <= set(load_contract(name).errors)
