"""The journal as server-sent events."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urlencode

import pytest

from mock_server.admin import stream

if TYPE_CHECKING:
    from tests.admin.conftest import Desk

AT_MOST_S = 10


@pytest.fixture(autouse=True)
def quick_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "POLL_S", 0.001)


class Listener:
    """One stream, read chunk by chunk on the loop that it runs on."""

    def __init__(self, desk: Desk, headers: Mapping[str, str] | None = None, **query: object) -> None:
        self._desk = desk
        self._scope = {
            "type": "http",
            "method": "GET",
            "path": "/__lipflap/journal/stream",
            "raw_path": b"/__lipflap/journal/stream",
            "query_string": urlencode(query).encode(),
            "headers": [(name.encode(), value.encode()) for name, value in (headers or {}).items()],
            "scheme": "http",
            "server": ("lipflap.test", 80),
        }
        self._leaves = asyncio.Event()
        self._messages: asyncio.Queue[Mapping[str, Any]] = asyncio.Queue()
        self.has_asked = False

    async def __aenter__(self) -> Self:
        self._serving = asyncio.create_task(self._desk.app(self._scope, self._receive, self._send))
        self.start = await self._message()
        return self

    async def __aexit__(self, *_: object) -> None:
        self._leaves.set()
        await self.ended()

    async def ended(self) -> None:
        async with asyncio.timeout(AT_MOST_S):
            await self._serving

    async def event(self) -> dict[str, str]:
        """The next event, field by field."""
        body = (await self._message())["body"].decode()
        (text,) = body.removesuffix("\n\n").split("\n\n")
        return dict(line.split(": ", 1) for line in text.split("\n"))

    async def chunk(self) -> bytes:
        body: bytes = (await self._message())["body"]
        return body

    async def _message(self) -> Mapping[str, Any]:
        async with asyncio.timeout(AT_MOST_S):
            return await self._messages.get()

    async def _receive(self) -> dict[str, Any]:
        if not self.has_asked:
            self.has_asked = True
            return {"type": "http.request", "body": b"", "more_body": False}
        await self._leaves.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: Mapping[str, Any]) -> None:
        await self._messages.put(message)


async def identify(desk: Desk, key: str = "key-one", video_url: str = "https://cdn.test/a.mp4") -> None:
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    body = json.dumps({"video_url": video_url}, indent=1)
    await desk.asked("POST", "/v1/videos/identify-face", content=body, headers=headers)


def test_what_comes_is_told_as_it_comes_and_what_was_is_not(desk: Desk) -> None:
    desk.session()

    async def listen() -> list[dict[str, str]]:
        async with Listener(desk, key="key-one") as listener:
            headers = dict(listener.start["headers"])
            assert headers[b"content-type"].startswith(b"text/event-stream")
            assert b"content-length" not in headers
            await identify(desk)
            first = await listener.event()
            await identify(desk)
            return [first, await listener.event()]

    first, second = desk.run(listen())
    assert (first["id"], first["event"], second["id"]) == ("2", "entry", "3")
    listed = desk.get("journal", after=1)["entries"]
    assert [json.loads(event["data"]) for event in (first, second)] == listed


def test_another_tenant_s_entries_are_not_told_to_a_key(desk: Desk) -> None:
    async def listen() -> dict[str, str]:
        async with Listener(desk, key="key-one") as listener:
            await identify(desk, key="key-two")
            await identify(desk, video_url="https://cdn.test/mine.mp4")
            return await listener.event()

    assert "mine.mp4" in desk.run(listen())["data"]


def test_without_a_key_everybody_s_are_told_also_those_of_new_tenants(desk: Desk) -> None:
    desk.session()

    async def listen() -> list[dict[str, str]]:
        async with Listener(desk) as listener:
            await identify(desk, key="key-new")
            first = await listener.event()
            await identify(desk)
            return [first, await listener.event()]

    events = desk.run(listen())
    assert len({json.loads(event["data"])["tenant"] for event in events}) == 2
    assert not any("id" in event for event in events)


@pytest.mark.parametrize("form", ["after", "last-event-id", "both"])
def test_a_client_that_comes_back_misses_nothing(desk: Desk, form: str) -> None:
    for _ in range(3):
        desk.session()
    query = {"after": 2} if form == "after" else {"after": 0} if form == "both" else {}
    headers = {"last-event-id": "2"} if form != "after" else {}

    async def listen() -> dict[str, str]:
        async with Listener(desk, headers, key="key-one", **query) as listener:
            return await listener.event()

    assert desk.run(listen())["id"] == "3"


def test_the_stream_ends_when_the_server_begins_to_stop(desk: Desk) -> None:
    async def listen() -> bytes:
        listener = Listener(desk, key="key-one")
        await listener.__aenter__()
        desk.house.closing.set()
        await listener.ended()
        return await listener.chunk()

    assert desk.run(listen()) == b""


def test_a_client_that_leaves_leaves_nothing_running(desk: Desk) -> None:
    async def listen() -> set[str]:
        before = {task.get_name() for task in asyncio.all_tasks()}
        async with Listener(desk, key="key-one"):
            pass
        return {task.get_name() for task in asyncio.all_tasks()} - before

    assert desk.run(listen()) == set()


def test_a_silent_stream_gives_a_sign_of_life(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "SILENT_POLLS", 2)

    async def listen() -> list[bytes]:
        async with Listener(desk, key="key-one") as listener:
            return [await listener.chunk(), await listener.chunk()]

    assert desk.run(listen()) == [b": nothing new\n\n"] * 2


def test_head_ends_at_once(desk: Desk) -> None:
    answer = desk.ask("HEAD", "journal/stream")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/event-stream")


def test_a_place_needs_a_key_and_is_a_number(desk: Desk) -> None:
    assert "goes with key" in desk.refused(400, "GET", "journal/stream", key=None, params={"after": "3"})
    assert "whole number" in desk.refused(400, "GET", "journal/stream", params={"after": "x"})
    assert "number" in desk.refused(400, "GET", "journal/stream", headers={"Last-Event-ID": "x"})
