"""The listening socket: open, shut for a while so that the system refuses whoever connects, or closed for good."""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import logging
import socket
import ssl
import struct
import sys
from collections.abc import Callable

from mock_server.core.errors import ConfigurationError
from mock_server.hosting.listener import BACKLOG, listen_again
from mock_server.hosting.waits import Wait, Waits

log = logging.getLogger("mock_server.hosting")

HANDSHAKE_S = 10.0
"""How long TLS may take to begin; our own deadlines run from its end."""
FAREWELL_S = 1.0
"""How long a client may take to answer the end of TLS."""
_RETRY_S = 0.1
_ATTACH_FILTER = 26
"""Linux's ``SO_ATTACH_FILTER``, which the socket module has no name for."""
_TAKE_NOTHING = struct.pack("HBBI", 0x06, 0, 0, 0)
"""A program for the system's packet filter: no packet passes."""


class Entrance:
    """Accepts connections for ``make_protocol``. ``servers`` are those that listen now: none while it is shut.

    How long it is shut counts among ``waits``.
    """

    def __init__(
        self,
        make_protocol: Callable[[], asyncio.Protocol],
        context: ssl.SSLContext | None = None,
        waits: Waits | None = None,
    ) -> None:
        self._waits = waits or Waits()
        self._make_protocol = make_protocol
        self._context = context
        self._listener: socket.socket | None = None
        self._place: tuple[int, tuple[object, ...]] | None = None
        self._opens_at_s = 0.0
        self._opening: asyncio.Task[None] | None = None
        self._last_in: list[asyncio.Task[None]] = []
        self.servers: list[asyncio.Server] = []

    async def open(self, listener: socket.socket) -> None:
        """Accept on ``listener``, whose owner this is from now on."""
        is_tls = self._context is not None
        server = await asyncio.get_running_loop().create_server(
            self._make_protocol,
            sock=listener,
            ssl=self._context,
            backlog=BACKLOG,
            ssl_handshake_timeout=HANDSHAKE_S if is_tls else None,
            ssl_shutdown_timeout=FAREWELL_S if is_tls else None,
        )
        self._listener = listener
        self._place = listener.family, listener.getsockname()
        self.servers.append(server)

    def shut(self, for_s: float) -> None:
        """Stop listening for ``for_s`` seconds from now, or for longer where that was said before."""
        assert self._place is not None, "the entrance was open"
        loop = asyncio.get_running_loop()
        if self._listener is None:
            self._opens_at_s = max(self._opens_at_s, loop.time() + for_s)
        else:
            self._stop_listening()
            self._opens_at_s = loop.time() + for_s
        if self._opening is not None:
            self._opening.cancel()
        opening = self._open_again(self._opens_at_s - loop.time(), *self._place)
        self._opening = loop.create_task(opening, name="entrance")

    def close(self) -> None:
        """Stop listening for good. Whoever the system has let in already is let in."""
        if self._opening is not None:
            self._opening.cancel()
        if self._listener is None:
            return
        _let_nobody_in(self._listener)
        # with TLS nobody has asked for anything before the handshake
        waiting = [] if self._context else _waiting_at(self._listener)
        self._stop_listening()
        self._last_in = [asyncio.create_task(self._let_in(connection)) for connection in waiting]

    async def _let_in(self, connection: socket.socket) -> None:
        with contextlib.suppress(OSError):
            await asyncio.get_running_loop().connect_accepted_socket(self._make_protocol, connection)

    def _stop_listening(self) -> None:
        self._listener = None
        for server in self.servers:
            server.close()
        self.servers.clear()

    async def _open_again(self, after_s: float, family: int, address: tuple[object, ...]) -> None:
        await self._waits.hold(Wait(round(after_s * 1000)))
        while True:
            try:
                listener = listen_again(family, address)
            except ConfigurationError as fault:
                # somebody has taken the port meanwhile: a server that is back without its port is not back
                log.warning("%s; trying again", fault)
                await asyncio.sleep(_RETRY_S)
                continue
            await self.open(listener)
            return


def _let_nobody_in(listener: socket.socket) -> None:
    """Have the system ignore who connects from now on, where it can; who knocks again a second later is refused.

    Between our last look and the close it would let somebody in, and reset the connection.
    """
    if sys.platform != "linux":
        return
    program = ctypes.create_string_buffer(_TAKE_NOTHING)
    with contextlib.suppress(OSError):  # some containers forbid it
        listener.setsockopt(
            socket.SOL_SOCKET, _ATTACH_FILTER, struct.pack("HP", 1, ctypes.addressof(program))
        )


def _waiting_at(listener: socket.socket) -> list[socket.socket]:
    """Connections that are made and not yet taken."""
    waiting = []
    with contextlib.suppress(OSError):
        while True:
            connection, _ = listener.accept()
            connection.setblocking(False)
            waiting.append(connection)
    return waiting
