"""Callbacks that come early, late, twice, out of order, a thousand at once, or never."""

from __future__ import annotations

import select
import socket
import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from standardwebhooks import Webhook

from mock_server.callbacks.waves import MAX_AT_ONCE
from mock_server.core.clock import MANUAL_EPOCH_MS

Start = Callable[..., Any]
SECRET = "whsec_dGVzdHNlY3JldHRlc3RzZWNyZXR0ZXN0c2VjcmV0MTI="
STARTED = {"kling": "submitted", "gmi": "queued", "kirin": "in_progress"}
RUNNING = {"kling": "processing", "gmi": "processing", "kirin": "in_progress"}
SUCCEEDED = {"kling": "succeed", "gmi": "succeed", "kirin": "completed"}
SIX_HOURS_S = 21_600


def submitted(job: Any, url: str) -> str:
    """A job that is to be called back, its faces found before."""
    job.identify()
    return str(job.task_id_of(job.submit(callback_url=url)))


def advance(here: Any, seconds: float | None = None) -> int:
    """Move the clock on, or (None) until nothing more is due; the seconds since the clock's start."""
    how = {"until": "idle"} if seconds is None else {"seconds": seconds}
    return int(here.admin("POST", "clock/advance", how)["now_ms"] - MANUAL_EPOCH_MS) // 1000


def deliveries(here: Any) -> list[dict[str, Any]]:
    page = here.admin("GET", "deliveries")
    return list(page["deliveries"])


def lines(here: Any) -> list[dict[str, Any]]:
    """The journal's lines of callbacks."""
    entries: list[dict[str, Any]] = []
    after: str | None = "0"
    while after is not None:
        page = here.admin("GET", f"journal?limit=1000&after={after}")
        entries += page["entries"]
        after = page["next"]
    return [entry for entry in entries if entry["kind"] == "delivery"]


def submit_and_look(here: Any, job: Any, receiver: Any) -> tuple[Any, list[bool]]:
    """Submit; the reply, and for each callback whether there was a reply already while the receiver was busy."""
    replied: list[bool] = []
    ask = here.ask

    def ask_and_look(method: str, path: str, body: object = None, headers: object = None) -> Any:
        with socket.create_connection(here.address, timeout=20) as connection:
            receiver.before_answer = lambda: replied.append(bool(select.select([connection], [], [], 0.2)[0]))
            connection.sendall(here.request(method, path, body, headers))
            data = b""
            while part := connection.recv(65_536):
                data += part
            return replace(ask("GET", "/"), data=data)

    here.ask = ask_and_look
    reply = job.submit(callback_url=receiver.url)
    here.ask = ask
    return reply, replied


def test_before_reply_the_callback_is_answered_and_then_the_submit(
    rig: Start, provider: str, receiver: Any
) -> None:
    here = rig("callback-before-reply", pace="polls:3", clock="manual")
    job = here.job(provider)
    job.identify()
    reply, replied = submit_and_look(here, job, receiver)
    assert replied == [False]
    assert [callback.status for callback in receiver.rest()] == [SUCCEEDED[provider]]
    assert job.status_of(reply) == STARTED[provider]
    assert job.result_url(job.poll(job.task_id_of(reply))).startswith("http")


def test_before_reply_a_task_that_would_take_minutes_ends_at_once(rig: Start, receiver: Any) -> None:
    here = rig("callback-before-reply", pace="real", clock="manual")
    job = here.job("kling")
    job.identify()
    reply, replied = submit_and_look(here, job, receiver)
    assert replied == [False]
    assert job.result_url(job.poll(job.task_id_of(reply))).startswith("http")


def test_before_reply_a_receiver_that_fails_does_not_hold_the_reply_for_ever(
    rig: Start, receiver: Any
) -> None:
    receiver.answers = [500]
    here = rig("callback-before-reply", clock="manual")
    job = here.job("kling")
    job.identify()
    assert job.status_of(job.submit(callback_url=receiver.url)) == "submitted"
    assert [row["state"] for row in deliveries(here)] == ["pending"]
    advance(here)
    assert [row["state"] for row in deliveries(here)] == ["delivered"]


def test_before_reply_leaves_alone_who_asks_for_no_callback(rig: Start, provider: str) -> None:
    job = rig("callback-before-reply", pace="polls:3").job(provider)
    job.identify()
    first = job.poll(job.task_id_of(job.submit()))
    assert job.status_of(first) in {"processing", "dispatched", "in_progress"}


def test_a_duplicate_is_the_same_event_made_anew(rig: Start, receiver: Any) -> None:
    here = rig("callback-duplicate", webhook_secrets=(SECRET,))
    submitted(here.job("kling"), receiver.url)
    events = [receiver.take(3), receiver.take(3)]
    for event in events:
        assert len({copy.body for copy in event}) == 1
        assert len({copy.headers["webhook-id"] for copy in event}) == 1
        assert len({copy.headers["webhook-signature"] for copy in event}) == 3
        times = [int(copy.headers["webhook-timestamp"]) for copy in event]
        assert times == [times[0], times[0] + 1, times[0] + 2]
        for copy in event:
            Webhook(SECRET).verify(copy.body.decode(), copy.headers)


