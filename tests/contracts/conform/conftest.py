"""Simulators that break the contract on purpose, one way each; what examines them runs in this process."""

from __future__ import annotations

import json
import re
import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING, Any

import pytest
import uvicorn

from mock_server.app import App
from mock_server.settings import Settings

if TYPE_CHECKING:
    from pathlib import Path

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

Json = dict[str, Any]
ChangeRequest = Callable[["Asked"], "Asked"]
ChangeAnswer = Callable[["Answered"], "Answered"]


@dataclass(frozen=True)
class Asked:
    """A request before the simulator sees it."""

    method: str
    path: str
    authorization: bytes
    body: bytes


@dataclass(frozen=True)
class Answered:
    """An answer before the examiner sees it."""

    asked: Asked
    status: int
    body: bytes


@dataclass(frozen=True)
class Break:
    """One way to break the contract: by settings, by changed requests, by changed answers, or inside."""

    settings: Mapping[str, object] = field(default_factory=dict)
    request: ChangeRequest = lambda asked: asked
    answer: ChangeAnswer = lambda answered: answered
    inside: Mapping[str, object] = field(default_factory=dict)


def _another_word(answered: Answered) -> Answered:
    words = {b'"succeed"': b'"succeeded"', b'"success"': b'"succeeded"', b'"completed"': b'"complete"'}
    body = answered.body
    for word, other in words.items():
        body = body.replace(word, other)
    return _with(answered, body=body)


def _without_a_field(answered: Answered) -> Answered:
    # the last field of Kling's and GMI's task, and the model of Kirin's
    return _with(answered, body=re.sub(rb',"updated_at":\d+|"model":"kirin_lipsync",?', b"", answered.body))


def _found_after_all(answered: Answered) -> Answered:
    return _with(answered, status=200 if answered.status == 404 else answered.status)


def _as_the_owner(asked: Asked) -> Asked:
    if asked.method != "GET":
        return asked
    return _asked(asked, authorization=asked.authorization.replace(b"-other", b"-own"))


_serial = count(1)


def _with_an_id_of_its_own(asked: Asked) -> Asked:
    return _rewritten(asked, "external_task_id", lambda value: f"{value}#{next(_serial)}")


def _a_millisecond_longer(asked: Asked) -> Asked:
    """1999 ms pass for 2000."""
    found = re.search(rb'"sound_start_time":(\d+),"sound_end_time":(\d+)', asked.body)
    if found is None or int(found[2]) - int(found[1]) != 1999:
        return asked
    return _rewritten(asked, "sound_end_time", lambda value: value + 1)


def _without_the_first(answered: Answered) -> Answered:
    """A list that lags behind."""
    body = json.loads(answered.body or b"null")
    if not isinstance(body, dict):
        return answered
    for name in ("data", "requests"):
        if isinstance(body.get(name), list):
            body[name] = body[name][1:]
    return _with(answered, body=json.dumps(body).encode())


def _one_id_for_all(answered: Answered) -> Answered:
    one = b'"request_id":"00000000-0000-4000-8000-000000000000"'
    return _with(answered, body=re.sub(rb'"request_id":"[^"]*"', one, answered.body))


def _back_to_the_first_word() -> ChangeAnswer:
    """A task that was seen at work is waiting again at its next poll."""
    words = {
        b'"task_status":"processing"': b'"task_status":"submitted"',
        b'"status":"processing"': b'"status":"queued"',
    }
    seen: set[str] = set()

    def change(answered: Answered) -> Answered:
        for word, other in words.items() if answered.asked.method == "GET" else ():
            if word in answered.body and answered.asked.path in seen:
                return _with(answered, body=answered.body.replace(word, other))
            if word in answered.body:
                seen.add(answered.asked.path)
        return answered

    return change


def _with(answered: Answered, status: int = 0, body: bytes | None = None) -> Answered:
    return Answered(answered.asked, status or answered.status, answered.body if body is None else body)


def _asked(asked: Asked, authorization: bytes | None = None, body: bytes | None = None) -> Asked:
    return Asked(
        asked.method,
        asked.path,
        asked.authorization if authorization is None else authorization,
        asked.body if body is None else body,
    )


def _rewritten(asked: Asked, name: str, change: Callable[[Any], object]) -> Asked:
    """The request with one field changed, wherever in its body it stands."""

    def changed(value: object) -> object:
        if isinstance(value, dict):
            return {key: change(item) if key == name else changed(item) for key, item in value.items()}
        return [changed(item) for item in value] if isinstance(value, list) else value

    if f'"{name}"'.encode() not in asked.body:
        return asked
    return _asked(asked, body=json.dumps(changed(json.loads(asked.body))).encode())


