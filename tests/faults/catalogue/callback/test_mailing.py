"""How faults meet a delivery: which, how often, together, and the same in every run."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from mock_server.core.world import tenant_of
from mock_server.faults.catalogue import CATALOGUE
from mock_server.faults.model import Layer
from mock_server.stores.codec import encode

Start = Callable[..., Any]
SECRET = "whsec_dGVzdHNlY3JldHRlc3RzZWNyZXR0ZXN0c2VjcmV0MTI="
KEY = "key-of-the-tests"
IDS = tuple(fault.id for fault in CATALOGUE if fault.layer is Layer.CALLBACK)


def run_job(here: Any, provider: str, receiver: Any, **submit: Any) -> None:
    """A job that ends at once, until nothing more is due."""
    job = here.job(provider)
    job.identify()
    job.submit(callback_url=receiver.url, **submit)
    here.admin("POST", "clock/advance", {"until": "idle"})


def lines(here: Any) -> list[tuple[str, list[str]]]:
    """Stage and faults of the journal's lines of callbacks."""
    entries = here.admin("GET", "journal?limit=1000")["entries"]
    return [
        (entry["operation"].removeprefix("callback."), entry["faults"])
        for entry in entries
        if entry["kind"] == "delivery"
    ]


def test_the_layer_has_all_its_faults() -> None:
    assert set(IDS) == {
        f"callback-{name}"
        for name in [
            "before-reply",
            "duplicate",
            "duplicate-concurrent",
            "out-of-order",
            "lost",
            "late",
            "contradicts-poll",
            "bad-signature",
            "stale-timestamp",
            "replay-new-id",
            "two-signatures",
            "reordered-json",
            "null-payload",
            "storm",
        ]
    }
    assert all(CATALOGUE.get(fault_id).with_callback for fault_id in IDS)


def test_each_attempt_is_an_occasion_of_its_task(rig: Start, receiver: Any) -> None:
    receiver.answers = [500, 200, 200]
    here = rig("callback-duplicate#2;copies=2", clock="manual")
    run_job(here, "kirin", receiver)
    run_job(here, "kirin", receiver)
    again = ["callback-duplicate"]
    assert lines(here) == [
        ("succeeded", []),
        ("succeeded", again),
        ("succeeded", again),
        ("succeeded", []),
    ]


def test_a_fault_fires_as_often_as_it_may(rig: Start, receiver: Any) -> None:
    here = rig("callback-lost;times=1", clock="manual")
    run_job(here, "kling", receiver)
    assert [row["state"] for row in here.admin("GET", "deliveries")["deliveries"]] == ["lost", "delivered"]


def test_a_fault_can_be_meant_for_the_path_of_the_receiver(rig: Start, receiver: Any) -> None:
    here = rig("callback-lost;path=/other", "callback-duplicate;copies=2;path=/hook", clock="manual")
    run_job(here, "kirin", receiver)
    assert lines(here) == [("succeeded", ["callback-duplicate"])] * 2


def test_a_submit_can_ask_for_it_by_header_or_magic_value(rig: Start, receiver: Any, provider: str) -> None:
    here = rig(clock="manual")
    run_job(here, provider, receiver, headers={"x-lipflap-fault": "callback-duplicate#1;copies=2"})
    run_job(here, provider, receiver, external_id="lipflap.fault=callback-duplicate#1;copies=3")
    run_job(here, provider, receiver)
    stages = 1 if provider == "kirin" else 2
    assert len(receiver.rest()) == 3 * stages + 1 + 2


def test_what_is_put_off_meets_the_other_faults_when_it_leaves(rig: Start, receiver: Any) -> None:
    here = rig("callback-duplicate;copies=3;times=1", "callback-late;after_s=60", clock="manual")
    run_job(here, "kirin", receiver)
    assert lines(here) == [("succeeded", ["callback-late", "callback-duplicate"])] * 3


