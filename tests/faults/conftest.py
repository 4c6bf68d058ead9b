"""A rig for faults: a real server, a client that keeps every byte, and each provider's plain job."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

import pytest

from mock_server.hosting.background import BackgroundServer
from mock_server.settings import Settings

KEY = "sk-rig"
VIDEO = "https://cdn.test/talk.mp4?lipflap.duration_ms=9000"
AUDIO = "https://cdn.test/line.mp3?lipflap.duration_ms=6000"


@dataclass(frozen=True)
class Wire:
    """What one exchange put on the wire. ``end`` is "fin", "reset", or "open" where patience ran out first."""

    data: bytes
    end: str

    @property
    def status(self) -> int:
        return int(self.data.split(b" ", 2)[1]) if self.data.startswith(b"HTTP/") else 0

    @property
    def headers(self) -> dict[str, str]:
        head = self.data.partition(b"\r\n\r\n")[0].decode("latin-1")
        pairs = (line.partition(":") for line in head.split("\r\n")[1:])
        return {name.lower(): value.strip() for name, _, value in pairs}

    @property
    def body(self) -> bytes:
        return self.data.partition(b"\r\n\r\n")[2]

    @property
    def json(self) -> object:
        return json.loads(self.body)


@dataclass
class Rig:
    """One server and a key of its own."""

    server: BackgroundServer
    key: str = KEY
    headers: dict[str, str] = field(default_factory=dict)
    patience_s: float = 10.0

    @property
    def address(self) -> tuple[str, int]:
        parts = urlsplit(self.server.url)
        assert parts.hostname is not None
        assert parts.port is not None
        return parts.hostname, parts.port

    def request(
        self,
        method: str,
        path: str,
        body: object = None,
        headers: Mapping[str, str] | None = None,
        *,
        close: bool = True,
    ) -> bytes:
        """A whole HTTP/1.1 request."""
        data = b"" if body is None else json.dumps(body).encode()
        host, port = self.address
        fields = {"host": f"{host}:{port}", "authorization": f"Bearer {self.key}", **self.headers}
        if body is not None:
            fields |= {"content-type": "application/json", "content-length": str(len(data))}
        if close:
            fields["connection"] = "close"
        fields |= {name.lower(): value for name, value in (headers or {}).items()}
        head = "".join(f"{name}: {value}\r\n" for name, value in fields.items() if value)
        return f"{method} {path} HTTP/1.1\r\n{head}\r\n".encode("latin-1") + data

    def ask(
        self,
        method: str,
        path: str,
        body: object = None,
        headers: Mapping[str, str] | None = None,
        *,
        patience_s: float | None = None,
    ) -> Wire:
        """One exchange on a connection of its own, read until the server ends it or patience runs out.

        While nobody listens it asks again: a refused connection is waited out.
        """
        patience_s = patience_s or self.patience_s
        with self.connect(patience_s) as connection:
            try:
                connection.sendall(self.request(method, path, body, headers))
            except (BrokenPipeError, ConnectionResetError):
                return Wire(b"", "reset")
            return read_all(connection)

    def connect(self, patience_s: float) -> socket.socket:
        """A connection, as soon as somebody listens."""
        give_up = time.monotonic() + patience_s
        while True:
            try:
                return socket.create_connection(self.address, timeout=patience_s)
            except ConnectionRefusedError:
                if time.monotonic() > give_up:
                    raise

    def admin(self, method: str, path: str, body: object = None) -> object:
        """The JSON of an admin operation for this rig's key."""
        joint = "&" if "?" in path else "?"
        wire = self.ask(method, f"/__lipflap/{path}{joint}key={self.key}", body)
        assert 200 <= wire.status < 300, wire.data
        return wire.json if wire.body else None

    def job(self, provider: str) -> Job:
        return JOBS[provider](self)


def read_all(connection: socket.socket) -> Wire:
    """Everything that comes until FIN, RST, or the socket's own timeout."""
    data = b""
    while True:
        try:
            part = connection.recv(65_536)
        except ConnectionResetError:
            return Wire(data, "reset")
        except TimeoutError:
            return Wire(data, "open")
        if not part:
            return Wire(data, "fin")
        data += part


