"""A receiver of callbacks for clients that have none: it takes every one, says 200, and remembers what came."""

from __future__ import annotations

import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self

from msgspec import Struct

LARGEST_BYTES = 2**20
_TIMEOUT_S = 10.0


class Received(Struct, frozen=True):
    """One request that came: to which path, with what, and the status it was answered with."""

    path: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    status: int


class Receiver:
    """Listens on loopback until the block ends. ``answer`` picks the status; the path tells cells apart."""

    def __init__(self, answer: Callable[[str, bytes], int] = lambda path, body: 200) -> None:  # noqa: ARG005
        self._received: list[Received] = []
        self._lock = threading.Lock()
        self._server = _Server(("127.0.0.1", 0), _handler(answer, self._note))
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def url(self, path: str) -> str:
        """Where to send callbacks that are to be found under ``path``."""
        return f"http://127.0.0.1:{self._server.server_address[1]}/{path}"

    def received(self, path: str) -> tuple[Received, ...]:
        """What came for it, in order."""
        with self._lock:
            return tuple(one for one in self._received if one.path == f"/{path}")

    def _note(self, one: Received) -> None:
        with self._lock:
            self._received.append(one)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 1024  # a storm of callbacks waits in line


def _handler(
    answer: Callable[[str, bytes], int], note: Callable[[Received], None]
) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        timeout = _TIMEOUT_S
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            length = self.headers.get("Content-Length", "")
            if not (length.isascii() and length.isdigit() and int(length[:10]) <= LARGEST_BYTES):
                self.close_connection = True
                self._say(413)
                return
            body = self.rfile.read(int(length))
            status = answer(self.path, body)
            note(Received(self.path, tuple(self.headers.items()), body, status))
            self._say(status)

        def _say(self, status: int) -> None:
            self.send_response(status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the library's
            """Nothing: what came is kept, not told."""

    return Handler
