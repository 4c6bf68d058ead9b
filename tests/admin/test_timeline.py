"""The story of a task."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from contracts.model import Violation
from mock_server.callbacks.sender import Outcome

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.admin.conftest import Desk

CALLBACK_URL = "http://127.0.0.1:9/callback"


def test_the_story_is_told_in_order_of_time(desk: Desk) -> None:
    task_id = desk.task(callback_url=CALLBACK_URL)
    desk.receiver.outcomes = [Outcome(500, "answered 500")]
    desk.ask("POST", "clock/advance", {"until": "idle"})
    desk.ask("POST", "clock/advance", {"seconds": 1})
    desk.poll(task_id)
    events = desk.get(f"tasks/{task_id}/timeline")["events"]
    moments = [event["at_ms"] for event in events]
    assert moments == sorted(moments)
    assert all(event["is_past"] for event in events)
    create, poll = "/v1/videos/advanced-lip-sync", f"/v1/videos/advanced-lip-sync/{task_id}"
    assert [event["text"] for event in events] == [
        f"The client's POST {create} (createLipSync) was answered with 200.",
        "The task reached submitted.",
        "The task reached processing.",
        f"The callback for processing was sent to {CALLBACK_URL}, attempt 1: answered 500.",
        f"The callback for processing was sent to {CALLBACK_URL}, attempt 2: answered 200.",
        "The task reached succeeded.",
        f"The callback for succeeded was sent to {CALLBACK_URL}, attempt 1: answered 200.",
        f"The client's GET {poll} (getLipSync) was answered with 200.",
    ]


def test_what_is_only_planned_is_told_as_planned(make_desk: Callable[..., Desk]) -> None:
    desk = make_desk(pace="polls:4")
    task_id = desk.task()
    events = desk.get(f"tasks/{task_id}/timeline")["events"]
    planned = [(event["text"], event["at"]) for event in events if not event["is_past"]]
    assert planned == [
        ("The task will reach processing at poll 2.", None),
        ("The task will reach succeeded at poll 4.", None),
    ]


def test_a_failure_is_told_with_its_reason(desk: Desk) -> None:
    task_id = desk.task()
    desk.poll(task_id)
    error = {"name": "moderation", "message": "too loud"}
    desk.ask("POST", f"tasks/{task_id}/finish", {"status": "failed", "error": error})
    texts = [event["text"] for event in desk.get(f"tasks/{task_id}/timeline")["events"]]
    assert texts[-2:] == ["The task reached submitted.", "The task reached failed: moderation, 'too loud'."]


def test_a_stage_that_a_poll_brought_about_is_told_after_the_poll(make_desk: Callable[..., Desk]) -> None:
    desk = make_desk(pace="polls:1")
    task_id = desk.task()
    desk.ask("POST", "clock/advance", {"seconds": 1})
    desk.poll(task_id)
    kinds = [event["kind"] for event in desk.get(f"tasks/{task_id}/timeline")["events"]]
    assert kinds == ["exchange", "stage", "exchange", "stage", "stage"]


def test_a_refused_request_is_told_with_its_violations(desk: Desk) -> None:
    task_id = desk.task()
    entries = desk.get("journal", task_id=task_id)["entries"]
    entry = desk.store.journal(entries[0]["tenant"], task_id=task_id).entries[0]
    broken = replace(
        entry, number=99, status=400, error="invalid-value", violations=(Violation("a.b", "r", "is bad"),)
    )
    desk.store.append(broken)
    texts = [event["text"] for event in desk.get(f"tasks/{task_id}/timeline")["events"]]
    assert (
        "The client's POST /v1/videos/advanced-lip-sync (createLipSync) was refused with 400: a.b is bad."
        in texts
    )
