"""uvicorn as we run it: fast parts, an edge of our own, no log of its own, and a word when it really listens."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from typing import TYPE_CHECKING

import uvicorn

from mock_server.app import App
from mock_server.hosting.edge import Edge
from mock_server.hosting.entrance import Entrance
from mock_server.hosting.listener import BACKLOG
from mock_server.hosting.protocol import EdgeProtocol
from mock_server.hosting.tempo import Tempo

if TYPE_CHECKING:
    from mock_server.tls import Certificate

GRACE_S = 4
"""How long open requests may take to end once the server is told to stop."""
PATIENCE_S = 3.5
"""After so long whoever still sends or reads is broken off, so that nothing of ours has to be."""


class Server(uvicorn.Server):
    """Serves ``app``, whose own time of running is the caller's business.

    ``on_ready`` is called once connections are accepted. Open streams are told to end before anything is waited for.
    """

    def __init__(
        self, app: App, on_ready: Callable[[], None], certificate: Certificate | None = None
    ) -> None:
        super().__init__(_config(app, certificate))
        self._app = app
        self._on_ready = on_ready
        self._closing = app.house.closing
        self._edge = Edge(app.house.simulator.settings)
        self.tempo = Tempo(app.house, self._edge)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Accept on ``sockets``, of which there is one. uvicorn would keep its own list, which cannot be shut."""
        assert sockets is not None, "the caller has taken the port"
        await self.lifespan.startup()
        entrance = self._edge.entrance = Entrance(self._connection, self.config.ssl, self._edge.waits)
        self.servers = entrance.servers
        for listener in sockets:
            await entrance.open(listener)
        self._edge.watch.begin()
        self.started = True
        self._on_ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        edge = self._edge
        assert edge.entrance is not None, "the server was started"
        edge.is_stopping = True
        self._closing.set()
        edge.entrance.close()
        last = asyncio.get_running_loop().call_later(PATIENCE_S, edge.watch.reset_all)
        await super().shutdown(sockets)
        last.cancel()
        edge.watch.end()

    def _connection(self) -> asyncio.Protocol:
        return EdgeProtocol(self._edge, self._app, self.server_state)


def _config(app: App, certificate: Certificate | None) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        loop="uvloop",
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
