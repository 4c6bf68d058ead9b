"""A provider that misbehaves by script, on a real socket; and the three flavours of the good client."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CLIENTS = ROOT / "fixtures" / "clients"
sys.path.insert(0, str(CLIENTS / "python"))

VIDEO = (ROOT / "mock_server" / "media" / "samples" / "talk.mp4").read_bytes()
KEY = "the-key-of-this-test"
QUICK = {
    "LIPFLAP_POLL_FLOOR_S": "0.005",
    "LIPFLAP_POLL_CEILING_S": "0.02",
    "LIPFLAP_EXCHANGE_S": "15",
    "LIPFLAP_SUBMIT_S": "15",
    "LIPFLAP_DOWNLOAD_S": "15",
    "LIPFLAP_DEADLINE_S": "40",
}


@dataclass(frozen=True)
class Ran:
    """How a client ended."""

    exit_code: int
    stderr: str


@dataclass
class Answer:
    """A header may be made as it is sent; ``is_taken`` says of a submit whether the task was made.

    ``then``: whole; half, and the connection ends; nothing at all; or a byte at a time, for ever.
    """

    status: int = 200
    body: bytes = b"{}"
    headers: Mapping[str, str | Callable[[], str]] = field(default_factory=dict)
    then: str = "whole"
    is_taken: bool = True


@dataclass(frozen=True)
class Seen:
    kind: str
    path: str
    headers: Mapping[str, str]
    body: bytes
    at_s: float


def js(**fields: object) -> bytes:
    return json.dumps(fields).encode()


class Hostile:
    """Speaks Kling. ``script[kind]`` holds answers to give before, or instead of, the ordinary ones."""

    def __init__(self) -> None:
        self.script: dict[str, list[Answer]] = defaultdict(list)
        self.seen: list[Seen] = []
        self.tasks: list[str] = []
        self.external: dict[str, str] = {}
        self.word, self.reason = "succeed", ""
        self.result_url = ""
        self.polls_needed = 2
        self.stops = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.hostile = self  # type: ignore[attr-defined]
        self._server.daemon_threads = True
        self._server.block_on_close = False
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()

    def close(self) -> None:
        self.stops.set()
        self._server.shutdown()
        self._server.server_close()

    def count(self, kind: str) -> int:
        return sum(one.kind == kind for one in self.seen)

    def answer(self, kind: str, path: str, body: bytes) -> Answer:
        scripted = self.script[kind].pop(0) if self.script[kind] else None
        if kind == "submit" and (scripted is None or scripted.is_taken):
            self.tasks.append(f"task-{len(self.tasks) + 1}")
            self.external[json.loads(body)["external_task_id"]] = self.tasks[-1]
        return scripted or self._ordinary(kind, path)

    def _ordinary(self, kind: str, path: str) -> Answer:
        if kind == "identify":
            faces = [{"face_id": "0", "start_time": 0, "end_time": 8000}]
            return Answer(body=js(code=0, message="SUCCEED", data={"session_id": "s-1", "face_data": faces}))
        if kind == "submit":
            return Answer(
                body=js(
                    code=0, message="SUCCEED", data={"task_id": self.tasks[-1], "task_status": "submitted"}
                )
            )
        if kind in {"poll", "find"}:
            name = path.rsplit("/", 1)[1]
            task_id = self.external.get(name, name)
            if task_id not in self.tasks:
                return Answer(404, js(code=1203, message="no such task"))
            is_over = self.count("poll") >= self.polls_needed
            return Answer(body=self.task(self.word if is_over else "processing", task_id))
        if kind == "download":
            return Answer(body=VIDEO, headers={"ETag": '"one"'})
        return Answer(404)

    def task(self, word: str, task_id: str = "task-1", **more: object) -> bytes:
        url = self.result_url or f"{self.url}/result.mp4"
        videos = [{"id": "v", "url": url}] if word == "succeed" else []
        data = {
            "task_id": task_id,
            "task_status": word,
            "task_status_msg": self.reason,
            "task_result": {"videos": videos},
            "created_at": 1785901861504,
        }
        return js(code=0, message="SUCCEED", data={**data, **more})


def _kind(method: str, path: str) -> str:
    if method == "POST":
        return "identify" if path.endswith("identify-face") else "submit"
    if "/advanced-lip-sync/" in path:
        return "find" if "/lipsync-" in path else "poll"
    return "download"


class Handler(BaseHTTPRequestHandler):
    """Plays what its server's ``hostile`` says."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        hostile: Hostile = self.server.hostile  # type: ignore[attr-defined]
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        kind = _kind(self.command, self.path)
        headers = {name.lower(): value for name, value in self.headers.items()}
        hostile.seen.append(Seen(kind, self.path, headers, body, time.monotonic()))
        self.play(hostile.answer(kind, self.path, body), hostile.stops)

    do_POST = do_GET  # noqa: N815 - the name is the library's

    def play(self, answer: Answer, stops: threading.Event) -> None:
        self.close_connection = True
        if answer.then == "nothing":
            return
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value() if callable(value) else value)
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        if answer.then == "drip":
            for byte in answer.body:
                if stops.wait(0.02):
                    return
                self.wfile.write(bytes([byte]))
        else:
            half = len(answer.body) // 2 if answer.then == "half" else len(answer.body)
            self.wfile.write(answer.body[:half])

    def handle(self) -> None:
        try:
            super().handle()
        except OSError:
            return  # the client went away

    def log_message(self, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def hostile() -> Iterator[Hostile]:
    server = Hostile()
    yield server
    server.close()


@pytest.fixture
def video() -> bytes:
    return VIDEO


@pytest.fixture
def answer() -> type[Answer]:
    return Answer


@pytest.fixture
def output(tmp_path: Path) -> Path:
    return tmp_path / "out.mp4"


def environment(url: str, output: Path, key: str = KEY) -> dict[str, str]:
    return {
        "LIPFLAP_URL": url,
        "LIPFLAP_KEY": key,
        "LIPFLAP_VIDEO_URL": f"{url}/__lipflap/media/talk.mp4",
        "LIPFLAP_AUDIO_URL": f"{url}/__lipflap/media/speech.mp3",
        "LIPFLAP_OUTPUT": str(output),
        **QUICK,
    }


def _run(flavour: str, provider: str, env: Mapping[str, str]) -> Ran:
    from lipsync.main import run_job, run_job_async

    if flavour == "sync":
        outcome = run_job(provider, env)
        return Ran(outcome.exit_code, outcome.stderr)
    if flavour == "async":
        outcome = asyncio.run(run_job_async(provider, env))
        return Ran(outcome.exit_code, outcome.stderr)
    done = subprocess.run(
        ["node", str(CLIENTS / "node" / "good.mjs"), "--provider", provider],
        env={"PATH": os.environ["PATH"], **env},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return Ran(done.returncode, done.stderr)


Run = Callable[..., Ran]


@pytest.fixture(params=["sync", "async", "node"])
def run(request: pytest.FixtureRequest) -> Run:
    """``run(provider, env)`` with one flavour of the good client after the other."""
    return lambda provider, env: _run(request.param, provider, env)


@pytest.fixture(params=["sync", "async", "node"])
def do_job(request: pytest.FixtureRequest, hostile: Hostile, output: Path) -> Run:
    """``do_job(**env)``: one job of one flavour at the hostile server."""
    return lambda **more: _run(request.param, "kling", {**environment(hostile.url, output), **more})


@pytest.fixture
def env_for() -> Callable[..., dict[str, str]]:
    return environment


@pytest.fixture
def clients() -> Path:
    return CLIENTS
