"""The three providers through one pair of eyes: what a test asks of each, and what became of it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import PurePosixPath
from threading import Thread
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import quote, urlencode, urlsplit

import jsonschema_rs
import pytest
from starlette.testclient import TestClient

from contracts.contract import load_contract
from mock_server.app import App
from mock_server.settings import Settings

if TYPE_CHECKING:
    import httpx2

Json = dict[str, Any]
"""A JSON object of which a test knows the layout."""

NO_HINTS: Mapping[str, object] = {}
GMI = "/api/v1/ie/requestqueue/apikey"
KIRIN = "/model/v1/generation"


class Place(StrEnum):
    """Where a fault shows: in the answer to the request, or on a task that was accepted."""

    CREATE = "create"
    TASK = "task"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a request: ``reason`` is None where it went well, and then ``data`` is what was made."""

    reason: str | None = None
    place: Place | None = None
    data: Json = field(default_factory=dict)

    @property
    def is_accepted(self) -> bool:
        return self.reason is None


def hinted(name: str = "line.mp3", **hints: object) -> str:
    """A URL that nobody fetches, with the facts of its file in its query."""
    query = urlencode({f"lipflap.{hint}": value for hint, value in hints.items()})
    return f"https://cdn.test/{name}?{query}" if query else f"https://cdn.test/{name}"


def entry(
    sound_file: str = "", *, start: object = 0, end: object = 3000, insert: object = 0, **more: object
) -> Json:
    """One entry of ``face_choose``, for face "0" unless told otherwise."""
    source = {"sound_file": sound_file} if sound_file else {}
    times = {"sound_start_time": start, "sound_end_time": end, "sound_insert_time": insert}
    return {"face_id": "0", **source, **times, **more}


class Surface:
    """One provider, asked at pace "instant": a task has ended when it is first polled.

    The methods hold each refusal against the form in which the provider sends it, and give back the sentence.
    """

    name: ClassVar[str]
    rules_show_at: ClassVar[Place]
    """Where a fault shows that only the service behind the provider can find."""
    shape_prefix: ClassVar[str] = ""
    """What precedes a path in the message about a fault of shape."""

    def __init__(self, client: TestClient) -> None:
        self.client = client

    def identify(self, video_url: str = "", **fields: object) -> Verdict:
        """``data`` is ``session_id`` and ``face_data``."""
        raise NotImplementedError

    def lip_sync(self, session_id: str, *entries: Json, **fields: object) -> Verdict:
        """``data`` is ``url``, ``result_id`` and ``task_id``."""
        raise NotImplementedError

    def session(self, video_url: str = "", **fields: object) -> str:
        verdict = self.identify(video_url, **fields)
        assert verdict.is_accepted, verdict
        session_id: str = verdict.data["session_id"]
        return session_id

    def sync(
        self, video: Mapping[str, object] = NO_HINTS, audio: Mapping[str, object] = NO_HINTS, **more: object
    ) -> Verdict:
        """A lip-sync of a fresh session. By default: a video of 10 s with one face all along, audio of 6 s."""
        session_id = self.session(hinted("talk.mp4", **{"duration_ms": 10_000, "faces": 1, **video}))
        return self.lip_sync(session_id, entry(hinted(**{"duration_ms": 6_000, **audio}), **more))  # type: ignore[arg-type]

    def beside(self, name: str) -> Surface:
        """Another provider of the same server, asked with the same key."""
        return SURFACES[name](self.client)

    def advance(self, seconds: float) -> None:
        """Move the clock of the tenant that the client's key opens."""
        key = self.client.headers["authorization"].removeprefix("Bearer ")
        answer = self.client.post("/__lipflap/clock/advance", params={"key": key}, json={"seconds": seconds})
        assert answer.status_code == 200, answer.text

    def _post(self, path: str, body: object) -> httpx2.Response:
        return self.client.post(path, json=body)


