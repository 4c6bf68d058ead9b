"""A client that is killed listens no more."""

from __future__ import annotations

import os
import select
import socket
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Event, Thread
from typing import Any

import httpx
import pytest

from contracts.bench.ports import Ports
from contracts.cells.cell import Entrant
from contracts.client.model import Job
from contracts.lockstep.crew import Crew
from contracts.witness.scenario import Scenario


def test_who_is_killed_gives_its_port_back(
    make_bench: Callable[..., Any], scenario: Callable[[str], Scenario]
) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        address = probe.getsockname()
    lives: list[str] = []

    def work(job: Job) -> None:
        lives.append("begun")
        server = HTTPServer(address, BaseHTTPRequestHandler)
        Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        try:
            httpx.get(
                f"{job.url}/v1/videos/advanced-lip-sync/1", headers={"Authorization": f"Bearer {job.key}"}
            )
            lives.append("went on")
        finally:
            # it never comes back from here where it is killed
            server.shutdown()
            server.server_close()

    cell = make_bench(work).perform(Entrant(scenario("resume/at-step-1"), "kling")).cell
    assert lives == ["begun", "begun", "went on"]
    assert cell.outcome.exit_code == 0, cell.outcome.stderr


def test_a_thread_that_is_left_behind_finds_nothing() -> None:
    ports, crew, released = Ports(), Crew(), Event()
    with crew.assembled():
        with ports.watched(crew):
            listener = socket.create_server(("127.0.0.1", 0))
        address = listener.getsockname()
        thread = Thread(target=released.wait)
        crew.start(thread, Thread.start)
        ports.take_back(crew)
        (held,) = ports._held
        assert listener.fileno() == -1
        with socket.create_server(address), socket.create_connection(address, timeout=5):
            assert select.select([held.descriptor], [], [], 0)[0] == []
        released.set()
        thread.join()
        ports.take_back(crew)
    assert ports._held == []
    with pytest.raises(OSError, match="Bad file descriptor"):
        os.fstat(held.descriptor)


def test_nobody_elses_port_is_taken(
    make_bench: Callable[..., Any], scenario: Callable[[str], Scenario]
) -> None:
    with socket.socket() as ours:
        ours.bind(("127.0.0.1", 0))
        ours.listen()

        def work(job: Job) -> None:
            httpx.get(
                f"{job.url}/v1/videos/advanced-lip-sync/1", headers={"Authorization": f"Bearer {job.key}"}
            )

        make_bench(work).perform(Entrant(scenario("resume/at-step-1"), "kling"))
        with socket.create_connection(ours.getsockname(), timeout=5):
            assert ours.fileno() != -1
