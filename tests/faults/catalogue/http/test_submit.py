"""Submits that a gateway or a limit answers: whether the task exists afterwards."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from mock_server.faults.catalogue import CATALOGUE

Start = Callable[..., Any]


def test_after_the_gateways_page_the_task_exists_and_finishes(rig: Start, provider: str) -> None:
    job = rig("submit-accepted-502-html").job(provider)
    job.identify()
    page = job.submit()
    assert (page.status, page.headers["content-type"]) == (502, "text/html")
    (task,) = job.tasks()
    assert job.result_url(job.poll(str(task["id"])))


def test_only_the_first_submit_is_lost(rig: Start, provider: str) -> None:
    job = rig("submit-accepted-502-html").job(provider)
    job.identify()
    assert [job.submit().status for _ in range(2)] == [502, 200]
    assert len(job.tasks()) == 2


def test_a_submit_that_is_refused_anyway_stays_refused(rig: Start) -> None:
    job = rig("submit-accepted-502-html").job("kling")
    assert job.submit().status == 400
    assert job.tasks() == []


UNAVAILABLE = {
    "kling": lambda body: body["code"] == 5001,
    "gmi": lambda body: body == {"error": "Service temporarily unavailable"},
    "kirin": lambda body: body["error"]["code"] == "SERVICE_UNAVAILABLE",
}


def test_a_503_is_the_providers_own_says_when_to_come_back_and_stores_nothing(
    rig: Start, provider: str
) -> None:
    job = rig("submit-503-not-accepted;retry_after_s=9").job(provider)
    job.identify()
    first, second = job.submit(), job.submit()
    assert [first.status, second.status] == [503, 503]
    assert first.headers["retry-after"] == "9"
    assert UNAVAILABLE[provider](first.json)
    assert job.tasks() == []
    assert job.submit().status == 200
    assert len(job.tasks()) == 1


PARALLEL = {
    "kling": lambda body: (body["code"], body["message"]) == (1303, "parallel task over resource pack limit"),
    "gmi": lambda body: body == {"error": "parallel task limit reached"},
    "kirin": lambda body: body["error"]["code"] == "RATE_LIMIT_EXCEEDED",
}


def test_too_many_at_once_is_said_in_the_providers_words_and_stores_nothing(
    rig: Start, provider: str
) -> None:
    job = rig("concurrency-429-submit#1").job(provider)
    job.identify()
    refusal = job.submit()
    assert refusal.status == 429
    assert PARALLEL[provider](refusal.json)
    assert job.tasks() == []
    assert job.submit().status == 200


def test_with_slots_a_submit_is_refused_only_while_so_many_tasks_run(rig: Start, provider: str) -> None:
    job = rig("concurrency-429-submit#*;slots=2", pace="polls:1").job(provider)
    job.identify()
    first, _, refused = job.submit(), job.submit(), job.submit()
    assert refused.status == 429
    job.poll(job.task_id_of(first))
    assert [job.submit().status, job.submit().status] == [200, 429]
    assert len(job.tasks()) == 3


@pytest.mark.parametrize(
    ("fault", "commits"),
    [
        ("submit-accepted-502-html", True),
        ("submit-503-not-accepted", False),
        ("concurrency-429-submit", False),
    ],
)
def test_the_catalogue_says_whether_the_task_exists(rig: Start, fault: str, commits: bool) -> None:
    assert CATALOGUE.get(fault).commits is commits
    job = rig(f"{fault}#1").job("kling")
    job.identify()
    job.submit()
    assert len(job.tasks()) == commits
