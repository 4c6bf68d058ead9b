"""A server killed under load, and started again, has lost no accepted task and no due callback."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

ACCEPTED_BEFORE_A_KILL = (15, 40, 5, 25)
VIDEO = "https://cdn.test/talk.mp4?lipflap.duration_ms=12000"
AUDIO = "https://cdn.test/line.mp3?lipflap.duration_ms=5000"
SYNC = "/v1/videos/advanced-lip-sync"
PATIENCE_S = 60


class Receiver(BaseHTTPRequestHandler):
    """Remembers which task has told which status."""

    seen: ClassVar[set[tuple[str, str]]] = set()
    changed: ClassVar[threading.Condition] = threading.Condition()

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        with self.changed:
            self.seen.add((body["task_id"], body["task_status"]))
            self.changed.notify_all()
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def receiver() -> Iterator[str]:
    Receiver.seen.clear()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/hook"
    server.shutdown()
    server.server_close()
    thread.join(10)


def start(port: int, database: Path) -> subprocess.Popen[bytes]:
    """A server on this port and this database, once it answers."""
    lipflap = Path(sys.executable).with_name("lipflap")
    options = [
        "--port",
        str(port),
        "--store",
        f"sqlite:///{database}",
        "--slots",
        "100000",
        "--pace",
        "quick",
    ]
    process = subprocess.Popen(
        [lipflap, "serve", *options], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=os.environ
    )
    assert process.stdout is not None
    assert json.loads(process.stdout.readline())["url"].endswith(str(port))
    process.stdout.close()
    return process


def ask(port: int, method: str, path: str, body: object = None) -> dict[str, object] | None:
    """The ``data`` of an answer; None where the server died before it had answered."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    headers = {"Authorization": "Bearer kill-test", "Content-Type": "application/json"}
    try:
        connection.request(method, path, json.dumps(body) if body is not None else None, headers)
        answer = json.loads(connection.getresponse().read())
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()
    assert answer["code"] == 0, answer
    data: dict[str, object] = answer["data"]
    return data


def submit_until_it_dies(port: int, session: str, hook: str, accepted: list[str]) -> None:
    times = {"sound_start_time": 0, "sound_end_time": 3000, "sound_insert_time": 1000}
    entry = {"face_id": "0", "sound_file": AUDIO, **times}
    body = {"session_id": session, "face_choose": [entry], "callback_url": hook}
    while (data := ask(port, "POST", SYNC, body)) is not None:
        accepted.append(str(data["task_id"]))


def run_and_kill(
    process: subprocess.Popen[bytes], port: int, session: str, hook: str, wanted: int
) -> list[str]:
    """Load the server from three threads and kill it once ``wanted`` tasks are accepted; the ids of those."""
    accepted: list[str] = []
    threads = [
        threading.Thread(target=submit_until_it_dies, args=(port, session, hook, accepted), daemon=True)
        for _ in range(3)
    ]
    for thread in threads:
        thread.start()
    while len(accepted) < wanted:
        threads[0].join(0.002)
    process.send_signal(signal.SIGKILL)
    process.wait(10)
    for thread in threads:
        thread.join(20)
    return accepted


def test_a_server_killed_under_load_keeps_every_accepted_task_and_every_due_callback(tmp_path: Path) -> None:
    database = tmp_path / "lipflap.db"
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    accepted: list[str] = []
    with receiver() as hook:
        process = start(port, database)
        session = ask(port, "POST", "/v1/videos/identify-face", {"video_url": VIDEO})
        assert session is not None
        for wanted in ACCEPTED_BEFORE_A_KILL:
            accepted += run_and_kill(process, port, str(session["session_id"]), hook, wanted)
            process = start(port, database)
        try:
            assert len(set(accepted)) == len(accepted) >= sum(ACCEPTED_BEFORE_A_KILL)
            for task_id in accepted:
                assert ask(port, "GET", f"{SYNC}/{task_id}") is not None
            due = {(task_id, word) for task_id in accepted for word in ("processing", "succeed")}
            with Receiver.changed:
                Receiver.changed.wait_for(lambda: due <= Receiver.seen, PATIENCE_S)
            assert due - Receiver.seen == set()
        finally:
            process.terminate()
            process.wait(10)
