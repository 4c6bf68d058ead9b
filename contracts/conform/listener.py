"""Takes the callbacks of the server under examination."""

from __future__ import annotations

from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Condition, Thread
from types import TracebackType
from typing import Self

from contracts.conform.exchange import Delivered
from contracts.witness.usage import UsageError

MAX_BODY_BYTES = 1 << 20


class Listener(ThreadingHTTPServer):
    """``with Listener(host, port) as listener:`` answers 200 to every POST and keeps its body."""

    daemon_threads = True

    def __init__(self, host: str = "127.0.0.1", port: int = 0) -> None:
        try:
            super().__init__((host, port), _Taking)
        except OSError as fault:
            raise UsageError(f"cannot listen for callbacks at {host}:{port}: {fault}") from fault
        self._arrived = Condition()
        self._bodies: list[Delivered] = []
        self._thread = Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        self.url = f"http://{host}:{self.server_port}/conform"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.shutdown()
        self._thread.join()
        self.server_close()

    @property
    def bodies(self) -> tuple[Delivered, ...]:
        with self._arrived:
            return tuple(self._bodies)

    def take(self, body: bytes) -> None:
        with self._arrived:
            self._bodies.append(Delivered(body))
            self._arrived.notify_all()

    def wait_for_more(self, than: int, timeout_s: float) -> bool:
        """Whether there are more than so many, after waiting for it at most so long."""
        with self._arrived:
            return self._arrived.wait_for(lambda: len(self._bodies) > than, timeout_s)


class _Taking(BaseHTTPRequestHandler):
    server: Listener

    def do_POST(self) -> None:
        length = min(int(self.headers.get("content-length") or 0), MAX_BODY_BYTES)
        self.server.take(self.rfile.read(length))
        self.send_response(200)
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """What arrives is evidence and no news."""
