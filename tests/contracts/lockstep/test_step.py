"""Client and server in step: the same moment on both clocks, callbacks on the way, silence that costs nothing."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
import urllib.request
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import TYPE_CHECKING

import httpx
import pytest
import requests
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.contracts.lockstep.conftest import Place

A_LITTLE_S = 0.01


def test_both_clocks_show_the_same_moment(place: Place) -> None:
    with place.in_step() as step:
        time.sleep(1234.567)
        time.sleep(0.0004)
        client_ms = time.time() * 1000
        with step.on_real_time():
            assert place.now_ms() == pytest.approx(client_ms, abs=1)


@given(pauses=st.lists(st.integers(0, 3_000_000_000), max_size=10))
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_clocks_never_part(place: Place, pauses: list[int]) -> None:
    with place.in_step() as step:
        for pause_us in pauses:
            time.sleep(pause_us / 1e6)
        client_ms = time.time() * 1000
        with step.on_real_time():
            assert place.now_ms() == pytest.approx(client_ms, abs=1)


def test_a_render_is_polled_to_its_end_at_the_pace_of_the_real_service(
    make_place: Callable[..., Place],
) -> None:
    place = make_place("real", pace="real")
    with place.in_step() as step, httpx.Client(trust_env=False) as http:
        poll = place.submit(http)
        polls, status = 0, ""
        while status != "succeed":
            time.sleep(10)
            polls, status = polls + 1, http.get(poll, headers=place.headers).json()["data"]["task_status"]
        assert step.elapsed_s == pytest.approx(polls * 10, abs=A_LITTLE_S)
        assert 6 <= polls <= 30


def test_asyncio_polls_the_same_way(make_place: Callable[..., Place]) -> None:
    place = make_place("real-async", pace="real")

    async def render() -> int:
        polls, status = 0, ""
        async with httpx.AsyncClient(trust_env=False) as http:
            while status != "succeed":
                await asyncio.sleep(10)
                answer = await http.get(poll, headers=place.headers)
                polls, status = polls + 1, answer.json()["data"]["task_status"]
        return polls

    with place.in_step() as step:
        with httpx.Client(trust_env=False) as http:
            poll = place.submit(http)
        polls = asyncio.run(render())
        assert step.elapsed_s == pytest.approx(polls * 10, abs=A_LITTLE_S)


class Receiver(HTTPServer):
    """Takes callbacks, notes when they came by the client's clock, and rings."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answering)
        self.moments: list[float] = []
        self.rung = threading.Event()
        self.url = f"http://127.0.0.1:{self.server_port}/"


class Answering(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        assert isinstance(self.server, Receiver)
        self.rfile.read(int(self.headers["Content-Length"]))
        self.server.moments.append(time.monotonic())
        self.send_response(200)
        self.end_headers()
        self.server.rung.set()

    def log_message(self, *_: object) -> None:
        pass


def test_callbacks_come_at_their_moments_and_wake_who_waits_for_them(
    make_place: Callable[..., Place],
) -> None:
    place = make_place("callbacks", pace="real")
    with place.in_step() as step, Receiver() as receiver, httpx.Client(trust_env=False) as http:
        thread = threading.Thread(target=receiver.serve_forever, args=(0.05,))
        thread.start()
        place.submit(http, receiver.url)
        start_s = time.monotonic()
        while len(receiver.moments) < 2:
            assert receiver.rung.wait(3600)
            receiver.rung.clear()
        took_s = time.monotonic() - start_s
        receiver.shutdown()
        thread.join()
        with step.on_real_time():
            due = [item["attempts"][0]["at_ms"] for item in place.admin("GET", "deliveries")["deliveries"]]  # type: ignore[index,attr-defined]
        gaps_s = [moment - receiver.moments[0] for moment in receiver.moments]
    assert 60 <= took_s <= 300
    assert gaps_s == pytest.approx([(at_ms - due[0]) / 1000 for at_ms in due], abs=A_LITTLE_S)


def ask_httpx(url: str, headers: dict[str, str]) -> None:
    httpx.get(url, headers=headers, timeout=30, trust_env=False)


def ask_requests(url: str, headers: dict[str, str]) -> None:
    requests.get(url, headers=headers, timeout=30)


def ask_urllib(url: str, headers: dict[str, str]) -> None:
    with urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=30) as answer:
        answer.read()


def ask_async(url: str, headers: dict[str, str]) -> None:
    async def ask() -> None:
        async with httpx.AsyncClient(timeout=30, trust_env=False) as http:
            await http.get(url, headers=headers)

    asyncio.run(ask())


