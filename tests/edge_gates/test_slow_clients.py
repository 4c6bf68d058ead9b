"""Clients that hold connections open: each is closed by its deadline, and an honest client hardly notices."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.edge_gates.conftest import StartChild

pytestmark = pytest.mark.e2e

POST = b"POST /v1/videos/identify-face HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer k\r\n"
BODY = POST + b"Content-Type: application/json\r\nContent-Length: 100000\r\n\r\n"
POLL = b"GET /v1/videos/advanced-lip-sync/none HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer k\r\n\r\n"

KINDS: dict[str, tuple[bytes, bytes, str]] = {
    "idle after accept": (b"", b"", "first_byte"),
    "dribbled head": (b"GET /a", b"a", "head"),
    "silent head": (POST, b"", "head"),
    "silent body": (BODY, b"", "body"),
    "dribbled body": (BODY, b"a", "body"),
}
"""What each sends at first, what again and again, and the deadline that ends it."""

WHOLE_S = {"first_byte": 10.0, "head": 10.0, "body": 30.0}
SMALL_S = {"first_byte": 0.5, "head": 0.5, "body": 1.0}
LATER_S = 20.0
DRIBBLE_S = 0.2


class Slow(asyncio.Protocol):
    """Sends ``first``, then ``again`` at intervals, and waits for the end."""

    def __init__(self, first: bytes, again: bytes) -> None:
        self._first, self._again = first, again
        self.started_s = 0.0
        self.ended: asyncio.Future[float] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self.started_s = time.perf_counter()
        transport.write(self._first)
        if self._again:
            self._dribble()

    def _dribble(self) -> None:
        if not self._transport.is_closing():
            self._transport.write(self._again)
            asyncio.get_running_loop().call_later(DRIBBLE_S, self._dribble)

    def connection_lost(self, exc: Exception | None) -> None:
        self.ended.set_result(time.perf_counter() - self.started_s)


async def latencies_ms(port: int, goes_on: Callable[[], bool]) -> list[float]:
    """Of one honest client that polls, one request after the other."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    found = []
    while goes_on():
        sent_s = time.perf_counter()
        writer.write(POLL)
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0])
        await reader.readexactly(length)
        found.append((time.perf_counter() - sent_s) * 1000)
    writer.close()
    return found


def p99(values: list[float]) -> float:
    return sorted(values)[int(len(values) * 0.99)]


async def run(port: int, each: int, calm_s: float) -> tuple[dict[str, list[float]], float, float]:
    """How long each slow client lasted, and the honest client's p99 before and meanwhile."""
    loop = asyncio.get_running_loop()
    until_s = time.perf_counter() + calm_s
    calm_ms = await latencies_ms(port, lambda: time.perf_counter() < until_s)
    clients: dict[str, list[Slow]] = {}
    for kind, (first, again, _) in KINDS.items():
        clients[kind] = []
        for _ in range(each):
            _, slow = await loop.create_connection(
                lambda first=first, again=again: Slow(first, again), "127.0.0.1", port
            )
            clients[kind].append(slow)
    everyone = [slow.ended for group in clients.values() for slow in group]
    busy_ms = await latencies_ms(port, lambda: not all(end.done() for end in everyone))
    lasted = {kind: [slow.ended.result() for slow in group] for kind, group in clients.items()}
    return lasted, p99(calm_ms), p99(busy_ms)


def test_each_slow_client_is_closed_by_its_deadline(start_child: StartChild, is_full: bool) -> None:
    deadlines_s = WHOLE_S if is_full else SMALL_S
    child = start_child(**{f"{name}_timeout_s": value for name, value in deadlines_s.items()})
    lasted, calm_ms, busy_ms = asyncio.run(run(child.port, 20 if is_full else 4, 5 if is_full else 1))
    for kind, seconds in lasted.items():
        deadline_s = deadlines_s[KINDS[kind][2]]
        print(
            f"\n{kind:20} closed after {min(seconds):.2f} to {max(seconds):.2f} s, deadline {deadline_s:g} s",
            end="",
        )
        assert min(seconds) >= deadline_s
        assert max(seconds) < deadline_s + LATER_S
    print(f"\nhonest p99 {calm_ms:.2f} ms alone, {busy_ms:.2f} ms meanwhile")
    if is_full:
        assert busy_ms < 5 * calm_ms
