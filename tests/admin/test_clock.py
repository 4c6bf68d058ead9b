"""A tenant's clock."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_server.admin.view import iso
from mock_server.callbacks.outbox import MAX_JUMP_MS
from mock_server.callbacks.sender import Outcome
from mock_server.core.clock import MANUAL_EPOCH_MS

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.admin.conftest import Desk

CALLBACK_URL = "http://127.0.0.1:9/callback"
WALL_MS = 1_800_000_000_000
NOTHING = {"tasks": 0, "attempts": 0, "delivered": 0, "exhausted": 0, "refused": 0, "lost": 0}


def test_a_manual_clock_stands_at_its_epoch(desk: Desk) -> None:
    desk.wall_ms += 60_000
    clock = desk.get("clock")
    assert clock.pop("tenant").startswith("t")
    assert clock == {
        "now_ms": MANUAL_EPOCH_MS,
        "now": "2026-01-01T00:00:00.000Z",
        "mode": "manual",
        "rate": 0,
    }


def test_turning_the_clock_never_jumps(desk: Desk) -> None:
    turned = desk.ask("PUT", "clock", {"mode": "scaled", "rate": 60}).json()
    assert (turned["now_ms"], turned["mode"], turned["rate"]) == (MANUAL_EPOCH_MS, "scaled", 60)
    desk.wall_ms += 1_000
    assert desk.get("clock")["now_ms"] == MANUAL_EPOCH_MS + 60_000
    desk.ask("PUT", "clock", {"mode": "real"})
    desk.wall_ms += 1_000
    assert desk.get("clock")["now_ms"] == MANUAL_EPOCH_MS + 61_000
    desk.ask("PUT", "clock", {"mode": "manual"})
    desk.wall_ms += 1_000
    assert desk.get("clock")["now_ms"] == MANUAL_EPOCH_MS + 61_000


def test_every_tenant_has_its_own_clock(desk: Desk) -> None:
    desk.ask("POST", "clock/advance", {"seconds": 5})
    assert desk.get("clock", key="key-two")["now_ms"] == MANUAL_EPOCH_MS
    assert desk.get("clock", key=None)["tenant"] == "anonymous"


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"mode": "fast"},
        {"mode": "scaled"},
        {"mode": "scaled", "rate": 0},
        {"mode": "scaled", "rate": -1},
        {"mode": "scaled", "rate": 1_000_000.5},
        {"mode": "scaled", "rate": "60"},
        {"mode": "real", "rate": 1},
        {"mode": "manual", "rate": 0},
    ],
)
def test_a_clock_that_does_not_exist_is_refused(desk: Desk, body: object) -> None:
    assert desk.refused(400, "PUT", "clock", body)
    assert desk.get("clock")["mode"] == "manual"


@pytest.mark.parametrize("rate", [0.001, 1, 1_000_000])
def test_the_edges_of_the_rate_are_taken(desk: Desk, rate: float) -> None:
    assert desk.ask("PUT", "clock", {"mode": "scaled", "rate": rate}).json()["rate"] == rate


@pytest.mark.parametrize(
    ("seconds", "moved_ms"), [(0, 0), (1, 1_000), (0.0014, 1), (86_400 * 30, 2_592_000_000)]
)
def test_advancing_moves_by_exactly_so_many_seconds(desk: Desk, seconds: float, moved_ms: int) -> None:
    answer = desk.ask("POST", "clock/advance", {"seconds": seconds}).json()
    assert answer["now_ms"] == MANUAL_EPOCH_MS + moved_ms
    assert answer["settled"] == NOTHING
    assert desk.get("clock")["now_ms"] == answer["now_ms"]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"seconds": -0.001},
        {"seconds": "5"},
        {"seconds": True},
        {"seconds": MAX_JUMP_MS // 1000 + 1},
        {"until": "later"},
        {"seconds": 1, "until": "idle"},
        {"seconds": None, "until": None},
    ],
)
def test_an_advance_says_how_far_in_one_way(desk: Desk, body: object) -> None:
    assert desk.refused(400, "POST", "clock/advance", body)
    assert desk.get("clock")["now_ms"] == MANUAL_EPOCH_MS


def test_the_longest_advance_is_taken(desk: Desk) -> None:
    assert desk.ask("POST", "clock/advance", {"seconds": MAX_JUMP_MS // 1000}).status_code == 200


def test_an_advance_settles_what_falls_due_retries_included(desk: Desk) -> None:
    task_id = desk.task(callback_url=CALLBACK_URL)
    desk.receiver.outcomes = [Outcome(500, "answered 500"), Outcome(200, None), Outcome(None, "timed out")]
    answer = desk.ask("POST", "clock/advance", {"seconds": 60}).json()
    processing, succeeded = f"{task_id}.processing", f"{task_id}.succeeded"
    assert sorted(desk.receiver.sent) == [processing] * 2 + [succeeded] * 2
    assert desk.receiver.sent[0] == processing
    assert answer["settled"] == {**NOTHING, "tasks": 1, "attempts": 4, "delivered": 2}
    again = desk.ask("POST", "clock/advance", {"seconds": 60}).json()
    assert again["settled"] == NOTHING


def test_a_receiver_that_asks_back_finds_the_clock_at_the_moment_of_its_event(desk: Desk) -> None:
    task_id = desk.task(callback_url=CALLBACK_URL)
    seen = []

    async def ask_back() -> None:
        answer = await desk.asked("GET", f"/__lipflap/tasks/{task_id}", params={"key": "key-one"})
        seen.append(answer.json()["stage"])

    desk.receiver.during = ask_back
    desk.ask("POST", "clock/advance", {"seconds": 60})
    assert seen == ["processing", "succeeded"]


def test_until_idle_goes_to_the_end_of_the_last_task_also_without_callbacks(desk: Desk) -> None:
    ends_ms = [desk.get(f"tasks/{desk.task()}")["steps"][-1]["at_ms"] for _ in range(3)]
    answer = desk.ask("POST", "clock/advance", {"until": "idle"}).json()
    assert answer["now_ms"] == max(ends_ms)
    assert answer["settled"] == {**NOTHING, "tasks": 3}


def test_a_receiver_that_never_takes_it_leaves_exhausted_deliveries(desk: Desk) -> None:
    desk.task(callback_url=CALLBACK_URL)
    desk.receiver.outcomes = [Outcome(503, "answered 503")] * 100
    settled = desk.ask("POST", "clock/advance", {"until": "idle"}).json()["settled"]
    assert settled == {**NOTHING, "tasks": 1, "attempts": 8, "exhausted": 2}


def test_a_target_that_is_not_allowed_counts_as_refused(desk: Desk) -> None:
    desk.task(callback_url=CALLBACK_URL)
    desk.receiver.outcomes = [Outcome(None, "not allowed", is_refused=True)] * 2
    settled = desk.ask("POST", "clock/advance", {"until": "idle"}).json()["settled"]
    assert (settled["refused"], settled["delivered"]) == (2, 0)


def test_past_the_limit_of_events_it_is_409_and_going_on_is_possible(desk: Desk) -> None:
    desk.task(callback_url=CALLBACK_URL)
    desk.house.outbox._max_events = 1
    assert "advance again" in desk.refused(409, "POST", "clock/advance", {"seconds": 60})
    assert len(desk.receiver.sent) == 1
    desk.house.outbox._max_events = 10
    assert desk.ask("POST", "clock/advance", {"seconds": 60}).json()["settled"]["delivered"] == 1


def test_a_clock_past_the_year_9999_can_still_be_read(make_desk: Callable[..., Desk]) -> None:
    desk = make_desk(clock="1000000x")
    desk.get("clock")
    desk.wall_ms += 10**9
    clock = desk.get("clock")
    assert clock["now_ms"] == WALL_MS + 10**15
    assert clock["now"] == "9999-12-31T23:59:59.999Z"


@given(st.integers(0, 253_402_300_799_999), st.integers(0, 253_402_300_799_999))
def test_moments_as_text_sort_as_moments_do(first: int, second: int) -> None:
    assert (first < second) == (iso(first) < iso(second))
