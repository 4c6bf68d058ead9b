"""Where a client listens: of a process that is killed the system takes its ports back, of a function nobody does."""

from __future__ import annotations

import functools
import os
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import NamedTuple

from contracts.lockstep.crew import Crew
from contracts.lockstep.swap import Swaps


class _Held(NamedTuple):
    """A descriptor that these threads may still wait at."""

    descriptor: int
    threads: frozenset[threading.Thread]


class Ports:
    """Those that the client's threads have begun to listen at, life by life."""

    def __init__(self) -> None:
        self._open: list[socket.socket] = []
        self._held: list[_Held] = []

    @contextmanager
    def watched(self, crew: Crew) -> Iterator[None]:
        """For the time of a life."""
        self._open.clear()
        with Swaps() as swaps:
            swaps.put(socket.socket, "listen", self._noted(crew, socket.socket.listen))
            yield

    def take_back(self, crew: Crew) -> None:
        """Whoever comes next may listen there. What the client has closed itself is closed already."""
        for one in self._open:
            if one.fileno() != -1:
                with suppress(OSError):  # not every system knows it of a socket that listens
                    # a thread that waits for callers would keep it open beyond its close
                    one.shutdown(socket.SHUT_RDWR)
                self._held.append(_Held(_muted(one.detach()), crew.others))
        for held in tuple(self._held):
            if not any(thread.is_alive() for thread in held.threads):
                self._held.remove(held)
                os.close(held.descriptor)

    def _noted(self, crew: Crew, listen: Callable[..., None]) -> Callable[..., None]:
        @functools.wraps(listen)
        def listening(listener: socket.socket, *backlog: int) -> None:
            listen(listener, *backlog)
            if crew.is_governed:
                self._open.append(listener)

        return listening


def _muted(descriptor: int) -> int:
    """The descriptor, at which nobody ever calls: a thread left behind looks there for ever, and must find nothing."""
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        nobody.listen()
        os.dup2(nobody.fileno(), descriptor)
    return descriptor
