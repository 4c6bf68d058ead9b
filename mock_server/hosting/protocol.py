"""uvicorn's HTTP protocol, but an answer's head waits for the first of its body, and both leave at once.

uvicorn writes them one after the other: that costs a second system call, and wakes a waiting client twice.
"""

from __future__ import annotations

import asyncio
from typing import cast

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

_END_OF_HEAD = b"\r\n\r\n"


class OneSegmentTransport:
    """A transport that holds back what ends like a head until something follows, or the loop comes round."""

    def __init__(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        self._transport = transport
        self._loop = loop
        self._head = b""

    def write(self, data: bytes) -> None:
        if self._head:
            head, self._head = self._head, b""
            self._transport.write(head + data)
        elif data.endswith(_END_OF_HEAD):
            self._head = data
            self._loop.call_soon(self._flush)
        else:
            self._transport.write(data)

    def close(self) -> None:
        self._flush()
        self._transport.close()

    def __getattr__(self, name: str) -> object:
        return getattr(self._transport, name)

    def _flush(self) -> None:
        if self._head:
            head, self._head = self._head, b""
            self._transport.write(head)


class OneSegmentProtocol(HttpToolsProtocol):
    """Hands its cycles a ``OneSegmentTransport``; everything else is uvicorn's."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        held = OneSegmentTransport(transport, self.loop)
        super().connection_made(cast(asyncio.Transport, held))
