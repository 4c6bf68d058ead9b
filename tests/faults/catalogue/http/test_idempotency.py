"""Idempotency-Key: who meets the faults, whose task is answered, and that no second one is made."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

Start = Callable[..., Any]
KEY = {"Idempotency-Key": "job-1"}
FAULTS = ["idem-key-replay", "idem-key-reject", "idem-key-conflict"]


def ready(rig: Start, provider: str, *faults: str, **settings: object) -> Any:
    job = rig(*faults, **settings).job(provider)
    job.identify()
    return job


def test_a_replay_is_the_first_answer_byte_for_byte_and_makes_no_task(rig: Start, provider: str) -> None:
    job = ready(rig, provider, "idem-key-replay")
    first, *others = (job.submit(headers=KEY) for _ in range(3))
    assert [other.status for other in others] == [200, 200]
    assert [other.body for other in others] == [first.body, first.body]
    assert [task["id"] for task in job.tasks()] == [job.task_id_of(first)]


def test_the_task_of_a_replay_can_be_polled(rig: Start, provider: str) -> None:
    job = ready(rig, provider, "idem-key-replay")
    job.submit(headers=KEY)
    task_id = job.task_id_of(job.submit(headers=KEY))
    assert job.result_url(job.poll(task_id))


REJECTED = {
    "kling": lambda body, text: (body["code"], body["message"]) == (1201, text),
    "gmi": lambda body, text: body == {"error": text},
    "kirin": lambda body, text: body["error"]["message"] == text,
}


@pytest.mark.parametrize("status", [409, 422])
def test_a_used_key_is_refused_in_the_providers_shape_and_the_task_exists(
    rig: Start, provider: str, status: int
) -> None:
    job = ready(rig, provider, f"idem-key-reject;status={status}")
    first, second = job.submit(headers=KEY), job.submit(headers=KEY)
    assert (first.status, second.status) == (200, status)
    assert REJECTED[provider](second.json, "Idempotency-Key: this request was accepted already")
    assert len(job.tasks()) == 1


def test_a_key_for_another_body_is_a_conflict(rig: Start, provider: str) -> None:
    job = ready(rig, provider, "idem-key-conflict")
    first = job.submit(headers=KEY)
    second = job.submit(external_id="another", headers=KEY)
    assert (first.status, second.status) == (200, 409)
    assert REJECTED[provider](second.json, "Idempotency-Key: used with another request body")
    assert len(job.tasks()) == 1


@pytest.mark.parametrize(
    ("fault", "external_id"), [(FAULTS[0], "another"), (FAULTS[1], "x"), (FAULTS[2], None)]
)
def test_another_body_is_no_repeat_and_the_same_one_no_conflict(
    rig: Start, provider: str, fault: str, external_id: str | None
) -> None:
    job = ready(rig, provider, fault)
    answers = [job.submit(headers=KEY), job.submit(external_id=external_id, headers=KEY)]
    assert [answer.status for answer in answers] == [200, 200]
    assert len(job.tasks()) == 2


@pytest.mark.parametrize("fault", FAULTS)
def test_without_a_key_or_with_another_one_nothing_happens(rig: Start, provider: str, fault: str) -> None:
    job = ready(rig, provider, fault)
    bodies = [{}, {}, KEY, {"Idempotency-Key": "job-2"}]
    assert [job.submit(headers=headers).status for headers in bodies] == [200] * 4
    assert len(job.tasks()) == 4


def test_a_key_whose_submit_was_refused_is_still_new(rig: Start) -> None:
    job = rig("idem-key-reject").job("kling")
    assert job.submit(headers=KEY).status == 400
    job.identify()
    assert job.submit(headers=KEY).status == 200


def test_a_body_that_the_journal_has_cut_is_still_told_from_another(rig: Start, provider: str) -> None:
    job = ready(rig, provider, "idem-key-replay", "idem-key-conflict", journal_body_bytes=20)
    first = job.submit(headers=KEY)
    assert job.task_id_of(job.submit(headers=KEY)) == job.task_id_of(first)
    assert job.submit(external_id="another", headers=KEY).status == 409
    assert len(job.tasks()) == 1


def test_a_key_of_one_tenant_means_nothing_to_another(rig: Start, provider: str) -> None:
    here = rig("idem-key-reject")
    for key in ("one", "two"):
        here.key = key
        job = here.job(provider)
        job.identify()
        assert job.submit(headers=KEY).status == 200
