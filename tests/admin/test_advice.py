"""The story of a task says what a good client would have done."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from mock_server.admin.advice import retry_after_ms
from mock_server.core.journal import Entry, EntryKind

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.admin.conftest import Desk


def events(desk: Desk, task_id: str) -> list[dict[str, object]]:
    found: list[dict[str, object]] = desk.get(f"tasks/{task_id}/timeline")["events"]
    return [event for event in found if event["kind"] == "exchange"]


def test_gaps_are_told_in_the_tenants_time(desk: Desk) -> None:
    task_id = desk.task()
    desk.ask("POST", "clock/advance", {"seconds": 2})
    desk.poll(task_id)
    assert [event["gap_ms"] for event in events(desk, task_id)] == [None, 2000]


def test_a_poll_after_the_end_is_told_to_be_needless(desk: Desk) -> None:
    task_id = desk.task()
    desk.ask("POST", "clock/advance", {"until": "idle"})
    desk.poll(task_id)
    desk.ask("POST", "clock/advance", {"seconds": 5})
    desk.poll(task_id)
    assert [event["advice"] for event in events(desk, task_id)] == [
        None,
        None,
        "The client knew the end already: a good client stops asking.",
    ]


def test_polls_that_follow_too_fast_are_told(desk: Desk) -> None:
    task_id = desk.task()
    desk.poll(task_id)
    desk.ask("POST", "clock/advance", {"seconds": 0.25})
    desk.poll(task_id)
    assert "250 ms after the poll before" in str(events(desk, task_id)[-1]["advice"])


def test_a_fault_is_told_with_what_a_good_client_does(make_desk: Callable[..., Desk]) -> None:
    desk = make_desk(faults=("unknown-status@poll#1",))
    task_id = desk.task()
    desk.poll(task_id)
    last = events(desk, task_id)[-1]
    assert last["faults"] == ["unknown-status"]
    assert "answered with 200, met by the fault unknown-status" in str(last["text"])
    assert str(last["advice"]).startswith("unknown-status: the server ")
    assert "A good client would " in str(last["advice"])


@pytest.mark.parametrize(
    ("value", "wait_ms"),
    [
        ("7", 7000),
        ("Thu, 01 Jan 1970 00:00:09 GMT", 8000),
        ("soon", None),
        ("Thu, 01 Jan 1970 00:00:00 GMT", 0),
    ],
)
def test_how_long_an_answer_asks_to_wait(value: str, wait_ms: int | None) -> None:
    entry = Entry("t", 1, 1000, EntryKind.EXCHANGE, "kling", "getLipSync", "GET", "/", 429)
    entry = Entry(
        *(getattr(entry, name) for name in entry.__struct_fields__[:9]),
        response_headers=(("retry-after", value),),
    )
    assert retry_after_ms(entry) == wait_ms
