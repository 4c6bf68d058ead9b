"""Play a wire script on one connection, in place of the answer that uvicorn would write."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mock_server.core.wire import (
    Act,
    Close,
    Headers,
    Pause,
    RefuseConnections,
    Reset,
    ResetOnNextRequest,
    Script,
    Send,
    Stall,
)
from mock_server.hosting.waits import Wait

if TYPE_CHECKING:
    from mock_server.hosting.connection import Connection


class Player:
    """What the application finds in its scope under ``lipflap.wire``. One per connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._waiting: Wait | None = None
        self._is_interrupted = False

    async def play(self, script: Script) -> None:
        """Play ``script`` as the answer to the request at hand; afterwards the application sends nothing more.

        It ends early where the client goes. When the server stops, waits within it end at once.
        """
        connection = self._connection
        self._is_interrupted = connection.edge.is_stopping
        cycle = connection.begin_script()
        try:
            for act in script:
                if connection.is_gone or not await self._perform(act):
                    break
        finally:
            connection.end_script(cycle)

    def whole_body(self) -> bytes | None:
        """The body of the request at hand, if all of it has come and nobody has taken it."""
        cycle = self._connection.running
        return None if cycle is None else cycle.whole_body()

    def answer(self, status: int, headers: Headers, body: bytes) -> bool:
        """Answer the request at hand. Where the client is slow to take what it has, nothing is sent: False."""
        connection = self._connection
        cycle = connection.running
        if cycle is None or cycle.disconnected or connection.flow.write_paused:
            return False
        cycle.answer(status, headers, body)
        return True

    def interrupt(self) -> None:
        """End the waits of a script that is being played."""
        self._is_interrupted = True
        if self._waiting is not None:
            self._waiting.end()

    @property
    def is_waiting(self) -> bool:
        """Whether a script has come to a wait, so that only time brings it on."""
        return self._waiting is not None

    async def _perform(self, act: Act) -> bool:
        """Whether the script goes on."""
        connection = self._connection
        match act:
            case Send(data=data):
                await connection.put(data)
            case Pause(wait_ms=wait_ms):
                await self._wait(wait_ms)
            case Stall(limit_ms=limit_ms):
                await self._wait(limit_ms)
            case RefuseConnections(for_ms=for_ms, resets_open=resets_open):
                connection.edge.refuse_connections(for_ms / 1000)
                if resets_open:
                    connection.edge.reset_others(connection)
                    connection.resets_after_script = True
            case Close():
                connection.finish()
                return False
            case Reset():
                connection.reset()
                return False
            case ResetOnNextRequest():
                connection.reset_when_asked_again()
                return False
        return True

    async def _wait(self, wait_ms: int) -> None:
        if self._is_interrupted:
            return
        self._waiting = Wait(wait_ms)
        try:
            await self._connection.edge.waits.hold(self._waiting)
        finally:
            self._waiting = None
