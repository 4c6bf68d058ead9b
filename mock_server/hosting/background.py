"""A server in a thread of this process: for the demo, and for tests in any framework."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from types import TracebackType
from typing import TYPE_CHECKING, Self, TypeVar

from mock_server.app import App, create_app
from mock_server.hosting.listener import address_of, listen
from mock_server.hosting.server import Server
from mock_server.hosting.tempo import Tempo
from mock_server.settings import Settings

if TYPE_CHECKING:
    from mock_server.tls import Certificate

T = TypeVar("T")


class BackgroundServer:
    """``with BackgroundServer(Settings(port=0)) as server:`` serves at ``server.url`` until the block ends.

    With a ``certificate`` it speaks TLS. Raises ConfigurationError on entry for what cannot work.
    """

    def __init__(self, settings: Settings, certificate: Certificate | None = None) -> None:
        self._settings = settings
        self._certificate = certificate
        self._ready = threading.Event()
        self._fault: BaseException | None = None
        self._thread: threading.Thread | None = None
        self._server: Server | None = None
        self._app: App | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self.url = ""

    def __enter__(self) -> Self:
        listener = listen(self._settings.host, self._settings.port)
        try:
            app = create_app(self._settings)
        except BaseException:
            listener.close()
            raise
        self.url = f"{'https' if self._certificate else 'http'}://{address_of(listener)}"
        self._app = app
        self._server = server = Server(app, self._ready.set, self._certificate)

        async def work() -> None:
            self._loop = asyncio.get_running_loop()
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

    @property
    def app(self) -> App:
        """What it serves. Only its own thread may call it: see ``submit``."""
        assert self._app is not None, "the block was entered"
        return self._app

    @property
    def tempo(self) -> Tempo:
        assert self._server is not None, "the block was entered"
        return self._server.tempo

    def submit(self, coroutine: Coroutine[object, object, T]) -> Future[T]:
        """Run ``coroutine`` in the server's own loop."""
        assert self._loop is not None, "the block was entered"
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop)

    def _run(self, work: Callable[[], Coroutine[object, object, None]]) -> None:
        assert self._server is not None, "made before the thread"
        try:
            with asyncio.Runner(loop_factory=self._server.config.get_loop_factory()) as runner:
                runner.run(work())
        except BaseException as fault:  # noqa: BLE001 - raised again in the thread that waits for us
            self._fault = fault
        finally:
            self._ready.set()
