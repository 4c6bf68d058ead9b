"""The rule of money at all three providers: a submit whose answer was lost is found again, or owned up to."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pytest

from mock_server.hosting.background import BackgroundServer
from mock_server.settings import Settings


@pytest.fixture(scope="module")
def simulator():
    with BackgroundServer(Settings(port=0, pace="polls:3")) as server:
        yield server


class Forgetful(BaseHTTPRequestHandler):
    """Passes everything on to the simulator, and loses the answer to each lip-sync that was submitted."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        passed_on = {name: value for name, value in self.headers.items() if name.lower() != "connection"}
        url = f"{self.server.target}{self.path}"  # type: ignore[attr-defined]
        answer = httpx.request(self.command, url, headers=passed_on, content=body)
        self.close_connection = True
        if b"face_choose" in body:
            self.server.submits.append(json.loads(body))  # type: ignore[attr-defined]
            return
        self.send_response(answer.status_code)
        for name in ("Content-Type", "ETag", "Retry-After"):
            if name in answer.headers:
                self.send_header(name, answer.headers[name])
        self.send_header("Content-Length", str(len(answer.content)))
        self.end_headers()
        self.wfile.write(answer.content)

    do_POST = do_GET  # noqa: N815 - the name is the library's

    def log_message(self, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def forgetful(simulator):
    with ThreadingHTTPServer(("127.0.0.1", 0), Forgetful) as server:
        server.target, server.submits = simulator.url, []
        server.url = f"http://127.0.0.1:{server.server_address[1]}"
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield server
        server.shutdown()


@pytest.mark.parametrize("provider", ["kling", "gmi", "kirin"])
def test_a_lost_submit_is_found_and_not_repeated(forgetful, run, env_for, output, provider, request):
    done = run(provider, env_for(forgetful.url, output, request.node.name))
    assert done.exit_code == 0, done.stderr
    assert "found the task" in done.stderr
    assert len(forgetful.submits) == 1
    assert output.read_bytes()[4:8] == b"ftyp"