@dataclass
class Job:
    """A provider's plain job over a rig, each step one exchange."""

    rig: Rig
    session_id: str = ""
    face_id: str = "0"

    provider = ""
    headers: Mapping[str, str] = field(default_factory=dict)

    def face_choose(self, audio: str) -> list[dict[str, object]]:
        entry = {"sound_start_time": 0, "sound_end_time": 3000, "sound_insert_time": 1000}
        return [{"face_id": self.face_id, "sound_file": audio, **entry}]

    def start(self) -> str:
        """Identify and submit; the task's id."""
        self.identify()
        return self.task_id_of(self.submit())

    def identify(self, video: str = VIDEO, headers: Mapping[str, str] | None = None) -> Wire:
        raise NotImplementedError

    def submit(
        self,
        external_id: str | None = None,
        audio: str = AUDIO,
        headers: Mapping[str, str] | None = None,
        callback_url: str | None = None,
    ) -> Wire:
        raise NotImplementedError

    def poll(self, task_id: str, headers: Mapping[str, str] | None = None) -> Wire:
        raise NotImplementedError

    def task_id_of(self, wire: Wire) -> str:
        raise NotImplementedError

    def status_of(self, wire: Wire) -> str:
        raise NotImplementedError

    def result_url(self, wire: Wire) -> str:
        raise NotImplementedError

    def download(self, wire: Wire, headers: Mapping[str, str] | None = None) -> Wire:
        """Fetch the result that a poll's answer names."""
        parts = urlsplit(self.result_url(wire))
        path = f"{parts.path}?{parts.query}" if parts.query else parts.path
        return self.rig.ask("GET", path, headers={"authorization": "", **(headers or {})})

    def tasks(self) -> list[dict[str, object]]:
        """The tenant's lip-sync tasks as the server knows them."""
        page = self.rig.admin("GET", f"tasks?provider={self.provider}")
        assert isinstance(page, dict)
        return [task for task in page["tasks"] if "lip" in str(task["kind"])]


def optional(**fields: object) -> dict[str, object]:
    return {name: value for name, value in fields.items() if value is not None}


class KlingJob(Job):
    provider = "kling"

    def identify(self, video: str = VIDEO, headers: Mapping[str, str] | None = None) -> Wire:
        wire = self.rig.ask("POST", "/v1/videos/identify-face", {"video_url": video}, headers)
        if wire.status == 200 and wire.json["data"]["face_data"]:
            self.session_id = wire.json["data"]["session_id"]
            self.face_id = wire.json["data"]["face_data"][0]["face_id"]
        return wire

    def submit(
        self,
        external_id: str | None = None,
        audio: str = AUDIO,
        headers: Mapping[str, str] | None = None,
        callback_url: str | None = None,
    ) -> Wire:
        body = {
            "session_id": self.session_id,
            "face_choose": self.face_choose(audio),
            **optional(external_task_id=external_id, callback_url=callback_url),
        }
        return self.rig.ask("POST", "/v1/videos/advanced-lip-sync", body, headers)

    def poll(self, task_id: str, headers: Mapping[str, str] | None = None) -> Wire:
        return self.rig.ask("GET", f"/v1/videos/advanced-lip-sync/{task_id}", headers=headers)

    def listed(self, headers: Mapping[str, str] | None = None) -> Wire:
        return self.rig.ask("GET", "/v1/videos/advanced-lip-sync", headers=headers)

    def task_id_of(self, wire: Wire) -> str:
        return str(wire.json["data"]["task_id"])

    def status_of(self, wire: Wire) -> str:
        return str(wire.json["data"]["task_status"])

    def result_url(self, wire: Wire) -> str:
        return str(wire.json["data"]["task_result"]["videos"][0]["url"])


class GmiJob(Job):
    provider = "gmi"
    queue = "/api/v1/ie/requestqueue/apikey/requests"

    def identify(self, video: str = VIDEO, headers: Mapping[str, str] | None = None) -> Wire:
        body = {"model": "kling-identify-face", "payload": {"video_url": video}}
        wire = self.rig.ask("POST", self.queue, body, headers)
        if wire.status == 200 and (wire.json.get("outcome") or {}).get("data", {}).get("face_data"):
            found = wire.json["outcome"]["data"]
            self.session_id, self.face_id = found["session_id"], found["face_data"][0]["face_id"]
        return wire

    def submit(
        self,
        external_id: str | None = None,
        audio: str = AUDIO,
        headers: Mapping[str, str] | None = None,
        callback_url: str | None = None,
    ) -> Wire:
        payload = {
            "session_id": self.session_id,
            "face_choose": self.face_choose(audio),
            **optional(external_task_id=external_id, callback_url=callback_url),
        }
        return self.rig.ask("POST", self.queue, {"model": "kling-lip-sync", "payload": payload}, headers)

    def poll(self, task_id: str, headers: Mapping[str, str] | None = None) -> Wire:
        return self.rig.ask("GET", f"{self.queue}/{task_id}", headers=headers)

    def listed(self, headers: Mapping[str, str] | None = None) -> Wire:
        return self.rig.ask("GET", self.queue, headers=headers)

    def cancel(self, task_id: str) -> Wire:
        return self.rig.ask("DELETE", f"{self.queue}/{task_id}")

    def task_id_of(self, wire: Wire) -> str:
        return str(wire.json["request_id"])

    def status_of(self, wire: Wire) -> str:
        return str(wire.json["status"])

    def result_url(self, wire: Wire) -> str:
        return str(wire.json["outcome"]["video_url"])


