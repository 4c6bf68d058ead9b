"""Submits whose answer is lost: how many bytes come, how the connection ends, and whether the task exists."""

from __future__ import annotations

import socket
from collections.abc import Callable
from typing import Any

import pytest

from mock_server.faults import http_bytes
from mock_server.faults.catalogue import CATALOGUE
from mock_server.faults.catalogue.network.submit import offset_of
from mock_server.flow.call import Answer

Start = Callable[..., Any]
ENDS = {"submit-accepted-reply-lost": "fin", "submit-accepted-rst": "reset"}
STAGES = ("nothing", "status-line", "head", "half-body", "whole")


def connects(address: tuple[str, int]) -> bool:
    try:
        socket.create_connection(address, timeout=5).close()
    except ConnectionRefusedError:
        return False
    return True


@pytest.mark.parametrize("fault", ENDS)
def test_by_default_the_first_submit_gets_no_byte_and_its_task_exists(
    rig: Start, provider: str, fault: str
) -> None:
    job = rig(fault).job(provider)
    job.identify()
    wire = job.submit()
    assert (wire.data, wire.end) == (b"", ENDS[fault])
    assert len(job.tasks()) == 1
    assert [job.submit().status for _ in range(2)] == [200, 200]


@pytest.mark.parametrize("fault", ENDS)
def test_the_answer_is_cut_at_any_byte(rig: Start, fault: str) -> None:
    job = rig(clock="manual", slots=100).job("kling")
    job.identify()
    whole = job.submit(headers={"x-lipflap-fault": f"{fault};stage=whole"}).data
    assert whole.startswith(b"HTTP/1.1 200 OK\r\n")
    for count, offset in enumerate(range(0, len(whole) + 40, 13), 2):
        wire = job.submit(headers={"x-lipflap-fault": f"{fault};after_bytes={offset}"})
        assert (len(wire.data), wire.end) == (min(offset, len(whole)), ENDS[fault])
        assert wire.data[:40] == whole[: min(offset, 40)]
        assert len(job.tasks()) == count


def test_the_stages_are_places_in_the_answer() -> None:
    answer = Answer(200, b'{"task_id": 1}')
    places = [http_bytes.whole(answer)[: offset_of(answer, stage)] for stage in STAGES]
    assert places[:2] == [b"", b"HTTP/1.1 200 OK\r\n"]
    assert places[2].endswith(b"\r\n\r\n")
    assert places[3] == places[2] + b'{"task_'
    assert places[4] == places[2] + answer.body


def test_at_every_stage_the_task_exists_and_can_be_found(rig: Start, provider: str) -> None:
    job = rig().job(provider)
    job.identify()
    for count, stage in enumerate(STAGES, 1):
        fault = {"x-lipflap-fault": f"submit-accepted-rst;stage={stage}"}
        assert job.submit(external_id=f"job-{count}", headers=fault).end == "reset"
        newest, *others = job.tasks()
        assert len(others) == count - 1
        assert job.status_of(job.poll(newest["id"])) in {"succeed", "success", "completed"}


def test_a_slow_reply_is_the_whole_answer(rig: Start, provider: str) -> None:
    job = rig("submit-accepted-slow-reply;delay_ms=1;stage=half-body").job(provider)
    job.identify()
    wire = job.submit()
    assert (wire.status, wire.headers["content-length"]) == (200, str(len(wire.body)))
    assert [task["id"] for task in job.tasks()] == [job.task_id_of(wire)]


def test_a_slow_reply_lets_a_client_run_out_of_patience(rig: Start, provider: str) -> None:
    here = rig("submit-accepted-slow-reply;delay_ms=3600000;stage=head")
    job = here.job(provider)
    job.identify()
    ask = here.ask
    here.ask = lambda *words, **more: ask(*words, **more, patience_s=0.2)
    wire = job.submit()
    here.ask = ask
    assert wire.end == "open"
    assert wire.data.endswith(b"\r\n\r\n")
    assert len(job.tasks()) == 1


def test_a_slow_reply_waits_61_s_unless_told_otherwise() -> None:
    fault = CATALOGUE.get("submit-accepted-slow-reply")
    assert {param.name: param.default for param in fault.params} == {
        "delay_ms": 61_000,
        "stage": "nothing",
        "after_bytes": -1,
    }


def test_after_identify_the_system_refuses_whoever_connects(rig: Start) -> None:
    here = rig("submit-refused-connect;for_ms=600000")
    wire = here.job("kling").identify()
    assert (wire.status, wire.end, wire.headers["connection"]) == (200, "fin", "close")
    assert not connects(here.address)


def test_a_submit_that_was_refused_leaves_nothing_and_the_next_is_accepted(rig: Start, provider: str) -> None:
    here = rig("submit-refused-connect;for_ms=50")
    job = here.job(provider)
    job.identify()
    while not connects(here.address):
        assert here.server.url
    assert job.submit().status == 200
    assert len(job.tasks()) == 1
