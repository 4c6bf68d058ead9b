"""Requests that get no HTTP answer: what the socket shows, and that nothing has come of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

Start = Callable[..., Any]
SILENT = {
    "conn-reset-headers": "reset",
    "empty-response": "fin",
    "stall-headers;limit_ms=1": "fin",
}


@pytest.mark.parametrize("fault", SILENT)
def test_not_a_byte_comes(rig: Start, provider: str, fault: str) -> None:
    name, _, params = fault.partition(";")
    job = rig(f"{name}@poll#2;{params}".rstrip(";")).job(provider)
    task_id = job.start()
    seen = [job.poll(task_id) for _ in range(3)]
    assert [wire.status for wire in seen] == [200, 0, 200]
    assert (seen[1].data, seen[1].end) == (b"", SILENT[fault])


def test_a_poll_that_got_no_answer_has_not_moved_the_task(rig: Start) -> None:
    job = rig("conn-reset-headers", pace="polls:4").job("kling")
    task_id = job.start()
    seen = [job.poll(task_id) for _ in range(6)]
    assert [wire.end for wire in seen] == ["fin", "reset", "reset", "fin", "fin", "fin"]
    assert [job.status_of(wire) for wire in seen[3:]] == ["processing", "processing", "succeed"]


def test_a_stalled_request_says_nothing_for_as_long_as_the_client_waits(rig: Start) -> None:
    here = rig("stall-headers@list#1")
    request = ("GET", "/v1/videos/advanced-lip-sync")
    wire = here.ask(*request, patience_s=0.2)
    assert (wire.data, wire.end) == (b"", "open")
    assert here.ask(*request).status == 200


def test_garbage_is_no_http_and_follows_from_the_seed(rig: Start) -> None:
    def nonsense(seed: int) -> tuple[bytes, str]:
        job = rig(f"random-garbage;size_bytes=100;seed={seed}").job("kling")
        task_id = job.start()
        job.poll(task_id)
        wire = job.poll(task_id)
        assert job.poll(task_id).status == 200
        return wire.data, wire.end

    data, end = nonsense(1)
    assert (len(data), end) == (100, "fin")
    assert data[0] >= 0x80
    assert nonsense(1)[0] == data
    assert nonsense(2)[0] != data


def test_each_occasion_has_its_own_garbage(rig: Start) -> None:
    job = rig("random-garbage@poll#*").job("kling")
    task_id = job.start()
    assert len({job.poll(task_id).data for _ in range(3)}) == 3
