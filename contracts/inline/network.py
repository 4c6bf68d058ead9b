"""The network as a client in this process sees it: one server without a socket, and of all other hosts only loopback.

Names that are no loopback have no address, and addresses elsewhere refuse: a story is told offline.
"""

from __future__ import annotations

import functools
import socket
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from ipaddress import ip_address
from types import ModuleType
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import urlsplit

from contracts.inline.acts import Host
from contracts.inline.connection import Connection
from contracts.lockstep.swap import Swaps

if TYPE_CHECKING:
    from contracts.lockstep.step import LockStep

T = TypeVar("T")
_LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})
_URLLIB3 = "urllib3.util.connection"
LEAST_MS = 1
"""An exchange takes time: two requests never happen at the same moment."""


class NeedsSockets(BaseException):
    """The client connects by a socket of its own making: it can only be served by the system's."""


class Network:
    """Connections of one client to ``host``. ``on_answer`` is called whenever the server has answered a request.

    What it raises is the client's end: nothing is answered from then on, and it is raised again.
    """

    def __init__(self, host: Host, step: LockStep, on_answer: Callable[[], None]) -> None:
        self._host, self._step, self._on_answer = host, step, on_answer
        self._port = urlsplit(host.url).port
        self._open: set[Connection] = set()
        self._shut_until_ns = 0
        self._thread = threading.current_thread()
        self._end: BaseException | None = None

    @contextmanager
    def replaced(self) -> Iterator[None]:
        """While the block runs, the client's threads connect here."""
        with Swaps() as swaps:
            real_connect, real_find = socket.create_connection, socket.getaddrinfo
            swaps.put(socket, "create_connection", self._connects(real_connect))
            swaps.put(socket, "getaddrinfo", self._finds(real_find))
            urllib3 = sys.modules.get(_URLLIB3)
            if isinstance(urllib3, ModuleType):
                swaps.put(urllib3, "create_connection", self._connects(urllib3.create_connection))
            for name in ("connect", "connect_ex"):
                swaps.put(socket.socket, name, self._insists(getattr(socket.socket, name)))
            try:
                yield
            finally:
                # whoever swallows it, or makes a group of it, is told again
                if isinstance(self._end, NeedsSockets):
                    raise self._end

    def asked(self, ask: Callable[[], T]) -> T:
        """What the server says, on the machine's time."""
        if self._end is not None:
            raise self._end
        with self._step.on_real_time():
            answer = ask()
        if answer is not None:
            try:
                self._on_answer()
            except BaseException as end:
                self._end = end
                raise
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
            if port == self._port and name in _LOOPBACK_NAMES:
                return self._connected(address, timeout)
            if _is_loopback(name):
                return real(address, timeout, *args, **options)
            raise ConnectionRefusedError(f"nobody listens at {name}:{port}: there is no network here")

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
            self._end = NeedsSockets()
            raise self._end

        return connect

    def _finds(self, real: Callable[..., Sequence[object]]) -> Callable[..., Sequence[object]]:
        @functools.wraps(real)
        def find(host: object, port: object, *args: object, **options: object) -> Sequence[object]:
            name = host.decode() if isinstance(host, bytes) else host
            if self._step.crew.is_governed and isinstance(name, str) and not _is_known(name):
                raise socket.gaierror(socket.EAI_NONAME, f"{name}: there is no network here")
            return real(host, port, *args, **options)

        return find


def _is_known(name: str) -> bool:
    """Whether the name is an address, or this machine's."""
    if name in _LOOPBACK_NAMES or not name:
        return True
    try:
        ip_address(name)
    except ValueError:
        return False
    return True


def _is_loopback(name: str) -> bool:
    return name == "localhost" or (_is_known(name) and bool(name) and ip_address(name).is_loopback)
