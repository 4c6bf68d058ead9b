"""Reading that can be held, and the end of a connection without a word."""

from __future__ import annotations

import asyncio
import os
import socket
import struct

from uvicorn.protocols.http.flow_control import FlowControl

from mock_server.hosting.departures import Outlet

_NO_LINGER = struct.pack("hh" if os.name == "nt" else "ii", 1, 0)


class Flow(FlowControl):
    """uvicorn's, whose applications resume reading when they want their body; not while we have more than enough."""

    is_held = False

    def resume_reading(self) -> None:
        # asked after every answer, and nearly always for nothing
        if self.read_paused and not self.is_held:
            super().resume_reading()


def break_off(transport: asyncio.Transport | Outlet) -> None:
    """End the connection by a TCP RST: below TLS, and without what is not on its way yet."""
    connection = transport.get_extra_info("socket")
    if connection is not None and not transport.is_closing():
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGER)
    transport.abort()
