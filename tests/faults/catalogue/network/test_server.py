"""A server that dies and comes back, and one that is being replaced."""

from __future__ import annotations

import socket
from collections.abc import Callable
from typing import Any

import pytest

Start = Callable[..., Any]


def wait_until_open(address: tuple[str, int]) -> None:
    while True:
        try:
            socket.create_connection(address, timeout=5).close()
        except ConnectionRefusedError:
            continue
        return


def test_after_a_restart_the_task_is_still_there(rig: Start, provider: str) -> None:
    here = rig("server-restart;for_ms=1")
    job = here.job(provider)
    task_id = job.start()
    assert job.poll(task_id).status == 200
    wire = job.poll(task_id)
    assert (wire.data, wire.end) == (b"", "reset")
    wait_until_open(here.address)
    assert [job.poll(task_id).status for _ in range(2)] == [200, 200]
    assert len(job.tasks()) == 1


def test_a_restart_breaks_off_the_connections_of_others(rig: Start) -> None:
    here = rig("server-restart@list#1;for_ms=1")
    with socket.create_connection(here.address, timeout=10) as other:
        # the answer to this shows that the server has taken the connection
        other.sendall(here.request("GET", "/__lipflap/health", close=False))
        assert other.recv(65_536).startswith(b"HTTP/1.1 200")
        assert here.ask("GET", "/v1/videos/advanced-lip-sync").end == "reset"
        with pytest.raises(ConnectionResetError):
            other.recv(1)
    wait_until_open(here.address)


def test_while_it_is_down_nobody_gets_in(rig: Start) -> None:
    here = rig("server-restart@list#1;for_ms=600000")
    assert here.ask("GET", "/v1/videos/advanced-lip-sync").end == "reset"
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(here.address, timeout=5)


def test_a_restart_at_a_submit_comes_before_anything_is_stored(rig: Start, provider: str) -> None:
    here = rig("server-restart@submit#1;for_ms=1")
    job = here.job(provider)
    job.identify()
    assert job.submit().end == "reset"
    wait_until_open(here.address)
    assert job.tasks() == []
    assert job.submit().status == 200


def test_a_drain_begins_with_the_first_request_and_ends_by_the_tenants_clock(
    rig: Start, provider: str
) -> None:
    here = rig("deploy-drain", clock="manual")
    job = here.job(provider)
    here.admin("POST", "clock/advance", {"seconds": 100})
    wire = job.identify()
    assert (wire.status, wire.headers["connection"], wire.end) == (503, "close", "fin")
    here.admin("POST", "clock/advance", {"seconds": 9.999})
    assert job.submit().status == 503
    here.admin("POST", "clock/advance", {"seconds": 0.001})
    task_id = job.start()
    assert job.poll(task_id).status == 200
    here.admin("POST", "clock/advance", {"seconds": 100})
    assert job.poll(task_id).status == 200
    assert len(job.tasks()) == 1


def test_a_drain_may_begin_at_a_poll(rig: Start, provider: str) -> None:
    here = rig("deploy-drain@poll#2-;for_s=60", clock="manual")
    job = here.job(provider)
    task_id = job.start()
    assert [job.poll(task_id).status for _ in range(4)] == [200, 503, 503, 503]
    here.admin("POST", "clock/advance", {"seconds": 60})
    assert [job.poll(task_id).status for _ in range(2)] == [200, 200]


def test_each_tenant_has_its_own_drain(rig: Start) -> None:
    here = rig("deploy-drain", clock="manual")
    assert here.job("kling").identify().status == 503
    here.admin("POST", "clock/advance", {"seconds": 10})
    assert here.job("kling").identify().status == 200
    here.key = "another"
    assert here.job("kling").identify().status == 503


def test_a_drain_with_an_end_of_its_own_keeps_it(rig: Start) -> None:
    here = rig("deploy-drain;ttl=30", clock="manual")
    job = here.job("kling")
    assert job.identify().status == 503
    here.admin("POST", "clock/advance", {"seconds": 29})
    assert job.identify().status == 503
    here.admin("POST", "clock/advance", {"seconds": 1})
    assert job.identify().status == 200
