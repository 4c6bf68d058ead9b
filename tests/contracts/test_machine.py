"""A machine to inherit from: a client that keeps the laws passes, and each that breaks one is caught."""

from __future__ import annotations

import json
import threading
from collections import Counter
from contextlib import suppress
from http.client import HTTPException
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import cast
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.stateful import run_state_machine_as_test

from contracts.machine import UNFIT, ClientMachine, mild_rows
from contracts.stories.event import Event, Kind, Row

WORDS = {"submitted": "running", "processing": "running", "succeed": "succeeded", "failed": "failed"}
Json = dict[str, object]


class Tiny:
    """Kling, as short as can be."""

    def __init__(self, url: str, key: str) -> None:
        self.url, self.key, self.is_closed, self.callback_url = url, key, False, ""

    def ask(self, path: str, body: object = None) -> Json:
        data = None if body is None else json.dumps(body).encode()
        headers = {"Authorization": f"Bearer {self.key}", "Content-Type": "application/json"}
        with urlopen(Request(f"{self.url}/v1/videos/{path}", data, headers), timeout=10) as answer:
            return cast(Json, json.load(answer)["data"])

    def identify(self, video_url: str) -> object:
        return self.ask("identify-face", {"video_url": video_url})

    def submit(self, session: object, audio_url: str) -> str:
        found = cast(Json, session)
        face = cast("list[Json]", found["face_data"])[0]
        choice = {
            "face_id": face["face_id"],
            "sound_file": audio_url,
            "sound_start_time": 0,
            "sound_end_time": 3000,
            "sound_insert_time": face["start_time"],
        }
        body = {"session_id": found["session_id"], "face_choose": [choice], "callback_url": self.callback_url}
        return str(self.ask("advanced-lip-sync", body)["task_id"])

    def poll(self, task_id: str) -> str:
        return WORDS.get(str(self.ask(f"advanced-lip-sync/{task_id}")["task_status"]), "running")

    def close(self) -> None:
        self.is_closed = True


class PaysTwice(Tiny):
    def submit(self, session: object, audio_url: str) -> str:
        super().submit(session, audio_url)
        return super().submit(session, audio_url)


class SaysDone(Tiny):
    def poll(self, task_id: str) -> str:
        super().poll(task_id)
        return "succeeded"


class GivesUp(Tiny):
    def poll(self, task_id: str) -> str:
        raise HTTPError(self.url, 500, "it gave up", None, None)  # type: ignore[arg-type]


class Forgets(Tiny):
    def __init__(self, url: str, key: str) -> None:
        super().__init__(url, key)
        self.polls = 0

    def poll(self, task_id: str) -> str:
        self.polls += 1
        told = super().poll(task_id)
        return "running" if self.polls > 1 else told


class Receives(Tiny):
    """It takes callbacks, and has an effect at each."""

    def __init__(self, url: str, key: str) -> None:
        super().__init__(url, key)
        self.acts: Counter[str] = Counter()

        class Handler(BaseHTTPRequestHandler):
            def do_POST(handler) -> None:  # noqa: N805 - "self" is the client
                self.take(json.loads(handler.rfile.read(int(handler.headers["content-length"]))))
                handler.send_response(200)
                handler.send_header("content-length", "0")
                handler.end_headers()

            def log_message(handler, *words: object) -> None:  # noqa: N805
                """Nobody reads it."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.callback_url = f"http://127.0.0.1:{self.server.server_address[1]}/callback"
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01}).start()

    def take(self, body: Json) -> None:
        self.acts[str(body["task_id"])] += 1

    def effects(self, task_id: str) -> int:
        return self.acts[task_id]

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


class ReceivesOnce(Receives):
    def take(self, body: Json) -> None:
        self.acts[str(body["task_id"])] = 1


def machine_of(client: type[Tiny]) -> type[ClientMachine]:
    class Machine(ClientMachine):
        def make_client(self, url: str, key: str) -> Tiny:
            return client(url, key)

    return Machine


def run(client: type[Tiny], examples: int) -> None:
    made = settings(
        max_examples=examples,
        stateful_step_count=12,
        deadline=None,
        database=None,
        derandomize=True,
        phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(machine_of(client), settings=made)


@pytest.mark.parametrize("client", [Tiny, ReceivesOnce])
def test_a_client_that_keeps_the_laws_passes(client: type[Tiny]) -> None:
    run(client, 15)


@pytest.mark.parametrize(
    ("client", "words"),
    [
        (PaysTwice, "tasks are paid for"),
        (SaysDone, "and the client says succeeded"),
        (GivesUp, "a poll without a fault gets its answer"),
        (Forgets, "(client says|now) running"),
        (Receives, "had 2 effects"),
    ],
)
def test_a_client_that_breaks_one_is_caught(client: type[Tiny], words: str) -> None:
    with pytest.raises(AssertionError, match=words):
        run(client, 200)


@settings(max_examples=50, database=None, deadline=None)
@given(ClientMachine.faults(ClientMachine()))
def test_only_faults_that_a_client_survives_are_switched_on(event: Event) -> None:
    assert event.row.kind in {Kind.FAULT, Kind.ANSWER}
    assert event.row.outcome == "success"
    assert event.fault not in UNFIT


@pytest.mark.parametrize("row", mild_rows("kling"), ids=lambda row: row.fault)
def test_what_is_switched_on_leaves_a_finished_task_finished(row: Row) -> None:
    """Else a client that only passes on what it is told would break a law."""
    machine = machine_of(Tiny)()
    machine.begin(None)
    task_id = machine.client.submit(
        machine.client.identify("https://media.test/v.mp4"), "https://media.test/a.mp3"
    )
    machine.let_time_pass(3_600)
    machine.admin.send("POST", "faults", {"fault": row.fault, "on": "poll", "from": 1})
    with suppress(OSError, ValueError, HTTPException):
        assert machine.client.poll(task_id) == "succeeded"
    machine.teardown()


def test_a_machine_without_a_client_says_so() -> None:
    with pytest.raises(NotImplementedError):
        ClientMachine().make_client("http://a", "key")
