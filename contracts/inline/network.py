"""The network as a client in this process sees it: one server without a socket, and whatever else a fence leaves."""

from __future__ import annotations

import functools
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import TYPE_CHECKING, Protocol, TypeVar
from urllib.parse import urlsplit

from contracts.inline.acts import Host
from contracts.inline.connection import Connection
from contracts.inline.fence import LOOPBACK_NAMES, Fence
from contracts.lockstep.swap import Swaps

if TYPE_CHECKING:
    from contracts.lockstep.step import LockStep

T = TypeVar("T")
_URLLIB3 = "urllib3.util.connection"
LEAST_MS = 1
"""An exchange takes time: two requests never happen at the same moment."""


class NeedsSockets(BaseException):
    """The client connects by a socket of its own making: it can only be served by the system's."""


class Fate(Protocol):
    """Whether the client's end has come."""

    @property
    def end(self) -> BaseException | None:
        """What was raised when it came."""

    def check(self) -> None:
        """Raises it when it comes."""


class Network:
    """Connections of one client to ``host``. Its ``fate`` is asked at each answer, and after its end it gets none."""

    def __init__(self, host: Host, step: LockStep, fence: Fence, fate: Fate) -> None:
        self._host, self._step, self._fence, self._fate = host, step, fence, fate
        self._port = urlsplit(host.url).port
        self._open: set[Connection] = set()
        self._shut_until_ns = 0
        self._thread = threading.current_thread()
        self._need: NeedsSockets | None = None

    @contextmanager
    def replaced(self) -> Iterator[None]:
        """While the block runs, the client's threads connect here."""
        with Swaps() as swaps:
            swaps.put(socket, "create_connection", self._connects(socket.create_connection))
            urllib3 = sys.modules.get(_URLLIB3)
            if isinstance(urllib3, ModuleType):
                swaps.put(urllib3, "create_connection", self._connects(urllib3.create_connection))
            for name in ("connect", "connect_ex"):
                swaps.put(socket.socket, name, self._insists(getattr(socket.socket, name)))
            try:
                yield
            finally:
                # whoever swallows it, or makes a group of it, is told again
                if self._need is not None:
                    raise self._need

    def asked(self, ask: Callable[[], T]) -> T:
        """What the server says, on the machine's time."""
        if self._fate.end is not None:
            raise self._fate.end
        with self._step.on_real_time():
            answer = ask()
        if answer is not None:
            self._fate.check()
        return answer

    def wait(self, seconds: float | None) -> None:
        """Let so much virtual time pass; without end where nobody set a limit, which the story's own ends."""
        while seconds is None:
            self._step.sleep(3_600)
        self._step.sleep(seconds)

    def count_time(self) -> None:
        """A request has been sent. Another thread of the client may ask while time is moved on: that stands still."""
        if threading.current_thread() is self._thread:
            self._step.sleep(LEAST_MS / 1000)

    def refuse(self, for_ms: int, *, breaks_open: bool) -> None:
        """Let nobody connect for so long."""
        self._shut_until_ns = self._step.conductor.read_ns() + for_ms * 1_000_000
        if breaks_open:
            for connection in tuple(self._open):
                connection.break_off()

    def forget(self, connection: Connection) -> None:
        self._open.discard(connection)

    def _connects(self, real: Callable[..., socket.socket]) -> Callable[..., object]:
        @functools.wraps(real)
        def connect(
            address: tuple[str, int], timeout: object = None, *args: object, **options: object
        ) -> object:
            if not self._step.crew.is_governed:
                return real(address, timeout, *args, **options)
            name, port = address[0], address[1]
            if port == self._port and name in LOOPBACK_NAMES:
                return self._connected(address, timeout)
            self._fence.refuse(name, port)
            return real(address, timeout, *args, **options)

        return connect

    def _connected(self, address: tuple[str, int], timeout: object) -> Connection:
        if self._step.conductor.read_ns() < self._shut_until_ns:
            raise ConnectionRefusedError("Connection refused")
        limit = float(timeout) if isinstance(timeout, int | float) else socket.getdefaulttimeout()
        connection = Connection(self, self._host.connect(), address, limit)
        self._open.add(connection)
        return connection

    def _insists(self, real: Callable[..., object]) -> Callable[..., object]:
        """For what makes its own sockets, as event loops do."""

        @functools.wraps(real)
        def connect(made: socket.socket, address: object) -> object:
            is_ours = isinstance(address, tuple) and address[1:2] == (self._port,)
            if not (is_ours and self._step.crew.is_governed):
                return real(made, address)
            self._need = NeedsSockets()
            raise self._need

        return connect
