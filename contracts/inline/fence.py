"""Offline: for a client in this process there is this machine and nothing else, and it is noted where else it went."""

from __future__ import annotations

import functools
import socket
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from ipaddress import ip_address

from contracts.lockstep.crew import Crew
from contracts.lockstep.swap import Swaps

LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})
_ECONNREFUSED = 111


class Fence:
    """Names that are no loopback have no address, and addresses elsewhere refuse. ``tried`` are these, in order."""

    def __init__(self, crew: Crew) -> None:
        self._crew = crew
        self._tried: dict[str, None] = {}

    @property
    def tried(self) -> tuple[str, ...]:
        """As ``address:port``, each once."""
        return tuple(self._tried)

    @contextmanager
    def closed(self) -> Iterator[None]:
        """While the block runs, the client's threads stay within."""
        with Swaps() as swaps:
            swaps.put(socket, "getaddrinfo", self._finds(socket.getaddrinfo))
            for name in ("connect", "connect_ex"):
                swaps.put(socket.socket, name, self._connects(getattr(socket.socket, name)))
            yield

    def refuse(self, name: str, port: object) -> None:
        """Raises ConnectionRefusedError for what lies elsewhere."""
        if not is_loopback(name):
            self._tried[f"{name}:{port}"] = None
            raise ConnectionRefusedError(
                _ECONNREFUSED, f"nobody listens at {name}:{port}: there is no network here"
            )

    def _connects(self, real: Callable[..., object]) -> Callable[..., object]:
        @functools.wraps(real)
        def connect(made: socket.socket, address: object) -> object:
            if isinstance(address, tuple) and self._crew.is_governed:
                self.refuse(str(address[0]), address[1])
            return real(made, address)

        return connect

    def _finds(self, real: Callable[..., Sequence[object]]) -> Callable[..., Sequence[object]]:
        @functools.wraps(real)
        def find(host: object, port: object, *args: object, **options: object) -> Sequence[object]:
            name = host.decode() if isinstance(host, bytes) else host
            if self._crew.is_governed and isinstance(name, str) and not _is_known(name):
                raise socket.gaierror(socket.EAI_NONAME, f"{name}: there is no network here")
            return real(host, port, *args, **options)

        return find


def _is_known(name: str) -> bool:
    """Whether the name is an address, or this machine's."""
    if name in LOOPBACK_NAMES or not name:
        return True
    try:
        ip_address(name)
    except ValueError:
        return False
    return True


def is_loopback(name: str) -> bool:
    """Whether the name or address is this machine's own."""
    return name == "localhost" or (_is_known(name) and bool(name) and ip_address(name).is_loopback)