class Kling(Surface):
    name = "kling"
    rules_show_at = Place.CREATE

    def identify(self, video_url: str = "", **fields: object) -> Verdict:
        body = {"video_url": video_url, **fields} if video_url else fields
        return self._verdict(self._post("/v1/videos/identify-face", body))

    def lip_sync(self, session_id: str, *entries: Json, **fields: object) -> Verdict:
        body = {"session_id": session_id, "face_choose": list(entries), **fields}
        return self.result(self._post("/v1/videos/advanced-lip-sync", body))

    def legacy(self, **given: object) -> Verdict:
        return self.result(self._post("/v1/videos/lip-sync", {"input": given}))

    def speak(self, text: str, **fields: object) -> Verdict:
        voice = {"voice_id": "oversea_male1", "voice_language": "en"}
        verdict = self._verdict(self._post("/v1/audio/tts", {"text": text, **voice, **fields}))
        return Verdict(data=verdict.data["task_result"]["audios"][0]) if verdict.is_accepted else verdict

    def result(self, created: httpx2.Response) -> Verdict:
        verdict = self._verdict(created)
        if not verdict.is_accepted:
            return verdict
        task_id = verdict.data["task_id"]
        task = self.client.get(f"{created.request.url.path}/{task_id}").json()["data"]
        if task["task_status"] == "failed":
            return Verdict(task["task_status_msg"], Place.TASK)
        assert task["task_status"] == "succeed"
        return Verdict(data={"task_id": task_id, **_result(task["task_result"]["videos"][0]["url"])})

    def _verdict(self, answer: httpx2.Response) -> Verdict:
        body = answer.json()
        if answer.status_code == 200:
            assert body["code"] == 0
            return Verdict(data=body["data"])
        assert (answer.status_code, body["code"]) == (400, 1201), body
        return Verdict(body["message"], Place.CREATE)


class Gmi(Surface):
    name = "gmi"
    rules_show_at = Place.TASK
    shape_prefix = "payload."

    def identify(self, video_url: str = "", **fields: object) -> Verdict:
        payload = {"video_url": video_url, **fields} if video_url else fields
        answer = self._post(f"{GMI}/requests", {"model": "kling-identify-face", "payload": payload})
        if answer.status_code == 500:
            return Verdict(answer.json()["error"], Place.TASK)
        verdict = self._verdict(answer)
        return Verdict(data=verdict.data["outcome"]["data"]) if verdict.is_accepted else verdict

    def lip_sync(self, session_id: str, *entries: Json, **fields: object) -> Verdict:
        payload = {"session_id": session_id, "face_choose": list(entries), **fields}
        verdict = self._verdict(
            self._post(f"{GMI}/requests", {"model": "kling-lip-sync", "payload": payload})
        )
        if not verdict.is_accepted:
            return verdict
        record = self.client.get(f"{GMI}/requests/{verdict.data['request_id']}").json()
        if record["status"] == "failed":
            lead, _, reason = record["outcome"]["error"].partition(": ")
            assert lead == "Lip sync failed"
            return Verdict(reason, Place.TASK)
        assert record["status"] == "success"
        return Verdict(data={"task_id": record["request_id"], **_result(record["outcome"]["video_url"])})

    def _verdict(self, answer: httpx2.Response) -> Verdict:
        if answer.status_code == 200:
            return Verdict(data=answer.json())
        assert answer.status_code == 400
        return Verdict(answer.json()["error"], Place.CREATE)


class Kirin(Surface):
    name = "kirin"
    rules_show_at = Place.TASK
    UPSTREAM: ClassVar = "upstream HTTP 400: code 1201, "

    def identify(self, video_url: str = "", **fields: object) -> Verdict:
        body = {"video_url": video_url, **fields} if video_url else fields
        verdict = self.generate("kirin_identify_face", body)
        return Verdict(data=json.loads(verdict.data["text"])["data"]) if verdict.is_accepted else verdict

    def lip_sync(self, session_id: str, *entries: Json, **fields: object) -> Verdict:
        body = {"session_id": session_id, "face_choose": list(entries), **fields}
        verdict = self.generate("kirin_lipsync", body)
        if not verdict.is_accepted:
            return verdict
        return Verdict(data={"task_id": verdict.data["task_id"], **_result(verdict.data["url"])})

    def speak(self, text: str, **fields: object) -> Verdict:
        voice = {"voice_id": "oversea_male1", "voice_language": "en"}
        verdict = self.generate("kirin_tts", {"text": text, **voice, **fields})
        if not verdict.is_accepted:
            return verdict
        return Verdict(data=json.loads(verdict.data["text"])["data"]["task_result"]["audios"][0])

    def generate(self, model: str, parameters: Mapping[str, object]) -> Verdict:
        """``data`` is the first content of the output, and ``task_id``."""
        created = self._post(KIRIN, {"model": model, **parameters})
        if created.status_code != 200:
            error = created.json()["error"]
            assert (created.status_code, error["code"]) == (400, "INVALID_PARAMETER"), error
            return Verdict(error["error_message"], Place.CREATE)
        task = self.client.get(f"{KIRIN}/task/{created.json()['id']}").json()
        if task["status"] == "failed":
            error = task["error"]
            assert error["code"] == "014002097"
            assert error["error_message"].startswith(self.UPSTREAM), error
            return Verdict(error["error_message"].removeprefix(self.UPSTREAM), Place.TASK)
        assert task["status"] == "completed"
        return Verdict(data={"task_id": task["id"], **task["output"][0]["content"][0]})


