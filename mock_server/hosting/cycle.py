"""One request and its answer, as ASGI has them: a plain answer is one write, and its head comes out of a cache."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable
from typing import TYPE_CHECKING

from mock_server.hosting.head import Header, before_length, rendered

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Scope

    from mock_server.hosting.connection import Connection

log = logging.getLogger("mock_server.hosting")

_JOINED_BYTES = 64 * 1024
"""Beyond this, joining head and body costs more than it saves."""
_FAILED = b"Internal Server Error"
_FAILED_HEADERS = (
    (b"content-type", b"text/plain; charset=utf-8"),
    (b"content-length", b"%d" % len(_FAILED)),
    (b"connection", b"close"),
)


class Cycle:
    """Offers ``receive`` and ``send`` to an application, which ``run`` has answer. The connection fills it.

    Head and first piece of body leave in one write: two would cost a second system call, and wake the client twice.
    """

    __slots__ = (
        "_bell",
        "_connection",
        "_head",
        "_is_told",
        "_missing_bytes",
        "body",
        "disconnected",
        "keep_alive",
        "more_body",
        "response_complete",
        "response_started",
        "scope",
        "task",
        "waiting_for_100_continue",
    )

    def __init__(self, connection: Connection, scope: Scope, *, keep_alive: bool, expects_100: bool) -> None:
        self.scope = scope
        self.keep_alive = keep_alive
        self.waiting_for_100_continue = expects_100
        self.body = bytearray()
        """What has come in and the application has not taken yet."""
        self.more_body = True
        self.disconnected = False
        self.response_started = False
        self.response_complete = False
        self.task: asyncio.Task[None] | None = None
        """That of ``run``: a stopping server waits for it."""
        self._connection = connection
        self._is_told = False
        """Whether the application has had the end of the body."""
        self._bell: asyncio.Event | None = None
        self._head = b""
        """Held back, for the body to go with it."""
        self._missing_bytes: int | None = 0
        """What the body still has to come to; None where it goes out in chunks."""

    async def run(self, app: ASGIApp) -> None:
        """Have ``app`` answer. Where it does not, the client gets a 500, or the end of the connection."""
        try:
            await app(self.scope, self.receive, self.send)
        # a task that is cancelled owes its client an end as well
        except BaseException:
            log.exception("an application failed")
            self._make_up()
        else:
            if not self.is_over:
                log.error("an application has not completed its answer")
                self._make_up()
        finally:
            if self.task is not None:
                self._connection.tasks.discard(self.task)

    def _make_up(self) -> None:
        if self.is_over:
            return
        if self.response_started:
            self.release()
            self._connection.finish()
        else:
            self._begin(500, _FAILED_HEADERS)
            self._go_on(_FAILED, is_last=True)

    @property
    def is_over(self) -> bool:
        """Whether nothing can be answered any more."""
        return self.response_complete or self.disconnected

    def abandon(self) -> None:
        """Nobody waits for the answer any more, unless it is complete: let the application know."""
        if not self.response_complete:
            self.disconnected = True
            self.waiting_for_100_continue = False
            self.ring()

    def hand_over(self) -> None:
        """Somebody else goes on with the answer, and nobody takes the body; ``complete`` ends it."""
        self.release()
        self.response_started = True
        self.waiting_for_100_continue = False
        self.body = bytearray()

    def complete(self) -> None:
        """The last of the answer is written."""
        self.response_complete = True
        self.ring()

    # what comes in

    async def receive(self) -> Message:
        """ASGI's: the next of the body; ``http.disconnect`` once the cycle is over."""
        if self.waiting_for_100_continue and not self._connection.is_gone:
            self._connection.raw.write(b"HTTP/1.1 100 Continue\r\n\r\n")
            self.waiting_for_100_continue = False
        while not self.is_over:
            if not self._is_told and (self.body or not self.more_body):
                body, self.body = bytes(self.body), bytearray()
                self._is_told = not self.more_body
                return {"type": "http.request", "body": body, "more_body": self.more_body}
            self._connection.flow.resume_reading()
            if self._bell is None:
                self._bell = asyncio.Event()
            await self._bell.wait()
        return {"type": "http.disconnect"}

    def whole_body(self) -> bytes | None:
        """The body, once, where all of it is there: then nothing is left to ``receive``. None otherwise."""
        if self.more_body or self._is_told or self.waiting_for_100_continue or self.is_over:
            return None
        self._is_told = True
        body, self.body = bytes(self.body), bytearray()
        return body

    def ring(self) -> None:
        """Wake the application where it waits in ``receive``: there is news."""
        if self._bell is not None:
            self._bell.set()
            self._bell = None

    # what goes out

    async def send(self, message: Message) -> None:
        """ASGI's. Raises RuntimeError for what HTTP does not allow to be sent."""
        flow = self._connection.flow
        if flow.write_paused and not self.disconnected:
            await flow.drain()
        if self.disconnected:
            return
        kind = message["type"]
        if kind == "http.response.body" and self.response_started and not self.response_complete:
            self._go_on(message.get("body", b""), is_last=not message.get("more_body", False))
        elif kind == "http.response.start" and not self.response_started:
            self._begin(message["status"], message.get("headers", ()))
        else:
            raise RuntimeError(f"{kind} was sent out of turn")

    def answer(self, status: int, headers: Iterable[Header], body: bytes) -> None:
        """A whole answer, its Content-Length after ``headers``: ``send`` of two messages in one, without a wait.

        Raises what ``send`` does.
        """
        connection = self._connection
        head = before_length(status, (*connection.server_state.default_headers, *headers))
        if head is None or not self.keep_alive or self.scope["method"] == "HEAD" or len(body) > _JOINED_BYTES:
            self._begin(status, (*headers, (b"content-length", b"%d" % len(body))))
            self._go_on(body, is_last=True)
            return
        self.response_started = True
        self.waiting_for_100_continue = False
        whole = b"%b%d\r\n\r\n%b" % (head, len(body), body)
        # others are about to be answered as well, if there are other tasks than this one
        connection.edge.departures.send(connection.raw, whole, is_last=len(connection.tasks) <= 1)
        self._end()

    def release(self) -> None:
        """Send the head where it is held back."""
        if self._head:
            head, self._head = self._head, b""
            self._connection.raw.write(head)

    def _begin(self, status: int, headers: Iterable[Header]) -> None:
        connection = self._connection
        self._head, self._missing_bytes, self.keep_alive = rendered(
            status,
            (*connection.server_state.default_headers, *headers),
            has_body=self.scope["method"] != "HEAD",
            keep_alive=self.keep_alive,
        )
        self.response_started = True
        self.waiting_for_100_continue = False
        if self._missing_bytes is None:
            # a stream may have nothing to say for long; a body of known length is on its way
            connection.loop.call_soon(self.release)

    def _go_on(self, body: bytes, *, is_last: bool) -> None:
        if self._missing_bytes is None:
            body = _chunk(body, is_last=is_last)
        elif self.scope["method"] == "HEAD":
            body = b""
        else:
            self._missing_bytes -= len(body)
            if self._missing_bytes < 0 or (is_last and self._missing_bytes):
                raise RuntimeError("the body is not as long as its Content-Length")
        if self._head and len(body) <= _JOINED_BYTES:
            body, self._head = self._head + body, b""
        else:
            self.release()
        if body:
            self._connection.raw.write(body)
        if is_last:
            self._end()

    def _end(self) -> None:
        self.complete()
        if not self.keep_alive:
            self._connection.finish()
        self._connection.on_response_complete()


def _chunk(body: bytes, *, is_last: bool) -> bytes:
    chunk = b"%x\r\n%b\r\n" % (len(body), body) if body else b""
    return chunk + b"0\r\n\r\n" if is_last else chunk
