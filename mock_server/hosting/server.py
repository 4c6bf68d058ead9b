"""uvicorn as we run it: fast parts, no log of its own, and a word when it really listens."""

from __future__ import annotations

import socket
from collections.abc import Callable
from typing import TYPE_CHECKING

import uvicorn

from mock_server.app import App
from mock_server.hosting.listener import BACKLOG
from mock_server.hosting.protocol import OneSegmentProtocol

if TYPE_CHECKING:
    from mock_server.tls import Certificate

GRACE_S = 5
"""How long open requests may take to end once the server is told to stop."""


class Server(uvicorn.Server):
    """Serves ``app``, whose own time of running is the caller's business.

    ``on_ready`` is called once connections are accepted. Open streams are told to end before anything is waited for.
    """

    def __init__(
        self, app: App, on_ready: Callable[[], None], certificate: Certificate | None = None
    ) -> None:
        super().__init__(_config(app, certificate))
        self._on_ready = on_ready
        self._closing = app.house.closing

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._on_ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._closing.set()
        await super().shutdown(sockets)


def _config(app: App, certificate: Certificate | None) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        loop="uvloop",
        http=OneSegmentProtocol,
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        backlog=BACKLOG,
        timeout_graceful_shutdown=GRACE_S,
        ssl_certfile=certificate.server_file if certificate else None,
    )
