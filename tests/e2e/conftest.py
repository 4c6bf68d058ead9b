"""Real processes, sockets, certificates and files: what tests with other people's clients stand on."""

from __future__ import annotations

import json
import logging
import os
import queue
import select
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Protocol, TypeVar

import pytest

LOOPBACK = "127.0.0.1,localhost"
START_S = 30
STOP_S = 15

Serve = Callable[..., "Served"]
Play = Callable[[bytes], tuple[float, set[str], tuple[int, int]]]
Seen = TypeVar("Seen")


class Watch(Protocol):
    """Asks until the answer is final, ten times a second, 20 seconds at most, and gives that answer."""

    def __call__(self, ask: Callable[[], Seen], is_final: Callable[[Seen], bool]) -> Seen: ...


@dataclass(frozen=True)
class Served:
    """A server in a process of its own; ``ca_file`` is the authority to trust where it serves https."""

    url: str
    ca_file: str


@pytest.fixture(autouse=True)
def _clients_stay_on_loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    """A proxy of the machine's must not stand between a client and its server."""
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.setenv(name, LOOPBACK)


@pytest.fixture(autouse=True)
def _server_reports_no_fault(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Whatever a client does, a server in this process logs no error: it would be a bug of ours."""
    yield
    records = caplog.get_records("call")
    assert [record.getMessage() for record in records if _is_our_fault(record)] == []


def _is_our_fault(record: logging.LogRecord) -> bool:
    return record.name.startswith("mock_server") and record.levelno >= logging.ERROR


@pytest.fixture(scope="session")
def serve(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serve]:
    """Runs ``lipflap serve`` with flags, as a user does, until the test session ends."""
    with ExitStack() as stack:

        def run(*flags: str) -> Served:
            return stack.enter_context(_process(flags, tmp_path_factory.mktemp("serve")))

        yield run


@pytest.fixture(scope="session")
def tls_server(serve: Serve) -> Served:
    """One https server; its tasks end at the third poll."""
    return serve("--tls", "--tls-dir", "tls", "--pace", "polls:3")


@contextmanager
def _process(flags: tuple[str, ...], folder: Path) -> Iterator[Served]:
    command = [sys.executable, "-m", "mock_server", "serve", "--port", "0", *flags]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("LIPFLAP_")}
    log = folder / "stderr.txt"
    with (
        log.open("wb") as stderr,
        subprocess.Popen(
            command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=stderr
        ) as process,
    ):
        try:
            told = json.loads(_first_line(process, log))
            yield Served(told["url"], told.get("ca_file", ""))
        finally:
            process.terminate()
            code = process.wait(timeout=STOP_S)
    said = log.read_text()
    assert code == 0, said
    assert "ERROR" not in said, said


def _first_line(process: subprocess.Popen[bytes], log: Path) -> bytes:
    """The line of JSON that a server prints once it answers."""
    assert process.stdout is not None
    readable, _, _ = select.select([process.stdout], [], [], START_S)
    line = process.stdout.readline() if readable else b""
    assert line, f"the server did not start: {log.read_text()}"
    return line


@pytest.fixture
def key(request: pytest.FixtureRequest) -> str:
    """An API key of this test's own, and with it a tenant."""
    return "".join(character if character.isalnum() else "-" for character in request.node.nodeid)


@pytest.fixture
def watch() -> Watch:
    """See Watch."""

    def until_final(ask: Callable[[], Seen], is_final: Callable[[Seen], bool]) -> Seen:
        answer = ask()
        for _ in range(200):
            if is_final(answer):
                return answer
            # a real client waits between polls, and this server's clock is the machine's
            time.sleep(0.1)
            answer = ask()
        raise AssertionError(f"still not final: {answer}")

    return until_final


@pytest.fixture
def play(tmp_path: Path) -> Play:
    """Has ffprobe read a video, without a word of complaint: seconds to a tenth, kinds of streams, width and height."""

    def read(data: bytes) -> tuple[float, set[str], tuple[int, int]]:
        file = tmp_path / "played.mp4"
        file.write_bytes(data)
        command = ["ffprobe", "-v", "error", "-show_format", "-show_streams", "-of", "json", str(file)]
        done = subprocess.run(command, capture_output=True, check=True, timeout=30)
        assert done.stderr == b""
        found = json.loads(done.stdout)
        picture = next(stream for stream in found["streams"] if stream["codec_type"] == "video")
        kinds = {stream["codec_type"] for stream in found["streams"]}
        return round(float(found["format"]["duration"]), 1), kinds, (picture["width"], picture["height"])

    return read


@dataclass
class Receiver:
    """A receiver of callbacks. It answers with ``answers`` in turn, then with 200."""

    url: str = ""
    answers: list[int] = field(default_factory=list)
    received: queue.Queue[tuple[dict[str, str], bytes]] = field(default_factory=queue.Queue)

    def next(self) -> tuple[dict[str, str], bytes]:
        """The next callback's headers, their names in lower case, and its body; waits 20 seconds at most."""
        return self.received.get(timeout=20)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """An HTTP server on loopback that takes callbacks."""
    taker = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            taker.received.put(({name.lower(): value for name, value in self.headers.items()}, body))
            self.send_response(taker.answers.pop(0) if taker.answers else 200)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing: the tests look at what was received."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        taker.url = f"http://127.0.0.1:{server.server_address[1]}/hook"
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        yield taker
        server.shutdown()
        thread.join()
