"""A server asked over ASGI on a loop of its own: nothing moves between two requests, and its wall stands still."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self, TypeVar

import httpx
import pytest

from mock_server.app import App
from mock_server.callbacks.sender import Outcome
from mock_server.core.account import Account
from mock_server.core.parcel import Parcel
from mock_server.settings import Settings

T = TypeVar("T")
Json = dict[str, Any]

BASE_URL = "http://lipflap.test"
KEY = "key-one"
OTHER_KEY = "key-two"
WALL_MS = 1_800_000_000_000
CALLBACK_URL = "http://127.0.0.1:9/callback"


@dataclass
class Receiver:
    """Takes the place of the sender. ``outcomes`` are given in turn, then 200 for ever."""

    outcomes: list[Outcome] = field(default_factory=list)
    sent: list[str] = field(default_factory=list)
    """Ids of deliveries, one for each attempt."""
    during: Callable[[], Coroutine[object, object, None]] | None = None

    async def send(self, url: str, parcel: Parcel) -> Outcome:
        self.sent.append(parcel.id)
        if self.during is not None:
            await self.during()
        return self.outcomes.pop(0) if self.outcomes else Outcome(200, None)


class Desk:
    """Admin requests for ``KEY`` unless told otherwise, and the few provider requests that the tests need."""

    def __init__(self, **settings: object) -> None:
        self.wall_ms = WALL_MS
        self.app = App(Settings(**{"clock": "manual", **settings}), lambda: self.wall_ms)  # type: ignore[arg-type]
        self.house = self.app.house
        self.store = self.house.simulator.store
        self.receiver = Receiver()
        self.house.outbox._sender = self.receiver
        self._runner = asyncio.Runner()
        self._running = self.app.running()

    def __enter__(self) -> Self:
        self.run(self._running.__aenter__())
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.run(self._running.__aexit__(None, None, None))
        self._runner.close()

    def run(self, coroutine: Coroutine[object, object, T]) -> T:
        return self._runner.run(coroutine)

    def ask(
        self, method: str, path: str, json: object = None, *, key: str | None = KEY, **more: Any
    ) -> httpx.Response:
        """An admin request; ``key=None`` leaves the key out."""
        params = {**({"key": key} if key is not None else {}), **more.pop("params", {})}
        body = {} if json is None else {"json": json}
        return self.run(self.asked(method, f"/__lipflap/{path}", params=params, **body, **more))

    def get(self, path: str, *, key: str | None = KEY, **params: object) -> Json:
        """The JSON of a GET that must succeed."""
        answer = self.ask("GET", path, key=key, params=params)
        assert answer.status_code == 200, answer.text
        found: Json = answer.json()
        return found

    def refused(self, status: int, method: str, path: str, json: object = None, **more: Any) -> str:
        """The reason of a request that must be refused with ``status``."""
        answer = self.ask(method, path, json, **more)
        assert answer.status_code == status, answer.text
        found: Json = answer.json()
        assert set(found) == {"error"}
        reason: str = found["error"]
        return reason

    async def asked(self, method: str, path: str, **more: Any) -> httpx.Response:
        """For what runs on the loop already."""
        transport = httpx.ASGITransport(self.app)
        async with httpx.AsyncClient(transport=transport, base_url=BASE_URL) as client:
            return await client.request(method, path, **more)

    def call(self, method: str, path: str, json: object = None, *, key: str = KEY) -> Json:
        """A provider request."""
        headers = {"Authorization": f"Bearer {key}"}
        body = {} if json is None else {"json": json}
        found: Json = self.run(self.asked(method, path, headers=headers, **body)).json()
        return found

    def session(self, video_url: str = "https://cdn.test/talk.mp4", *, key: str = KEY) -> str:
        session_id: str = self.call("POST", "/v1/videos/identify-face", {"video_url": video_url}, key=key)[
            "data"
        ]["session_id"]
        return session_id

    def task(self, *, key: str = KEY, sound: str = "https://cdn.test/line.mp3", **fields: object) -> str:
        """The id of a fresh Kling lip-sync task."""
        times = {"sound_start_time": 0, "sound_end_time": 3000, "sound_insert_time": 0}
        entry = {"face_id": "0", "sound_file": sound, **times}
        body = {"session_id": self.session(key=key), "face_choose": [entry], **fields}
        created = self.call("POST", "/v1/videos/advanced-lip-sync", body, key=key)
        assert created["code"] == 0, created
        task_id: str = created["data"]["task_id"]
        return task_id

    def poll(self, task_id: str, *, key: str = KEY) -> Json:
        """What Kling says about the task."""
        data: Json = self.call("GET", f"/v1/videos/advanced-lip-sync/{task_id}", key=key)["data"]
        return data


def tenant(key: str) -> str:
    return Account(key).tenant


@pytest.fixture
def make_desk() -> Iterator[Callable[..., Desk]]:
    with ExitStack() as stack:

        def make(**settings: object) -> Desk:
            return stack.enter_context(Desk(**settings))

        yield make


@pytest.fixture
def desk(make_desk: Callable[..., Desk]) -> Desk:
    return make_desk()
