"""What an application sends leaves as HTTP has it and in as few writes as can be; what it is sent, it hears in turn."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from types import SimpleNamespace
from typing import TYPE_CHECKING

import httptools
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from mock_server.hosting.cycle import Cycle
from mock_server.hosting.departures import Departures

if TYPE_CHECKING:
    from starlette.types import Message, Receive, Scope, Send

App = Callable[["Scope", "Receive", "Send"], Awaitable[None]]
HEAD = b"HTTP/1.1 200 OK\r\ndate: now\r\ncontent-length: 4\r\n\r\n"
CHUNKED = b"HTTP/1.1 200 OK\r\ndate: now\r\ntransfer-encoding: chunked\r\n\r\n"


class Line:
    """A connection, as a cycle knows it. Remembers each write, and in ``ends`` what the cycle asked for."""

    def __init__(self) -> None:
        self.writes: list[bytes] = []
        self.tasks: set[object] = set()
        self.edge = SimpleNamespace(departures=Departures())
        self.ends: list[str] = []
        self.raw = SimpleNamespace(write=self.writes.append)
        self.server_state = SimpleNamespace(default_headers=[(b"date", b"now")])
        self.loop = asyncio.get_running_loop()
        self.is_gone = False
        self.flow = SimpleNamespace(
            write_paused=False, resume_reading=lambda: self.ends.append("read"), drain=self._drained
        )
        self.drained = asyncio.Event()

    def finish(self) -> None:
        self.ends.append("finish")

    def on_response_complete(self) -> None:
        self.ends.append("complete")

    async def _drained(self) -> None:
        await self.drained.wait()


def make_cycle(
    line: Line, method: str = "GET", *, keep_alive: bool = True, expects_100: bool = False
) -> Cycle:
    return Cycle(line, {"method": method}, keep_alive=keep_alive, expects_100=expects_100)  # type: ignore[arg-type]


def start(length: int | None = 4, status: int = 200) -> Message:
    headers = [] if length is None else [(b"content-length", b"%d" % length)]
    return {"type": "http.response.start", "status": status, "headers": headers}


def body(data: bytes = b"", *, more: bool = False) -> Message:
    return {"type": "http.response.body", "body": data, "more_body": more}


def answered(*messages: Message, method: str = "GET", keep_alive: bool = True) -> Line:
    """The line after an application has sent ``messages``, one behind the other, and nothing else has run."""

    async def run() -> Line:
        line = Line()
        cycle = make_cycle(line, method, keep_alive=keep_alive)

        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            for message in messages:
                await send(message)

        await cycle.run(app)
        return line

    return asyncio.run(run())


# writes


def test_head_and_body_are_one_write() -> None:
    line = answered(start(), body(b"body"))
    assert (line.writes, line.ends) == ([HEAD + b"body"], ["complete"])


def test_a_large_body_is_not_copied() -> None:
    large = bytes(65 * 1024)
    assert answered(start(len(large)), body(large)).writes[1] is large


def test_a_second_piece_of_body_does_not_wait() -> None:
    assert answered(start(), body(b"bo", more=True), body(b"dy")).writes == [HEAD + b"bo", b"dy"]


@pytest.mark.parametrize(("length", "seen"), [(None, [CHUNKED]), (4, [])])
def test_a_head_alone_waits_for_no_stream_but_for_a_body_of_known_length(
    length: int | None, seen: list[bytes]
) -> None:
    async def run() -> None:
        line = Line()
        await make_cycle(line).send(start(length))
        assert line.writes == []
        await asyncio.sleep(0)
        assert line.writes == seen

    asyncio.run(run())


def test_a_head_has_no_body_whatever_the_application_sends() -> None:
    line = answered(start(), body(b"body"), method="HEAD")
    assert (line.writes, line.ends) == ([HEAD], ["complete"])


def test_the_last_answer_ends_the_connection() -> None:
    line = answered(start(), body(b"body"), keep_alive=False)
    assert line.ends == ["finish", "complete"]
    assert b"\r\nconnection: close\r\n" in line.writes[0]


WHOLE = ((b"x-a", b"1"), (b"content-type", b"text/plain"))


@given(
    status=st.sampled_from([200, 204, 304, 429, 503]),
    headers=st.sampled_from([(), WHOLE, ((b"connection", b"close"),), ((b"transfer-encoding", b"chunked"),)]),
    data=st.binary(max_size=20) | st.just(bytes(65 * 1024)),
    method=st.sampled_from(["GET", "HEAD", "POST"]),
    keep_alive=st.booleans(),
)
def test_a_whole_answer_is_what_its_two_messages_would_be(
    status: int, headers: tuple[tuple[bytes, bytes], ...], data: bytes, method: str, keep_alive: bool
) -> None:
    assume(not data or status not in {204, 304})
    length = (b"content-length", b"%d" % len(data))
    apart = answered(
        {"type": "http.response.start", "status": status, "headers": [*headers, length]},
        body(data),
        method=method,
        keep_alive=keep_alive,
    )

    async def run() -> Line:
        line = Line()
        make_cycle(line, method, keep_alive=keep_alive).answer(status, headers, data)
        return line

    at_once = asyncio.run(run())
    assert b"".join(at_once.writes) == b"".join(apart.writes)
    assert at_once.ends == apart.ends


def test_a_body_that_is_there_is_had_without_waiting_and_only_once() -> None:
    async def run() -> None:
        cycle = make_cycle(Line(), "POST")
        cycle.body += b"bo"
        assert cycle.whole_body() is None, "more is to come"
        cycle.body += b"dy"
        cycle.more_body = False
        assert cycle.whole_body() == b"body"
        assert cycle.whole_body() is None
        cycle.disconnected = True
        assert await cycle.receive() == {"type": "http.disconnect"}

    asyncio.run(run())


@pytest.mark.parametrize("state", ["disconnected", "waiting_for_100_continue"])
def test_a_body_is_not_at_hand_where_something_has_to_be_said_or_nobody_is_there(state: str) -> None:
    async def run() -> None:
        cycle = make_cycle(Line(), "POST")
        cycle.more_body = False
        setattr(cycle, state, True)
        assert cycle.whole_body() is None

    asyncio.run(run())


class Reader:
    """Reads an answer with the parser of a client."""

    def __init__(self, answer: bytes) -> None:
        self.body = b""
        self.is_whole = False
        httptools.HttpResponseParser(self).feed_data(answer)

    def on_body(self, data: bytes) -> None:
        self.body += data

    def on_message_complete(self) -> None:
        self.is_whole = True


@given(st.lists(st.binary(max_size=20)), st.booleans())
def test_a_client_reads_the_pieces_that_were_sent(pieces: list[bytes], has_length: bool) -> None:
    whole = b"".join(pieces)
    sent = [body(piece, more=True) for piece in pieces]
    line = answered(start(len(whole) if has_length else None), *sent, body())
    reader = Reader(b"".join(line.writes))
    assert (reader.body, reader.is_whole) == (whole, True)


def test_who_does_not_read_is_waited_for() -> None:
    async def run() -> None:
        line = Line()
        line.flow.write_paused = True
        sending = asyncio.create_task(make_cycle(line).send(start(None)))
        await asyncio.sleep(0)
        assert not sending.done()
        line.drained.set()
        await sending

    asyncio.run(run())


# what an application does wrong


@pytest.mark.parametrize(
    "messages",
    [
        (),
        (body(b"body"),),
        ({"type": "nonsense"},),
        ({"type": "http.response.start", "status": 200, "headers": [(b"a", b"b\r\nc: d")]},),
    ],
)
def test_an_answer_that_never_began_is_a_500(messages: tuple[Message, ...]) -> None:
    line = answered(*messages)
    assert line.writes[0].startswith(b"HTTP/1.1 500 Internal Server Error\r\n")
    assert line.ends == ["finish", "complete"]


@pytest.mark.parametrize(
    "messages",
    [
        (start(),),
        (start(), start()),
        (start(), body(b"bod")),
        (start(), body(b"bodys")),
        (start(None), body(b"a", more=True)),
    ],
)
def test_an_answer_that_was_begun_ends_with_the_connection(messages: tuple[Message, ...]) -> None:
    line = answered(*messages)
    assert line.writes[0].startswith(b"HTTP/1.1 200 OK\r\n")
    assert line.ends == ["finish"]


def test_nothing_follows_an_answer_that_is_complete(caplog: pytest.LogCaptureFixture) -> None:
    line = answered(start(), body(b"body"), body(b"more"))
    assert (line.writes, line.ends) == ([HEAD + b"body"], ["complete"])
    assert "application failed" in caplog.text


def test_an_application_that_is_cancelled_still_answers() -> None:
    async def run() -> Line:
        line = Line()

        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            await asyncio.Event().wait()

        task = asyncio.create_task(make_cycle(line).run(app))
        await asyncio.sleep(0)
        task.cancel()
        await task
        return line

    assert asyncio.run(run()).writes[0].startswith(b"HTTP/1.1 500 ")


# what it hears


def heard(
    act: Callable[[Cycle], Awaitable[None]], *, expects_100: bool = False
) -> tuple[list[Message], Line]:
    """What an application hears that listens until nothing comes any more, while ``act`` goes on."""

    async def run() -> tuple[list[Message], Line]:
        line = Line()
        cycle = make_cycle(line, expects_100=expects_100)
        messages: list[Message] = []

        async def listen() -> None:
            while not messages or messages[-1]["type"] != "http.disconnect":
                messages.append(await cycle.receive())

        listening = asyncio.create_task(listen())
        await asyncio.sleep(0)
        await act(cycle)
        cycle.abandon()
        await listening
        return messages, line

    return asyncio.run(run())


def test_a_body_is_heard_piece_by_piece_and_then_the_end() -> None:
    async def act(cycle: Cycle) -> None:
        cycle.body += b"on"
        cycle.body += b"e"
        cycle.ring()
        await asyncio.sleep(0)
        cycle.body += b"two"
        cycle.more_body = False
        cycle.ring()
        await asyncio.sleep(0)

    messages, line = heard(act)
    assert messages == [
        {"type": "http.request", "body": b"one", "more_body": True},
        {"type": "http.request", "body": b"two", "more_body": False},
        {"type": "http.disconnect"},
    ]
    assert set(line.ends) == {"read"}


def test_whoever_is_gone_has_left_nothing_to_hear() -> None:
    async def act(cycle: Cycle) -> None:
        cycle.body += b"half"

    assert heard(act)[0] == [{"type": "http.disconnect"}]


def test_nothing_is_sent_to_whoever_is_gone() -> None:
    async def act(cycle: Cycle) -> None:
        cycle.abandon()
        await cycle.send(start())
        await cycle.send(body(b"body"))

    assert heard(act)[1].writes == []


def test_all_that_listen_hear_of_the_end() -> None:
    async def run() -> None:
        cycle = make_cycle(Line())
        listening = [asyncio.create_task(cycle.receive()) for _ in range(2)]
        await asyncio.sleep(0)
        cycle.abandon()
        assert await asyncio.gather(*listening) == [{"type": "http.disconnect"}] * 2

    asyncio.run(run())


def test_a_client_that_asks_first_is_told_to_go_on_when_its_body_is_wanted() -> None:
    async def act(cycle: Cycle) -> None:
        cycle.more_body = False

    assert heard(act, expects_100=True)[1].writes == [b"HTTP/1.1 100 Continue\r\n\r\n"]


def test_a_client_that_asks_first_and_is_refused_is_not_told_to_go_on() -> None:
    async def run() -> list[bytes]:
        line = Line()
        cycle = make_cycle(line, expects_100=True)
        await cycle.send(start())
        await cycle.send(body(b"body"))
        await cycle.receive()
        return line.writes

    assert asyncio.run(run()) == [HEAD + b"body"]


# handed over


def test_what_is_handed_over_is_complete_when_the_other_says_so() -> None:
    async def run() -> None:
        line = Line()
        cycle = make_cycle(line)
        cycle.body += b"unread"
        await cycle.send(start())
        cycle.hand_over()
        assert (line.writes, bytes(cycle.body), cycle.is_over) == ([HEAD], b"", False)
        cycle.complete()
        assert cycle.is_over
        assert line.ends == []

    asyncio.run(run())
