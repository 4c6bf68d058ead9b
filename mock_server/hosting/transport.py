"""What is read from and written to: answers in one segment, reading that can be held, and the end without a word.

uvicorn writes head and body one after the other: that costs a second system call, and wakes a waiting client twice.
"""

from __future__ import annotations

import asyncio
import os
import socket
import struct
from collections.abc import Callable

from uvicorn.protocols.http.flow_control import FlowControl

_END_OF_HEAD = b"\r\n\r\n"
_JOINED_BYTES = 64 * 1024
"""Beyond this, joining head and body costs more than it saves."""
_NO_LINGER = struct.pack("hh" if os.name == "nt" else "ii", 1, 0)


class OneSegmentTransport:
    """A transport that holds back what ends like a head until something follows, or the loop comes round.

    It is closed by ``finish``, which knows whether the client is still sending.
    """

    def __init__(
        self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop, finish: Callable[[], None]
    ) -> None:
        self._transport = transport
        self._loop = loop
        self._finish = finish
        self._head = b""

    def write(self, data: bytes) -> None:
        if self._head and len(data) <= _JOINED_BYTES:
            head, self._head = self._head, b""
            self._transport.write(head + data)
        elif data.endswith(_END_OF_HEAD) and len(data) <= _JOINED_BYTES:
            self._head = data
            self._loop.call_soon(self.flush)
        else:
            self.flush()
            self._transport.write(data)

    def close(self) -> None:
        self.flush()
        self._finish()

    def flush(self) -> None:
        """Let go of what is held back."""
        if self._head:
            head, self._head = self._head, b""
            self._transport.write(head)

    def __getattr__(self, name: str) -> object:
        return getattr(self._transport, name)


class Flow(FlowControl):
    """uvicorn's, whose applications resume reading when they want their body; not while we have more than enough."""

    is_held = False

    def resume_reading(self) -> None:
        if not self.is_held:
            super().resume_reading()


def break_off(transport: asyncio.Transport) -> None:
    """End the connection by a TCP RST: below TLS, and without what is not on its way yet."""
    connection = transport.get_extra_info("socket")
    if connection is not None and not transport.is_closing():
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGER)
    transport.abort()
