"""Blocking reads from the server: as long as an answer is on its way really, and up to their timeout virtually."""

from __future__ import annotations

import functools
import socket
import ssl
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from contracts.lockstep import real
from contracts.lockstep.swap import Swaps

if TYPE_CHECKING:
    from contracts.lockstep.step import LockStep

T = TypeVar("T")


def replace(step: LockStep, swaps: Swaps) -> None:
    """Replace what reads from a socket, plain or TLS, where the peer is the server. What is sent is noted for loops."""
    for owner, name in ((socket.socket, "recv"), (socket.socket, "recv_into"), (ssl.SSLSocket, "read")):
        swaps.put(owner, name, _reads(step, getattr(owner, name)))
    for name in ("send", "sendmsg"):
        if hasattr(socket.socket, name):
            swaps.put(socket.socket, name, _sends(step, getattr(socket.socket, name)))


def _sends(step: LockStep, send: Callable[..., T]) -> Callable[..., T]:
    @functools.wraps(send)
    def sending(connection: socket.socket, *args: object, **options: object) -> T:
        step.crew.note_sending()
        return send(connection, *args, **options)

    return sending


def _reads(step: LockStep, read: Callable[..., T]) -> Callable[..., T]:
    @functools.wraps(read)
    def reading(connection: socket.socket, *args: object, **options: object) -> T:
        timeout = connection.gettimeout()
        if timeout == 0 or not step.governs() or not step.side.owns(_peer(connection)):
            return read(connection, *args, **options)
        return _waited(step, connection, timeout, lambda: read(connection, *args, **options))

    return reading


def _waited(step: LockStep, connection: socket.socket, timeout: float | None, read: Callable[[], T]) -> T:
    conductor, descriptor = step.conductor, connection.fileno()
    with conductor.waiting(timeout, _nothing, lambda: real.is_readable(descriptor, 0)) as wait:
        is_readable = _has_bytes(connection) or real.is_readable(descriptor, real.FIRST_LOOK_S)
        for slice_s in real.slices():
            if is_readable:
                wait.is_awake = True
                try:
                    return _at_once(connection, timeout, read)
                except (BlockingIOError, ssl.SSLWantReadError):
                    wait.is_awake = False  # part of a TLS record, or none of the application's
            if conductor.is_over(wait):
                raise TimeoutError("timed out")
            conductor.step()
            is_readable = real.is_readable(descriptor, 0 if conductor.is_over(wait) else slice_s)
    raise AssertionError("slices have no end")


def _at_once(connection: socket.socket, timeout: float | None, read: Callable[[], T]) -> T:
    """The read, which does not wait."""
    connection.settimeout(0)
    try:
        return read()
    finally:
        connection.settimeout(timeout)


def _has_bytes(connection: socket.socket) -> bool:
    return isinstance(connection, ssl.SSLSocket) and connection.pending() > 0


def _peer(connection: socket.socket) -> object:
    try:
        return connection.getpeername()
    except OSError:
        return None


def _nothing() -> None:
    """A read looks by itself."""
