"""The same over TLS, where records and handshakes come between what is on the wire and what is read."""

from __future__ import annotations

import asyncio
import ssl
import time
import urllib.request
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import httpx
import pytest

from contracts.lockstep import LockStep
from contracts.plugin.side import ServerSide
from mock_server.core.clock import ClockMode
from mock_server.hosting.background import BackgroundServer
from mock_server.settings import Settings
from mock_server.tls import make_certificate

if TYPE_CHECKING:
    from pathlib import Path

LIST = "/v1/videos/advanced-lip-sync?pageNum=1"
FAULTS = ("stall-headers@list#2", "stall-body@list#3", "slow-lognormal@list#4;median_ms=20000;sigma=0")
HEADERS = {"Authorization": "Bearer key-of-tls"}

Ask = Callable[[str, ssl.SSLContext], None]


@pytest.fixture
def place(tmp_path: Path) -> Iterator[tuple[str, ssl.SSLContext, LockStep]]:
    """A server whose second and third answers stall and whose fourth is late, in step with this thread."""
    certificate = make_certificate(tmp_path)
    trust = ssl.create_default_context(cafile=certificate.ca_file)
    with BackgroundServer(Settings(port=0, faults=FAULTS), certificate) as server:
        side, tenant = ServerSide(server), server.tempo.tenant("key-of-tls")
        side.tenants.append(tenant)
        hands = server.submit(server.tempo.turn(tenant, ClockMode.MANUAL)).result()
        with LockStep(side, hands.now_ms) as step:
            yield f"{server.url}{LIST}", trust, step


def ask_httpx(url: str, trust: ssl.SSLContext) -> None:
    httpx.get(url, headers=HEADERS, verify=trust, timeout=30, trust_env=False)


def ask_async(url: str, trust: ssl.SSLContext) -> None:
    async def ask() -> None:
        async with httpx.AsyncClient(verify=trust, timeout=30, trust_env=False) as http:
            await http.get(url, headers=HEADERS)

    asyncio.run(ask())


def ask_urllib(url: str, trust: ssl.SSLContext) -> None:
    with urllib.request.urlopen(
        urllib.request.Request(url, headers=HEADERS), timeout=30, context=trust
    ) as answer:
        answer.read()


@pytest.mark.parametrize("ask", [ask_httpx, ask_async, ask_urllib])
def test_answers_silence_and_lateness_take_what_they_take(
    place: tuple[str, ssl.SSLContext, LockStep], ask: Ask
) -> None:
    url, trust, step = place
    ask(url, trust)
    assert step.elapsed_s < 0.1
    for _ in range(2):
        with pytest.raises((httpx.ReadTimeout, TimeoutError)):
            ask(url, trust)
    ask(url, trust)
    time.sleep(20)
    assert step.elapsed_s == pytest.approx(100, abs=0.1)
