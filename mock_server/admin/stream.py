"""Server-sent events: journal entries as they come, until the client goes away or the server stops."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

import msgspec
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from mock_server.admin.entry_view import entry_view
from mock_server.admin.follower import Follower
from mock_server.core.journal import Entry

POLL_S = 0.2
"""How often the journal is looked at: the store may be shared, so nobody here can tell when others write."""
SILENT_POLLS = 75
"""After so many looks without news a comment is sent, so that nothing in between takes the connection for dead."""
_COMMENT = b": nothing new\n\n"


class EventStream(Response):
    """One stream. ``closing`` is set when the server begins to stop."""

    media_type = "text/event-stream"

    def __init__(self, follower: Follower, closing: asyncio.Event) -> None:
        super().__init__(headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"})
        # a stream has no length
        del self.headers["content-length"]
        self._follower = follower
        self._closing = closing

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002
        ends = {asyncio.create_task(_client_gone(receive)), asyncio.create_task(self._closing.wait())}
        try:
            # from here on everything is news: the headers tell the client that it has missed nothing since
            self._follower.begin()
            await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
            await self._pass_on(send, ends)
            await send({"type": "http.response.body", "body": b"", "more_body": False})
        finally:
            for end in ends:
                end.cancel()
            await asyncio.gather(*ends, return_exceptions=True)

    async def _pass_on(self, send: Send, ends: Iterable[asyncio.Task[object]]) -> None:
        silent = 0
        while not any(end.done() for end in ends):
            events = _events(self._follower.news(), has_ids=self._follower.has_one_tenant)
            silent = 0 if events else silent + 1
            if silent == SILENT_POLLS:
                silent, events = 0, _COMMENT
            if events:
                await send({"type": "http.response.body", "body": events, "more_body": True})
            await asyncio.wait(ends, timeout=POLL_S, return_when=asyncio.FIRST_COMPLETED)


def _events(entries: Iterable[Entry], *, has_ids: bool) -> bytes:
    return b"".join(_event(entry, has_ids=has_ids) for entry in entries)


def _event(entry: Entry, *, has_ids: bool) -> bytes:
    # a body in "json" is the client's own text, which may have line breaks between its values
    data = msgspec.json.format(msgspec.json.encode(entry_view(entry)), indent=-1)
    first = b"id: %d\n" % entry.number if has_ids else b""
    return b"%sevent: entry\ndata: %s\n\n" % (first, data)


async def _client_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
