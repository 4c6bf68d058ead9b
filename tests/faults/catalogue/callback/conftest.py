"""A receiver of callbacks on loopback that keeps every byte, in the order in which requests came."""

from __future__ import annotations

import json
import queue
import socketserver
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import pytest

WAIT_S = 20


@dataclass(frozen=True)
class Received:
    """One POST as it came."""

    raw: bytes

    @property
    def headers(self) -> dict[str, str]:
        """By lower-case name."""
        lines = self.raw.partition(b"\r\n\r\n")[0].decode("latin-1").split("\r\n")[1:]
        pairs = (line.partition(":") for line in lines)
        return {name.lower(): value.strip() for name, _, value in pairs}

    @property
    def body(self) -> bytes:
        return self.raw.partition(b"\r\n\r\n")[2]

    @property
    def json(self) -> dict[str, object]:
        found = json.loads(self.body)
        assert isinstance(found, dict)
        return found

    @property
    def status(self) -> str:
        """The word for where the task stands, whoever the provider is."""
        return str(self.json.get("task_status") or self.json["status"])


@dataclass
class Receiver:
    """Answers with ``answers`` in turn, then with 200; ``before_answer`` is called first, on a thread of its own."""

    url: str = ""
    answers: list[int] = field(default_factory=list)
    before_answer: Callable[[], object] = lambda: None
    most_open: int = 0
    received: queue.Queue[Received] = field(default_factory=queue.Queue)

    def __post_init__(self) -> None:
        self._open = 0
        self._lock = threading.Lock()

    def next(self) -> Received:
        """The next callback; waits 20 seconds at most."""
        return self.received.get(timeout=WAIT_S)

    def take(self, count: int) -> list[Received]:
        """The next ``count`` callbacks."""
        return [self.next() for _ in range(count)]

    def rest(self) -> list[Received]:
        """What has come and was not taken."""
        return [self.received.get_nowait() for _ in range(self.received.qsize())]

    def answer(self, request: Received) -> int:
        with self._lock:
            self._open += 1
            self.most_open = max(self.most_open, self._open)
            self.received.put(request)
            status = self.answers.pop(0) if self.answers else 200
        self.before_answer()
        with self._lock:
            self._open -= 1
        return status


@pytest.fixture
def rig(rig: Callable[..., Any]) -> Callable[..., Any]:
    """As for every fault; and GMI calls back, which it does not by itself."""
    return partial(rig, dialects={"gmi.callbacks": "kling"})


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    taker = Receiver()

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            head = b""
            while not head.endswith(b"\r\n\r\n"):
                head += self.rfile.readline()
            request = Received(head)
            body = self.rfile.read(int(request.headers["content-length"]))
            status = taker.answer(Received(head + body))
            self.wfile.write(b"HTTP/1.1 %d OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n" % status)

    class Server(socketserver.ThreadingTCPServer):
        request_queue_size = 128
        daemon_threads = True

    with Server(("127.0.0.1", 0), Handler) as server:
        taker.url = f"http://127.0.0.1:{server.server_address[1]}/hook"
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        yield taker
        server.shutdown()
        thread.join()
