"""``lipflap serve``: one process, one socket, one event loop."""

from __future__ import annotations

import asyncio
import gc
import logging
import signal
import socket
import sys
from typing import TYPE_CHECKING

from contracts.contract import load_contract
from mock_server.app import App, create_app
from mock_server.cli.announce import banner, machine_line
from mock_server.cli.options import Options
from mock_server.hosting.listener import address_of, listen
from mock_server.hosting.server import Server

if TYPE_CHECKING:
    from mock_server.tls import Certificate

_GC_THRESHOLDS = (50_000, 20, 100)
"""With the default thresholds one in a hundred submits waited 20 ms for a collection."""


def serve(options: Options) -> int:
    """Serve until told to stop; the exit code. Raises ConfigurationError for what cannot work."""
    settings = options.settings
    form = "%(levelname)s %(name)s: %(message)s"
    logging.basicConfig(stream=sys.stderr, level=settings.log_level.upper(), format=form)
    with listen(settings.host, settings.port) as listener:
        app = create_app(settings)
        certificate = _certificate(options)
        url = f"{'https' if certificate else 'http'}://{address_of(listener)}"

        def announce() -> None:
            _settle_memory()
            print(banner(settings, url, certificate), file=sys.stderr, flush=True)
            print(machine_line(url, certificate), flush=True)

        server = Server(app, announce, certificate)
        with asyncio.Runner(loop_factory=server.config.get_loop_factory()) as runner:
            runner.run(_serve(app, server, listener))
    _say_savings(app)
    return 0


def _say_savings(app: App) -> None:
    sentence = app.house.simulator.savings.sentence(lambda provider: load_contract(provider).prices)
    if sentence:
        print(sentence, file=sys.stderr, flush=True)


def _certificate(options: Options) -> Certificate | None:
    if not options.settings.tls:
        return None
    from mock_server.tls import make_certificate

    return make_certificate(options.tls_folder, options.settings.public_url)


async def _serve(app: App, server: Server, listener: socket.socket) -> None:
    # the store opens here, outside uvicorn: what it says when it cannot is for the person who typed its name
    async with app.running():
        for number in (signal.SIGINT, signal.SIGTERM):
            # uvicorn ends in good order on either, then raises it again: by then nothing is left to end
            signal.signal(number, lambda *_: None)
        await server.serve([listener])


def _settle_memory() -> None:
    """What start-up made stays for good: the collector need not look at it again, and may begin its work."""
    gc.freeze()
    gc.set_threshold(*_GC_THRESHOLDS)
    gc.enable()
