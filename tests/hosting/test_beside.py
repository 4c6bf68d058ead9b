"""A server in a thread, for async clients."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import httpx
import pytest

from contracts.bench.function import FunctionBench
from contracts.cells.cell import Rules
from contracts.cells.timing import IN_STEP
from contracts.client.model import Job
from contracts.stories.story import Story
from mock_server.cli.client_env import client_env
from mock_server.hosting.beside import BesideServer
from mock_server.settings import Settings


@pytest.fixture
def server() -> Iterator[BesideServer]:
    with BesideServer(Settings(port=0, clock="manual")) as made:
        yield made


def test_it_is_asked_without_http(server: BesideServer) -> None:
    status, body = server.ask("GET", "/__lipflap/health")
    assert status == 200
    assert json.loads(body)


def test_it_owns_its_port_and_no_other(server: BesideServer) -> None:
    port = int(server.url.rpartition(":")[2])
    assert server.owns(("127.0.0.1", port))
    assert not server.owns(("127.0.0.1", port + 1))
    assert not server.owns(None)


def test_an_async_client_sleeps_on_virtual_time(server: BesideServer, tmp_path: Path) -> None:
    async def work(job: Job) -> str:
        async with httpx.AsyncClient(trust_env=False) as http:
            with suppress(TimeoutError):
                await asyncio.wait_for(asyncio.Event().wait(), 300)
            return (await http.get(f"{job.url}/__lipflap/clock", params={"key": job.key})).text

    bench = FunctionBench(work, server, Rules(0, 600.0, IN_STEP, tmp_path, client_env))
    try:
        cell = bench.play(Story("kling"))
    finally:
        bench.close()
    assert cell.outcome.exit_code == 0, cell.outcome.stderr
    assert cell.outcome.wall_ms < 10_000
    clock = json.loads(cell.outcome.stdout)
    assert clock["now_ms"] - 1_767_225_600_000 >= 300_000


def test_nothing_is_connected_to_it_but_by_sockets(server: BesideServer) -> None:
    assert not server.is_wireless
    with pytest.raises(NotImplementedError):
        server.connect()