class KirinJob(Job):
    provider = "kirin"

    def _create(self, model: str, params: object, headers: Mapping[str, str] | None) -> Wire:
        body = {"model": model, "input": [{"params": params}]}
        return self.rig.ask("POST", "/model/v1/generation", body, headers)

    def identify(self, video: str = VIDEO, headers: Mapping[str, str] | None = None) -> Wire:
        """The create call's answer; the faces are waited for by polls, as the provider wants it."""
        wire = self._create("kirin_identify_face", {"video_url": video}, headers)
        for _ in range(12 if wire.status == 200 else 0):
            found = self._session_of(self.poll(self.task_id_of(wire)))
            if found:
                self.session_id = found["session_id"]
                self.face_id = found["face_data"][0]["face_id"] if found["face_data"] else ""
                break
        return wire

    @staticmethod
    def _session_of(state: Wire) -> Any:
        """What a finished identify-face shows; None for anything else, as a fault may show it."""
        try:
            return json.loads(state.json["output"][0]["content"][0]["text"])["data"]
        except (ValueError, LookupError, TypeError):
            return None

    def submit(
        self,
        external_id: str | None = None,
        audio: str = AUDIO,
        headers: Mapping[str, str] | None = None,
        callback_url: str | None = None,
    ) -> Wire:
        params = {
            "session_id": self.session_id,
            "face_choose": self.face_choose(audio),
            **optional(external_task_id=external_id, callback_url=callback_url),
        }
        return self._create("kirin_lipsync", params, headers)

    def poll(self, task_id: str, headers: Mapping[str, str] | None = None) -> Wire:
        return self.rig.ask("GET", f"/model/v1/generation/task/{task_id}", headers=headers)

    def task_id_of(self, wire: Wire) -> str:
        return str(wire.json["id"])

    def status_of(self, wire: Wire) -> str:
        return str(wire.json["status"])

    def result_url(self, wire: Wire) -> str:
        return str(wire.json["output"][0]["content"][0]["url"])


JOBS: Mapping[str, type[Job]] = {"kling": KlingJob, "gmi": GmiJob, "kirin": KirinJob}


@dataclass
class Receiver:
    """Takes callbacks at ``url`` and keeps every one."""

    url: str
    requests: list[tuple[dict[str, str], bytes]]


class Patient(ThreadingHTTPServer):
    """Lets a storm of connections wait in line."""

    daemon_threads = True
    request_queue_size = 256


@pytest.fixture(scope="module")
def module_receiver() -> Iterator[Receiver]:
    """A receiver of callbacks on loopback that says 200 to all of them."""
    kept: list[tuple[dict[str, str], bytes]] = []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            kept.append(({name.lower(): value for name, value in self.headers.items()}, body))
            self.send_response(200)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Keep quiet."""

    server = Patient(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield Receiver(f"http://127.0.0.1:{server.server_address[1]}/hook", kept)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


Starter = Callable[..., Rig]


def starter(stack: ExitStack) -> Starter:
    def start(*faults: str, key: str = KEY, **settings: object) -> Rig:
        given = {"port": 0, "pace": "instant", "fault_header": True, **settings}
        server = stack.enter_context(BackgroundServer(Settings(faults=faults, **given)))
        return Rig(server, key)

    return start


@pytest.fixture
def rig() -> Iterator[Starter]:
    """``rig("gateway-502-html@poll#2", pace="polls:3")`` starts a server with these faults and settings."""
    with ExitStack() as stack:
        yield starter(stack)


@pytest.fixture(scope="module")
def module_rig() -> Iterator[Starter]:
    """As ``rig``, for servers that a whole module shares."""
    with ExitStack() as stack:
        yield starter(stack)


@pytest.fixture(params=["kling", "gmi", "kirin"])
def provider(request: pytest.FixtureRequest) -> str:
    return str(request.param)
