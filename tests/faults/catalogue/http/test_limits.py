"""Rate limits in every form of Retry-After, and an account that runs dry."""

from __future__ import annotations

from collections.abc import Callable
from email.utils import parsedate_to_datetime
from typing import Any

import pytest

Start = Callable[..., Any]

LIMITED = {
    "kling": lambda body: body["code"] == 1302,
    "gmi": lambda body: body == {"error": "Too many requests. Please try again later."},
    "kirin": lambda body: body["error"]["code"] == "RATE_LIMIT_EXCEEDED",
}


def polls(job: Any, count: int) -> list[Any]:
    task_id = job.start()
    return [job.poll(task_id) for _ in range(count)]


def test_seconds_come_with_the_providers_own_refusal(rig: Start, provider: str) -> None:
    answers = polls(rig("rate-429-seconds").job(provider), 4)
    assert [answer.status for answer in answers] == [200, 429, 429, 200]
    assert answers[1].headers["retry-after"] == "7"
    assert LIMITED[provider](answers[1].json)


def test_there_is_one_retry_after_where_the_provider_sends_one_of_its_own(rig: Start) -> None:
    here = rig("rate-429-seconds", dialects={"kling.retry_after": "on"})
    limited = polls(here.job("kling"), 2)[1]
    assert limited.data.lower().count(b"retry-after") == 1
    assert limited.headers["retry-after"] == "7"


def test_without_a_header_means_without_it_whatever_the_dialect(rig: Start, provider: str) -> None:
    here = rig("rate-429-no-header", dialects={"kling.retry_after": "on"})
    answers = polls(here.job(provider), 5)
    assert [answer.status for answer in answers] == [200, 429, 429, 429, 200]
    assert all("retry-after" not in answer.headers for answer in answers)
    assert LIMITED[provider](answers[1].json)


def test_a_date_is_on_the_tenants_clock(rig: Start, provider: str) -> None:
    here = rig("rate-429-http-date;retry_after_s=90", clock="manual")
    limited = polls(here.job(provider), 2)[1]
    assert (limited.status, limited.headers["retry-after"][-4:]) == (429, " GMT")
    until = parsedate_to_datetime(limited.headers["retry-after"])
    now_ms = here.admin("GET", "clock")["now_ms"]
    assert 90_000 <= until.timestamp() * 1000 - now_ms < 91_000


def test_a_day_is_a_day(rig: Start, provider: str) -> None:
    answers = polls(rig("rate-429-huge-retry-after").job(provider), 3)
    assert [answer.status for answer in answers] == [200, 429, 200]
    assert answers[1].headers["retry-after"] == "86400"


@pytest.mark.parametrize(
    "fault", ["rate-429-seconds", "rate-429-http-date", "rate-429-no-header", "rate-429-huge-retry-after"]
)
def test_a_submit_that_is_limited_makes_no_task(rig: Start, provider: str, fault: str) -> None:
    job = rig(f"{fault}@submit#1").job(provider)
    job.identify()
    assert job.submit().status == 429
    assert job.tasks() == []


UNPAID = {
    ("kling", "exhausted"): (429, lambda body: body["code"] == 1102),
    ("kling", "arrears"): (429, lambda body: body["code"] == 1101),
    ("gmi", "exhausted"): (402, lambda body: body["error"].startswith("Insufficient credits")),
    ("kirin", "exhausted"): (402, lambda body: body["status"]["error_code"] == 40201),
}


@pytest.mark.parametrize(("name", "reason"), UNPAID)
def test_credits_run_out_at_the_fifth_poll_and_the_job_lives_on(rig: Start, name: str, reason: str) -> None:
    job = rig(pace="polls:6").job(name)
    job.identify()
    wire = job.submit(external_id=f"lipflap.fault=credits-exhausted-mid-poll;reason={reason}")
    *before, broke, after = (job.poll(job.task_id_of(wire)) for _ in range(6))
    status, is_right = UNPAID[name, reason]
    assert {answer.status for answer in before} == {200}
    assert broke.status == status
    assert is_right(broke.json)
    assert job.status_of(after) == job.status_of(before[-1])
