"""The life of one connection: what it waits for, how it is refused, played upon, and ended."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import TYPE_CHECKING, cast

from uvicorn.protocols.utils import get_local_addr, get_remote_addr, is_ssl

from mock_server.core.wire import EXTENSION
from mock_server.hosting.cycle import Cycle
from mock_server.hosting.departures import Outlet
from mock_server.hosting.player import Player
from mock_server.hosting.refusal import Refusal
from mock_server.hosting.resumed import new_parser
from mock_server.hosting.transport import Flow, break_off
from mock_server.hosting.vigil import Phase, Sight, Vigil
from mock_server.hosting.watch import Welcome

if TYPE_CHECKING:
    from starlette.types import ASGIApp
    from uvicorn.server import ServerState

    from mock_server.hosting.edge import Edge

_PARTING = Phase.PARTING
_LAST_CALL_S = 0.1
"""How long an idle connection of a stopping server may still begin a request: one may be on its way."""


class Connection(asyncio.Protocol):
    """A socket under watch. ``stage`` is HEAD, BODY, IDLE or PARTING, as the client's bytes have it."""

    raw: Outlet
    flow: Flow

    def __init__(self, edge: Edge, app: ASGIApp, server_state: ServerState) -> None:
        self.app = app
        self.server_state = server_state
        self.tasks = server_state.tasks
        self.loop = asyncio.get_running_loop()
        self.parser = new_parser(self)
        self.edge = edge
        self.server: tuple[str, int | None] | None = None
        self.client: tuple[str, int] | None = None
        self.scheme = "http"
        self.address = ""
        self.vigil = Vigil(edge.limits)
        self.stage = Phase.IDLE
        self.player = Player(self)
        self.extensions = {EXTENSION: self.player}
        self.headers: list[tuple[bytes, bytes]] = []
        self.cycle: Cycle | None = None
        """The latest request. It waits for its turn where ``running`` is another, the one that is answered."""
        self.running: Cycle | None = None
        self.pipeline: deque[Cycle] = deque()
        """Those that wait, the latest on the left."""
        self.scripted: Cycle | None = None
        self.body_bytes = 0
        self.backlog = b""
        """Received, and not given to the parser: earlier requests have to be answered first."""
        self.is_deaf = False
        self.ends_with_answer = False
        self.resets_on_next_request = False
        self.resets_after_script = False
        self._last_words: Refusal | None = None

    # what uvicorn and the loop tell us

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        raw = cast(asyncio.Transport, transport)
        self.raw = Outlet(raw)
        self.flow = Flow(raw)
        # uvicorn asks each of these to shut down, and waits until it has gone
        self._open.add(self)
        self.server = get_local_addr(raw)
        self.client = get_remote_addr(raw)
        self.scheme = "https" if is_ssl(raw) else "http"
        self.address = self.client[0] if self.client else ""
        welcome = self.edge.watch.enter(self)
        if welcome is Welcome.CUT:
            self.reset()
        elif welcome is Welcome.REFUSED:
            limit = self.edge.limits.connections
            self._part(Refusal(503, f"{self.address} has {limit} connections open already"))
        elif self.edge.is_stopping:
            self.shutdown()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - whatever it was, the client has gone
        self.edge.watch.leave(self)
        self._open.discard(self)
        # a turn of the backlog may be on its way
        self.is_deaf = True
        self.backlog = b""
        if self.running is not None:
            self.running.abandon()
        self.player.interrupt()
        self.flow.resume_writing()

    def pause_writing(self) -> None:
        self.flow.pause_writing()

    def resume_writing(self) -> None:
        self.flow.resume_writing()

    @property
    def _open(self) -> set[asyncio.Protocol]:
        return cast(set[asyncio.Protocol], self.server_state.connections)

    def begin(self, cycle: Cycle) -> None:
        """Have the application answer, as soon as the loop comes round."""
        self.running = cycle
        cycle.task = self.loop.create_task(cycle.run(self.app))
        self.tasks.add(cycle.task)

    def on_response_complete(self) -> None:
        """Go on with the next request, if it has come already."""
        self.server_state.total_requests += 1
        if self.raw.is_closing() or self.stage is _PARTING:
            return
        if self.pipeline:
            self.begin(self.pipeline.pop())
        elif self._last_words is not None:
            self._part(self._last_words)
            return
        if not self.pipeline:
            if self.backlog:
                self.loop.call_soon(self.feed_backlog)
            else:
                self.flow.resume_reading()

    def feed_backlog(self) -> None:
        """Give the parser what was held back, as far as it may have it."""
        raise NotImplementedError

    def shutdown(self) -> None:
        """The server stops: what is asked already is answered, and the connection ends with it."""
        self.ends_with_answer = True
        self.player.interrupt()
        if self.stage is Phase.PARTING:
            self._leave()
        elif self.is_idle:
            self.loop.call_later(_LAST_CALL_S, self._close_if_idle)
        elif self.cycle is not None and self.stage is not Phase.HEAD:
            self.cycle.keep_alive = False

    def _close_if_idle(self) -> None:
        if self.is_idle:
            self.raw.close()

    # what the watch asks and does

    @property
    def is_idle(self) -> bool:
        return self.stage is Phase.IDLE and not self._is_answering

    @property
    def is_at_work(self) -> bool:
        """Whether we owe the client an answer, and neither a script's wait nor the client itself holds it up."""
        owes = (self._is_answering and not self.player.is_waiting) or self.raw.is_holding
        return owes and not self.flow.write_paused

    @property
    def is_gone(self) -> bool:
        return self.raw.is_closing()

    @property
    def _is_answering(self) -> bool:
        return self.running is not None and not self.running.is_over

    def sight(self) -> Sight:
        unsent_bytes = self.raw.get_write_buffer_size()
        return Sight(self._phase(unsent_bytes), self.headers, self.body_bytes, unsent_bytes)

    def _phase(self, unsent_bytes: int) -> Phase:
        if self.stage is Phase.PARTING:
            return Phase.PARTING
        if self.raw.is_closing():
            return Phase.OURS
        if self.stage is not Phase.IDLE:
            # while we do not read, it is not the client who is late
            return Phase.OURS if self.flow.read_paused else self.stage
        if self._is_answering or unsent_bytes:
            return Phase.OURS
        return Phase.FIRST_BYTE if self.cycle is None else Phase.IDLE

    def time_out(self) -> None:
        """The client has not sent in time what it owes: 408 where it waits for an answer, else good-bye."""
        match self.stage:
            case Phase.HEAD:
                self.refuse(
                    Refusal(408, f"the head of the request took longer than {self.edge.limits.head_s:g} s")
                )
            case Phase.BODY:
                self.refuse(Refusal(408, "the body of the request came too slowly"))
            case Phase.PARTING:
                self._leave()
            case _:
                self.raw.close()

    def _leave(self) -> None:
        """The last is said: close, without waiting for a client that takes nothing."""
        if self.raw.is_closing() or self.raw.get_write_buffer_size():
            self.reset()
        else:
            self.raw.close()

    def reset(self) -> None:
        """End the connection at once by a RST: neither we nor the system keep what the client does not take."""
        self.is_deaf = True
        break_off(self.raw)

    # how it is refused

    def refuse(self, refusal: Refusal) -> None:
        """Answer what is being received with ``refusal``, in its turn, and nothing after it."""
        if self.raw.is_closing():
            return
        cycle = self.cycle
        if self.stage is Phase.BODY and cycle is not None:
            if cycle is not self.running:
                self.pipeline.popleft()
            else:
                cycle.abandon()
                if cycle.response_started:
                    self._part(None)
                    return
        self.is_deaf = True
        if self._is_answering:
            self._last_words = refusal
            self.stage = Phase.IDLE
        else:
            self._part(refusal)

    def _part(self, refusal: Refusal | None) -> None:
        """Say the last, then only listen: a client that is still sending would be reset before it reads it."""
        self.is_deaf = True
        self.stage = Phase.PARTING
        self.pipeline.clear()
        self.backlog = b""
        if self.running is not None:
            self.running.release()
        if refusal is not None:
            self.raw.write(refusal.rendered(self.server_state.default_headers))
        self.flow.is_held = False
        self.flow.resume_reading()
        self.raw.write_eof()

    # how it is played upon

    def begin_script(self) -> Cycle:
        """Take the answer to the request at hand out of the application's hands."""
        cycle = self.running
        assert cycle is not None, "an application runs because of a request"
        cycle.hand_over()
        self.scripted = cycle
        if not self.pipeline:
            self.flow.resume_reading()
        # the loop tells us when less than this is unsent: so "nothing" is told as well
        self.raw.set_write_buffer_limits(high=0)
        return cycle

    async def put(self, data: bytes) -> None:
        """Write ``data`` and see it off, or the client go."""
        self.raw.write(data)
        while self.raw.get_write_buffer_size() and not self.is_gone:
            await (self.flow.drain() if self.flow.write_paused else asyncio.sleep(0))

    def finish(self) -> None:
        """End the connection in good order; a client that is still sending is heard out, for it to read the answer."""
        if self.is_gone:
            return
        if self.stage is Phase.IDLE and not (self.pipeline or self.backlog):
            self.raw.close()
        else:
            self._part(None)

    def reset_when_asked_again(self) -> None:
        """Break the connection off with the next request, which may have begun."""
        if self.stage is Phase.HEAD or self.pipeline or self.backlog:
            self.reset()
        else:
            self.resets_on_next_request = True

    def end_script(self, cycle: Cycle) -> None:
        """The answer counts as complete, whatever was written."""
        self.scripted = None
        cycle.complete()
        if self.is_gone:
            return
        self.raw.set_write_buffer_limits()
        if self.resets_after_script:
            self.reset()
        elif not cycle.keep_alive and self.stage is not Phase.PARTING:
            self.finish()
        self.on_response_complete()