def test_duplicates_are_one_attempt_and_a_line_each(rig: Start, receiver: Any, provider: str) -> None:
    here = rig("callback-duplicate;copies=4", clock="manual")
    submitted(here.job(provider), receiver.url)
    advance(here)
    last = deliveries(here)[-1]
    assert (last["state"], len(last["attempts"])) == ("delivered", 1)
    of_last = [entry for entry in lines(here) if entry["operation"] == f"callback.{last['stage']}"]
    assert [entry["faults"] for entry in of_last] == [["callback-duplicate"]] * 4
    assert len(receiver.rest()) == 4 * len(deliveries(here))


def test_copies_of_one_moment_are_all_under_way_before_one_is_answered(
    rig: Start, receiver: Any, provider: str
) -> None:
    together = threading.Barrier(5)
    receiver.before_answer = lambda: together.wait(20)
    here = rig("callback-duplicate-concurrent", webhook_secrets=(SECRET,))
    submitted(here.job(provider), receiver.url)
    copies = receiver.take(5)
    assert len({copy.raw for copy in copies}) == 1
    assert not together.broken


def test_out_of_order_the_end_comes_first(rig: Start, receiver: Any, provider: str) -> None:
    here = rig("callback-out-of-order", pace="polls:3", webhook_secrets=(SECRET,))
    job = here.job(provider)
    task_id = submitted(job, receiver.url)
    for _ in range(4):
        job.poll(task_id)
    end, before = receiver.take(2)
    assert [end.status, before.status] == [SUCCEEDED[provider], RUNNING[provider]]
    if provider != "kirin":
        assert end.headers["webhook-id"] != before.headers["webhook-id"]
        for copy in (end, before):
            Webhook(SECRET).verify(copy.body.decode(), copy.headers)
    advance(here, 0)
    assert receiver.rest() == []
    states = {row["stage"]: row["state"] for row in deliveries(here)}
    announced = {} if provider == "kirin" else {"processing": "lost"}
    assert states == {**announced, "succeeded": "delivered"}


def test_a_lost_callback_is_remembered_and_can_be_sent_by_hand(
    rig: Start, receiver: Any, provider: str
) -> None:
    here = rig("callback-lost", clock="manual")
    submitted(here.job(provider), receiver.url)
    advance(here)
    last = deliveries(here)[-1]
    assert {(row["state"], len(row["attempts"])) for row in deliveries(here)} == {("lost", 0)}
    assert (receiver.rest(), lines(here)) == ([], [])
    here.admin("POST", f"deliveries/{last['id']}/redeliver")
    assert receiver.next().status == SUCCEEDED[provider]
    advance(here)
    assert deliveries(here)[-1]["state"] == "delivered"


def test_a_late_callback_comes_hours_after_it_was_due(rig: Start, receiver: Any, provider: str) -> None:
    here = rig("callback-late", clock="manual", webhook_secrets=(SECRET,))
    submitted(here.job(provider), receiver.url)
    assert advance(here, SIX_HOURS_S - 1) == SIX_HOURS_S - 1
    assert receiver.rest() == []
    assert advance(here) == SIX_HOURS_S
    late = receiver.rest()
    assert late[-1].status == SUCCEEDED[provider]
    assert {(entry["at_ms"] - MANUAL_EPOCH_MS) // 1000 for entry in lines(here)} == {SIX_HOURS_S}
    if provider != "kirin":
        assert int(late[-1].headers["webhook-timestamp"]) == MANUAL_EPOCH_MS // 1000 + SIX_HOURS_S


def test_what_was_late_and_fails_is_tried_again_on_the_schedule(rig: Start, receiver: Any) -> None:
    receiver.answers = [500]
    here = rig("callback-late;after_s=60", clock="manual")
    submitted(here.job("kirin"), receiver.url)
    advance(here)
    (delivery,) = deliveries(here)
    moments = [(attempt["at_ms"] - MANUAL_EPOCH_MS) / 1000 for attempt in delivery["attempts"]]
    assert moments == [60, 61]


def test_a_storm_is_a_thousand_posts_and_64_at_once(rig: Start, receiver: Any) -> None:
    all_there = threading.Event()

    def wait() -> None:
        if receiver.most_open == MAX_AT_ONCE:
            all_there.set()
        all_there.wait(20)

    receiver.before_answer = wait
    here = rig("callback-storm", clock="manual")
    submitted(here.job("kirin"), receiver.url)
    advance(here)
    assert [each.status for each in receiver.rest()] == ["completed"] * 1_000
    assert receiver.most_open == MAX_AT_ONCE
    assert len(lines(here)) == 1_000


def test_a_storm_is_about_the_end(rig: Start, receiver: Any) -> None:
    here = rig("callback-storm;count=7", pace="polls:2")
    job = here.job("kling")
    task_id = submitted(job, receiver.url)
    for _ in range(3):
        job.poll(task_id)
    advance(here, 0)
    assert [each.status for each in receiver.rest()] == ["processing"] + ["succeed"] * 7
