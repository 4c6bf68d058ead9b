"""A server in a thread of this process: for the demo, and for tests in any framework."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine
from types import TracebackType
from typing import Self

from mock_server.app import create_app
from mock_server.hosting.listener import address_of, listen
from mock_server.hosting.server import Server
from mock_server.settings import Settings


class BackgroundServer:
    """``with BackgroundServer(Settings(port=0)) as server:`` serves at ``server.url`` until the block ends.

    Raises ConfigurationError on entry for what cannot work.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._ready = threading.Event()
        self._fault: BaseException | None = None
        self._thread: threading.Thread | None = None
        self._server: Server | None = None
        self.url = ""

    def __enter__(self) -> Self:
        listener = listen(self._settings.host, self._settings.port)
        try:
            app = create_app(self._settings)
        except BaseException:
            listener.close()
            raise
        self.url = f"http://{address_of(listener)}"
        self._server = server = Server(app, self._ready.set)

        async def work() -> None:
            async with app.running():
                await server.serve([listener])

        self._thread = threading.Thread(target=self._run, args=(work,), name="lipflap", daemon=True)
        self._thread.start()
        self._ready.wait()
        if self._fault is not None:
            self._thread.join()
            listener.close()
            raise self._fault
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._server is not None, "the block was entered"
        assert self._thread is not None, "the block was entered"
        self._server.should_exit = True
        self._thread.join()

    def _run(self, work: Callable[[], Coroutine[object, object, None]]) -> None:
        assert self._server is not None, "made before the thread"
        try:
            with asyncio.Runner(loop_factory=self._server.config.get_loop_factory()) as runner:
                runner.run(work())
        except BaseException as fault:  # noqa: BLE001 - raised again in the thread that waits for us
            self._fault = fault
        finally:
            self._ready.set()
