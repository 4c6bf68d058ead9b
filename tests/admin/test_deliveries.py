"""Callbacks over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from mock_server.callbacks.sender import Outcome

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.admin.conftest import Desk

CALLBACK_URL = "http://127.0.0.1:9/callback"


def settle(desk: Desk) -> None:
    desk.ask("POST", "clock/advance", {"until": "idle"})


def test_a_delivery_is_shown_with_each_attempt(desk: Desk) -> None:
    task_id = desk.task(callback_url=CALLBACK_URL)
    desk.receiver.outcomes = [Outcome(None, "connection refused")]
    settle(desk)
    first, second = desk.get("deliveries")["deliveries"]
    assert (first["id"], first["task_id"], first["stage"]) == (f"{task_id}.processing", task_id, "processing")
    assert (first["state"], first["url"]) == ("delivered", CALLBACK_URL)
    refused, taken = first["attempts"]
    assert (refused["number"], refused["status"], refused["error"]) == (1, None, "connection refused")
    assert (taken["number"], taken["status"], taken["error"]) == (2, 200, None)
    assert taken["at_ms"] - refused["at_ms"] == 1_000
    assert second["number"] > first["number"]


def test_deliveries_are_filtered_by_task_state_and_provider(desk: Desk) -> None:
    first = desk.task(callback_url=CALLBACK_URL)
    settle(desk)
    second = desk.task(callback_url=CALLBACK_URL)
    assert {row["task_id"] for row in desk.get("deliveries", state="pending")["deliveries"]} == {second}
    assert {row["state"] for row in desk.get("deliveries", task_id=first)["deliveries"]} == {"delivered"}
    assert desk.get("deliveries", provider="kirin")["deliveries"] == []
    assert "must be one of pending" in desk.refused(400, "GET", "deliveries", params={"state": "vanished"})


@pytest.mark.parametrize("key", ["key-one", None])
def test_redelivery_sends_once_more_under_the_same_id(desk: Desk, key: str | None) -> None:
    task_id = desk.task(callback_url=CALLBACK_URL)
    settle(desk)
    delivery_id = f"{task_id}.succeeded"
    again = desk.ask("POST", f"deliveries/{delivery_id}/redeliver", key=key).json()
    assert (again["state"], again["due_ms"], len(again["attempts"])) == (
        "pending",
        desk.get("clock")["now_ms"],
        1,
    )
    settled = desk.ask("POST", "clock/advance", {"seconds": 0}).json()["settled"]
    shown = [row for row in desk.get("deliveries")["deliveries"] if row["id"] == delivery_id]
    assert (shown[0]["state"], len(shown[0]["attempts"])) == ("delivered", 2)
    assert desk.receiver.sent.count(delivery_id) == 2
    assert settled["attempts"] in {0, 1}, "the worker may have been quicker"


def test_an_exhausted_delivery_can_be_sent_again(desk: Desk) -> None:
    task_id = desk.task(callback_url=CALLBACK_URL)
    desk.receiver.outcomes = [Outcome(500, "answered 500")] * 8
    settle(desk)
    desk.ask("POST", f"deliveries/{task_id}.processing/redeliver")
    settle(desk)
    states = {row["id"]: row["state"] for row in desk.get("deliveries")["deliveries"]}
    assert states == {f"{task_id}.processing": "delivered", f"{task_id}.succeeded": "exhausted"}


def test_the_worker_is_woken_without_an_advance(make_desk: Callable[..., Desk]) -> None:
    desk = make_desk(clock="real", pace="instant")
    task_id = desk.task(callback_url=CALLBACK_URL)
    settle(desk)
    before = len(desk.receiver.sent)
    desk.ask("POST", f"deliveries/{task_id}.succeeded/redeliver")
    rounds = 0
    while len(desk.receiver.sent) == before and rounds < 100:
        desk.get("clock")
        rounds += 1
    assert desk.receiver.sent[before:] == [f"{task_id}.succeeded"]


def test_a_delivery_of_another_tenant_does_not_exist(desk: Desk) -> None:
    task_id = desk.task(callback_url=CALLBACK_URL)
    settle(desk)
    path = f"deliveries/{task_id}.succeeded/redeliver"
    assert desk.refused(404, "POST", path, key="key-two") == "there is no delivery with this id"
    assert desk.refused(404, "POST", "deliveries/none/redeliver")