SURFACES: Mapping[str, type[Surface]] = {kind.name: kind for kind in (Kling, Gmi, Kirin)}


def _result(url: str) -> Json:
    return {"url": url, "result_id": PurePosixPath(urlsplit(url).path).stem}


@cache
def _validator(provider: str, operation_id: str, status: int) -> jsonschema_rs.Validator:
    document: Json = dict(load_contract(provider).document)
    operation = load_contract(provider).operations[operation_id]
    response = document["paths"][operation.path][operation.method.lower()]["responses"][str(status)]
    if "$ref" in response:
        response = document["components"]["responses"][response["$ref"].rpartition("/")[2]]
    schema = response["content"]["application/json"]["schema"]
    return jsonschema_rs.Draft202012Validator(
        {**schema, "components": document["components"]}, validate_formats=True
    )


def documented(provider: str, operation_id: str, answer: httpx2.Response) -> Any:
    """The body of ``answer``, once the contract of ``operation_id`` describes it for its status."""
    assert answer.headers["content-type"] == "application/json"
    body = answer.json()
    _validator(provider, operation_id, answer.status_code).validate(body)
    return body


@pytest.fixture(scope="session")
def as_documented() -> Callable[..., Any]:
    """``as_documented("kling", "getLipSync", answer)``: see ``documented``."""
    return documented


@pytest.fixture(scope="session")
def shared_client() -> Iterator[TestClient]:
    """One server for all tests that are content with a tenant of their own."""
    settings = Settings(clock="manual", pace="instant")
    with TestClient(App(settings), base_url="http://lipflap.test") as client:
        yield client


@pytest.fixture
def tenant_client(shared_client: TestClient, request: pytest.FixtureRequest) -> TestClient:
    """The shared server with a key that no other test has: a world of its own, clock included."""
    shared_client.headers["authorization"] = f"Bearer {quote(request.node.nodeid)}"
    return shared_client


@pytest.fixture(params=SURFACES)
def surface(request: pytest.FixtureRequest, tenant_client: TestClient) -> Surface:
    """Each provider in turn."""
    return SURFACES[request.param](tenant_client)


@pytest.fixture
def kling(tenant_client: TestClient) -> Kling:
    return Kling(tenant_client)


@pytest.fixture
def gmi(tenant_client: TestClient) -> Gmi:
    return Gmi(tenant_client)


@pytest.fixture
def kirin(tenant_client: TestClient) -> Kirin:
    return Kirin(tenant_client)


class Receiver(ThreadingHTTPServer):
    """Takes callbacks on a loopback port and answers 200."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Taking)
        self.bodies: list[Json] = []
        self.url = f"http://127.0.0.1:{self.server_port}/hook"


class _Taking(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        self.server.bodies.append(json.loads(self.rfile.read(int(self.headers["content-length"]))))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Tests are quiet."""


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture(scope="session")
def url() -> Callable[..., str]:
    """``url("line.mp3", duration_ms=6000)``: see ``hinted``."""
    return hinted


@pytest.fixture(scope="session")
def choice() -> Callable[..., Json]:
    """``choice(url, start=0, end=3000)``: see ``entry``."""
    return entry