def _faults(*texts: str) -> Break:
    return Break(settings={"faults": texts})


BREAKS: Mapping[str, Break] = {
    "wrong status word": Break(answer=_another_word),
    "milliseconds for seconds": _faults(
        *(f"ms-vs-s-timestamps@{place}#*" for place in ("poll", "submit", "list"))
    ),
    "terminal regress": _faults("terminal-regress"),
    "missing field": Break(answer=_without_a_field),
    "200 for 404": Break(answer=_found_after_all),
    "foreign task visible": Break(request=_as_the_owner),
    "duplicate accepted": Break(request=_with_an_id_of_its_own),
    "expired session accepted": Break(inside={"mock_server.core.clip_rules.is_too_old": lambda *_: False}),
    "callback differs from poll": _faults("callback-contradicts-poll#*"),
    "rule off by one": Break(request=_a_millisecond_longer),
    "status flaps": Break(answer=_back_to_the_first_word()),
    "not at all": Break(),
    "list lags behind": Break(answer=_without_the_first),
    "one id for all answers": Break(answer=_one_id_for_all),
}


@pytest.fixture
def break_names() -> set[str]:
    return set(BREAKS)


@pytest.fixture
def broken_server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], str]]:
    """``broken_server("missing field")`` serves a simulator that is broken so, and gives its URL."""
    with ExitStack() as stack:

        def start(name: str) -> str:
            broken = BREAKS[name]
            for place, value in broken.inside.items():
                monkeypatch.setattr(place, value)
            app = App(Settings(**broken.settings))  # type: ignore[arg-type]
            return stack.enter_context(_served(_breaking(app, broken)))

        yield start


@pytest.fixture
def two_accounts(tmp_path: Path) -> str:
    """A file of accounts: ``one`` with the key ``k1``, ``two`` with ``k2``."""
    rows = ('[[accounts]]\nname = "one"\nkeys = ["k1"]\n', '[[accounts]]\nname = "two"\nkeys = ["k2"]\n')
    path = tmp_path / "accounts.toml"
    path.write_text("".join(rows), encoding="utf-8")
    return str(path)


@pytest.fixture
def strange_server(two_accounts: str) -> Iterator[Callable[..., str]]:
    """``strange_server(pace="instant")`` serves a simulator that does not say that it is one: it could cost."""
    with ExitStack() as stack:

        def start(**settings: object) -> str:
            settings = {"auth": two_accounts, **settings}
            return stack.enter_context(_served(_unnamed(App(Settings(**settings)))))  # type: ignore[arg-type]

        yield start


def _unnamed(app: ASGIApp) -> ASGIApp:
    async def unnamed(scope: Scope, receive: Receive, send: Send) -> None:
        if scope.get("path") == "/__lipflap/version":
            await send({"type": "http.response.start", "status": 404, "headers": []})
            await send({"type": "http.response.body", "body": b""})
            return
        await app(scope, receive, send)

    return unnamed


@contextmanager
def _served(app: ASGIApp) -> Iterator[str]:
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    server.should_exit = True
    thread.join(timeout=10)
    listener.close()


def _breaking(app: ASGIApp, broken: Break) -> ASGIApp:
    """The application with requests and answers changed on their way; its own surface is left alone."""

    async def breaking(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith("/__lipflap"):
            await app(scope, receive, send)
            return
        body = b""
        while True:
            message = await receive()
            body += message.get("body", b"")
            if not message.get("more_body"):
                break
        headers = dict(scope["headers"])
        asked = Asked(scope["method"], scope["path"], headers.get(b"authorization", b""), body)
        asked = broken.request(asked)
        if asked.authorization:
            headers[b"authorization"] = asked.authorization
        if asked.body:
            headers[b"content-length"] = b"%d" % len(asked.body)
        sent: list[Message] = []

        async def hand_in() -> Message:
            return {"type": "http.request", "body": asked.body, "more_body": False}

        async def hold(message: Message) -> None:
            sent.append(message)

        await app({**scope, "headers": list(headers.items())}, hand_in, hold)
        await _send(send, sent, broken.answer, asked)

    return breaking


async def _send(send: Send, sent: list[Message], change: ChangeAnswer, asked: Asked) -> None:
    start, last = sent
    answered = change(Answered(asked, start["status"], last["body"]))
    headers = [(name, value) for name, value in start["headers"] if name != b"content-length"]
    headers.append((b"content-length", b"%d" % len(answered.body)))
    await send({**start, "status": answered.status, "headers": headers})
    await send({**last, "body": answered.body})
