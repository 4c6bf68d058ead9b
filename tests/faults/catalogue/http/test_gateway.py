"""What gateways put in a provider's place: the page, its status, and the poll after it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

Start = Callable[..., Any]


@pytest.mark.parametrize(
    ("fault", "status", "title"),
    [("gateway-502-html", 502, b"502 Bad Gateway"), ("gateway-504-html", 504, b"504 Gateway Time-out")],
)
def test_a_gateways_page_is_html_and_the_poll_after_it_is_the_providers(
    rig: Start, provider: str, fault: str, status: int, title: bytes
) -> None:
    job = rig(f"{fault}#2").job(provider)
    task_id = job.start()
    plain, page, after = (job.poll(task_id) for _ in range(3))
    assert (page.status, page.headers["content-type"]) == (status, "text/html")
    assert b"<title>" + title + b"</title>" in page.body
    assert page.headers["content-length"] == str(len(page.body))
    assert job.status_of(after) == job.status_of(plain)


def test_a_gateway_that_waits_first_sends_the_same_page(rig: Start, provider: str) -> None:
    job = rig().job(provider)
    task_id = job.start()
    at_once, late = (
        job.poll(task_id, headers={"x-lipflap-fault": f"gateway-504-html{param}"})
        for param in ("", ";delay_ms=20")
    )
    assert late.data.startswith(b"HTTP/1.1 504 Gateway Timeout\r\n")
    assert late.body == at_once.body
    assert late.headers["content-type"] == "text/html"


def test_a_log_in_page_has_status_200_and_is_no_json(rig: Start, provider: str) -> None:
    job = rig("html-200").job(provider)
    task_id = job.start()
    job.poll(task_id)
    page = job.poll(task_id)
    assert (page.status, page.headers["content-type"]) == (200, "text/html")
    assert page.body.startswith(b"<!DOCTYPE html>")
    assert job.poll(task_id).json


def test_an_empty_answer_has_status_200_and_length_0(rig: Start, provider: str) -> None:
    job = rig("empty-200").job(provider)
    task_id = job.start()
    job.poll(task_id)
    empty = job.poll(task_id)
    assert (empty.status, empty.body, empty.headers["content-length"]) == (200, b"", "0")
    assert job.poll(task_id).json


@pytest.mark.parametrize("fault", ["gateway-502-html", "gateway-504-html", "html-200", "empty-200"])
def test_in_place_of_a_submit_no_task_is_made(rig: Start, provider: str, fault: str) -> None:
    job = rig(f"{fault}@submit#1").job(provider)
    job.identify()
    job.submit()
    assert job.tasks() == []
    job.submit()
    assert len(job.tasks()) == 1