CLIENTS = [ask_httpx, ask_requests, ask_urllib, ask_async]


@pytest.mark.parametrize("ask", CLIENTS)
@pytest.mark.parametrize("fault", ["stall-headers@poll#1", "stall-body@poll#1"])
def test_silence_lasts_until_the_clients_own_timeout(
    place: Place, ask: Callable[[str, dict[str, str]], None], fault: str
) -> None:
    with httpx.Client(trust_env=False) as http:
        poll = place.submit(http)
    place.admin("POST", "faults", fault)
    with place.in_step() as step:
        with pytest.raises((httpx.ReadTimeout, requests.ConnectionError, requests.Timeout, TimeoutError)):
            ask(poll, place.headers)
        assert step.elapsed_s == pytest.approx(30, abs=A_LITTLE_S)


@pytest.mark.parametrize("ask", CLIENTS)
def test_an_answer_that_is_late_comes_late_and_no_later(
    place: Place, ask: Callable[[str, dict[str, str]], None]
) -> None:
    with httpx.Client(trust_env=False) as http:
        poll = place.submit(http)
    place.admin("POST", "faults", "slow-lognormal@poll#1;median_ms=20000;sigma=0")
    with place.in_step() as step:
        ask(poll, place.headers)
        assert step.elapsed_s == pytest.approx(20, abs=A_LITTLE_S)


def test_a_client_without_a_timeout_waits_until_the_server_goes_on(place: Place) -> None:
    with httpx.Client(trust_env=False) as http:
        poll = place.submit(http)
    place.admin("POST", "faults", "slow-lognormal@poll#1;median_ms=600000;max_ms=600000;sigma=0")
    with place.in_step() as step:
        answer = httpx.get(poll, headers=place.headers, timeout=None, trust_env=False)
        assert answer.status_code == 200
        assert step.elapsed_s == pytest.approx(600, abs=A_LITTLE_S)


@pytest.mark.parametrize("ask", CLIENTS)
def test_a_body_that_drips_takes_its_time_and_breaks_no_read_timeout(
    place: Place, ask: Callable[[str, dict[str, str]], None]
) -> None:
    with httpx.Client(trust_env=False) as http:
        poll = place.submit(http)
    place.admin("POST", "faults", "drip-body@poll#1;every_ms=20000;pieces=20;piece_bytes=10")
    with place.in_step() as step:
        ask(poll, place.headers)
        assert step.elapsed_s % 20 == pytest.approx(0, abs=A_LITTLE_S)
        assert step.elapsed_s > 300


def test_a_server_that_is_away_comes_back_in_virtual_time(place: Place) -> None:
    with httpx.Client(trust_env=False) as http:
        poll = place.submit(http)
    place.admin("POST", "faults", "server-restart@poll#1")
    with place.in_step() as step:
        with pytest.raises(httpx.TransportError):
            httpx.get(poll, headers=place.headers, trust_env=False)
        attempts = 0
        while True:
            time.sleep(1)
            attempts += 1
            try:
                assert httpx.get(poll, headers=place.headers, trust_env=False).status_code == 200
            except httpx.ConnectError:
                continue
            break
        assert step.elapsed_s == pytest.approx(attempts, abs=A_LITTLE_S)


def test_two_threads_poll_without_losing_an_answer_to_the_other_ones_sleep(place: Place) -> None:
    with httpx.Client(trust_env=False) as http:
        polls = [place.submit(http) for _ in range(3)]
    statuses: list[int] = []

    def work(poll: str, pause_s: int) -> None:
        with httpx.Client(trust_env=False, timeout=2) as http:
            for _ in range(10):
                time.sleep(pause_s)
                statuses.append(http.get(poll, headers=place.headers).status_code)

    with place.in_step() as step:
        threads = [threading.Thread(target=work, args=(poll, 7 + n)) for n, poll in enumerate(polls)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert step.elapsed_s == pytest.approx(90, abs=A_LITTLE_S)
    assert statuses == [200] * 30


def test_sockets_of_other_servers_keep_the_machines_time(place: Place) -> None:
    with place.in_step() as step, socket.create_server(("127.0.0.1", 0)) as listener:
        address = listener.getsockname()
        with socket.create_connection(address, timeout=0.02) as connection, pytest.raises(TimeoutError):
            connection.recv(1)
        assert step.elapsed_s < A_LITTLE_S