def test_two_faults_that_keep_it_back_do_so_one_after_the_other(rig: Start, receiver: Any) -> None:
    here = rig("callback-late;after_s=60", "callback-lost", clock="manual")
    run_job(here, "kirin", receiver)
    (delivery,) = here.admin("GET", "deliveries")["deliveries"]
    assert (delivery["state"], receiver.rest()) == ("lost", [])


def test_what_was_put_off_stays_so_while_the_task_is_polled(rig: Start, receiver: Any) -> None:
    here = rig("callback-late;after_s=60", clock="manual", pace="polls:4")
    job = here.job("kling")
    job.identify()
    task_id = job.task_id_of(job.submit(callback_url=receiver.url))
    for _ in range(2):
        job.poll(task_id)
    here.admin("POST", "clock/advance", {"seconds": 59})
    for _ in range(3):
        job.poll(task_id)
    here.admin("POST", "clock/advance", {"seconds": 1})
    assert [callback.status for callback in receiver.rest()] == ["processing"]
    here.admin("POST", "clock/advance", {"until": "idle"})
    assert [callback.status for callback in receiver.rest()] == ["succeed"]


def test_faults_that_multiply_each_other_have_a_limit(
    rig: Start, receiver: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mock_server.faults.mailing.MAX_PARCELS", 50)
    twice = ("callback-duplicate-concurrent;copies=20", "callback-duplicate;copies=3")
    here = rig(*twice, "callback-storm;count=2", clock="manual")
    run_job(here, "kirin", receiver)
    assert len(receiver.rest()) == 50


def test_an_address_that_is_none_meets_faults_and_is_refused(rig: Start) -> None:
    here = rig("callback-duplicate;copies=2", clock="manual")
    job = here.job("kirin")
    job.identify()
    job.submit(callback_url="http://[hook")
    here.admin("POST", "clock/advance", {"until": "idle"})
    assert [row["state"] for row in here.admin("GET", "deliveries")["deliveries"]] == ["refused"]


def play(client: TestClient, url: str) -> list[bytes]:
    """One task for each fault of the layer, and two with several; the journal afterwards."""
    video = {"video_url": "https://cdn.test/talk.mp4?lipflap.duration_ms=9000"}
    session = client.post("/v1/videos/identify-face", json=video).json()["data"]
    clip = {"sound_file": "https://cdn.test/a.mp3", "sound_start_time": 0, "sound_end_time": 3000}
    face = session["face_data"][0]["face_id"]
    body = {
        "session_id": session["session_id"],
        "face_choose": [{"face_id": face, "sound_insert_time": 0, **clip}],
        "callback_url": url,
    }
    wishes = [fault_id for fault_id in IDS if fault_id != "callback-storm"]
    for wish in (
        *wishes,
        "callback-storm;count=70",
        "callback-duplicate,callback-late,callback-out-of-order",
    ):
        answer = client.post("/v1/videos/advanced-lip-sync", json=body, headers={"x-lipflap-fault": wish})
        assert answer.status_code == 200, answer.text
        client.post(f"/__lipflap/clock/advance?key={KEY}", json={"seconds": 0})
    client.post(f"/__lipflap/clock/advance?key={KEY}", json={"until": "idle"})
    assert client.portal is not None
    store = client.app.house.simulator.store  # type: ignore[attr-defined]
    return [encode(entry) for entry in client.portal.call(store.journal, tenant_of(KEY)).entries]


def test_the_journal_is_the_same_in_every_run_and_on_every_store(
    make_client: Start, receiver: Any, tmp_path: Path
) -> None:
    journals = []
    for store in ("memory", "memory", f"sqlite:///{tmp_path / 'faults.db'}"):
        client = make_client(
            store=store, pace="instant", seed=7, fault_header=True, webhook_secrets=(SECRET,)
        )
        receiver.answers = [500, 200, 200, 503]
        journals.append(play(client, receiver.url))
    assert len(journals[0]) > 100
    assert journals[0] == journals[1] == journals[2]
