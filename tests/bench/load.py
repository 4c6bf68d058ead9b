"""A load generator that costs less than what it measures: prepared bytes, one answer awaited per connection."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

import uvloop


@dataclass(frozen=True)
class Figures:
    """What one slice of load has shown. ``latencies_ms`` are sorted."""

    requests: int
    seconds: float
    latencies_ms: Sequence[float]
    failures: int

    @property
    def per_second(self) -> float:
        return self.requests / self.seconds

    def percentile_ms(self, share: float) -> float:
        return self.latencies_ms[min(len(self.latencies_ms) - 1, int(len(self.latencies_ms) * share))]


class _Connection(asyncio.Protocol):
    """Sends ``requests`` in turn, the next as soon as the answer to the last is complete, until the deadline."""

    def __init__(self, requests: Sequence[bytes], deadline: float, done: asyncio.Future[None]) -> None:
        self._requests = requests
        self._deadline = deadline
        self._done = done
        self._next = 0
        self._missing = 0
        self._sent_at = 0.0
        self.latencies: list[float] = []
        self.failures = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # uvloop's transports do not derive from asyncio.Transport
        self._transport = cast(asyncio.Transport, transport)
        self._send()

    def _send(self) -> None:
        self._sent_at = time.perf_counter()
        self._transport.write(self._requests[self._next % len(self._requests)])
        self._next += 1

    def data_received(self, data: bytes) -> None:
        if self._missing > 0:
            self._missing -= len(data)
        else:
            head, _, body = data.partition(b"\r\n\r\n")
            if not head.startswith(b"HTTP/1.1 200"):
                self.failures += 1
            length = head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0]
            self._missing = int(length) - len(body)
        if self._missing > 0:
            return
        now = time.perf_counter()
        self.latencies.append((now - self._sent_at) * 1000)
        if now < self._deadline:
            self._send()
        else:
            self._transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self._done.done():
            self._done.set_result(None)


def drive(port: int, requests: Sequence[bytes], seconds: float, connections: int = 8) -> Figures:
    """Load a server on loopback for ``seconds``; each connection goes through ``requests`` in turn."""
    return uvloop.run(_drive(port, requests, seconds, connections))


async def _drive(port: int, requests: Sequence[bytes], seconds: float, connections: int) -> Figures:
    loop = asyncio.get_running_loop()
    started = time.perf_counter()
    made: list[_Connection] = []
    ends = []
    for _ in range(connections):
        end: asyncio.Future[None] = loop.create_future()
        _, connection = await loop.create_connection(
            lambda end=end: _Connection(requests, started + seconds, end), "127.0.0.1", port
        )
        made.append(connection)
        ends.append(end)
    await asyncio.gather(*ends)
    elapsed = time.perf_counter() - started
    latencies = sorted(latency for connection in made for latency in connection.latencies)
    return Figures(len(latencies), elapsed, latencies, sum(connection.failures for connection in made))
