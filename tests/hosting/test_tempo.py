"""A server says whether it is at rest and what comes next, and lets time pass."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import httpx
import pytest

from contracts.witness.receiver import Receiver
from mock_server.core.clock import ClockMode
from mock_server.core.world import tenant_of
from mock_server.hosting.background import BackgroundServer
from mock_server.settings import Settings

if TYPE_CHECKING:
    from mock_server.hosting.tempo import Moment

KEY = "key-of-the-tempo"
TENANT = tenant_of(KEY)
LIP_SYNC = "/v1/videos/advanced-lip-sync"


@pytest.fixture
def server() -> Iterator[BackgroundServer]:
    settings = Settings(port=0, clock="manual", pace="real", faults=("stall-headers@list#1;limit_ms=50000",))
    with BackgroundServer(settings) as server:
        yield server


def look(server: BackgroundServer, skip_ms: int | None = None, *, may_skip: bool = True) -> Moment:
    return server.submit(server.tempo.look([TENANT], skip_ms, lambda: may_skip)).result()


def now_ms(server: BackgroundServer) -> int:
    return server.submit(server.tempo.turn(TENANT, ClockMode.MANUAL)).result().now_ms


def submit(server: BackgroundServer, callback_url: str) -> None:
    headers = {"Authorization": f"Bearer {KEY}"}
    with httpx.Client(base_url=server.url, headers=headers) as http:
        session = http.post("/v1/videos/identify-face", json={"video_url": "https://cdn.test/a.mp4"}).json()
        clip = {"face_id": "0", "sound_file": "https://cdn.test/a.mp3", "sound_insert_time": 1000}
        choose = [{**clip, "sound_start_time": 0, "sound_end_time": 3000}]
        job = {"session_id": session["data"]["session_id"], "face_choose": choose}
        http.post(LIP_SYNC, json={**job, "callback_url": callback_url}).raise_for_status()


def test_nothing_comes_where_nobody_asks(server: BackgroundServer) -> None:
    assert look(server) == (False, None, False)


def test_time_is_skipped_where_nothing_happens_in_it(server: BackgroundServer) -> None:
    before_ms = now_ms(server)
    assert look(server, 5_000) == (False, None, True)
    assert look(server, 5_000, may_skip=False) == (False, None, False)
    assert now_ms(server) - before_ms == 5_000


def test_a_callback_that_is_due_is_what_comes_next(server: BackgroundServer) -> None:
    with Receiver() as receiver:
        submit(server, receiver.url("tempo"))
        moment = look(server)
        assert not moment.is_at_work
        assert moment.next_ms is not None
        assert look(server, moment.next_ms) == moment
        assert look(server, moment.next_ms - 1).is_past
        server.submit(server.tempo.pass_time([TENANT], 1)).result()
        assert len(receiver.received("tempo")) == 1


def test_a_silence_is_no_work_and_ends_when_its_time_has_passed(server: BackgroundServer) -> None:
    address = urlsplit(server.url)
    with socket.create_connection((address.hostname, address.port or 0), timeout=20) as client:
        head = f"GET {LIP_SYNC}?pageNum=1 HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {KEY}\r\n\r\n"
        client.sendall(head.encode())
        while (moment := look(server)).next_ms is None:
            continue
        assert moment == (False, 50_000, False)
        server.submit(server.tempo.pass_time([TENANT], 49_999)).result()
        assert look(server) == (False, 1, False)
        server.submit(server.tempo.pass_time([TENANT], 1)).result()
        assert client.recv(1) == b""


def test_a_clock_is_turned_and_turned_back(server: BackgroundServer) -> None:
    tempo = server.tempo
    hands = server.submit(tempo.turn(TENANT, ClockMode.SCALED, 60.0)).result()
    assert (hands.mode, hands.rate) == (ClockMode.MANUAL, 0.0)
    hands = server.submit(tempo.turn(TENANT, hands.mode, hands.rate)).result()
    assert (hands.mode, hands.rate) == (ClockMode.SCALED, 60.0)


def test_a_guest_is_work(server: BackgroundServer) -> None:
    assert not server.tempo.is_at_work
    server.tempo.guests += 1
    assert server.tempo.is_at_work
    assert look(server, 1_000).is_at_work
    server.tempo.guests -= 1
