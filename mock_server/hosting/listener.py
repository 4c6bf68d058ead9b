"""Take the port before anything else starts, so that a taken one is our message and not a library's."""

from __future__ import annotations

import errno
import os
import socket

from mock_server.core.errors import ConfigurationError

BACKLOG = 2_048


def listen(host: str, port: int) -> socket.socket:
    """A listening socket on ``host``; port 0 takes a free one. Raises ConfigurationError."""
    family, address = _resolve(host, port)
    try:
        return _bound(family, address)
    except OSError as fault:
        raise ConfigurationError(_reason(host, port, fault)) from fault


def listen_again(family: int, address: tuple[object, ...]) -> socket.socket:
    """Listen where a socket did before: ``family`` and ``address`` are that socket's. Raises ConfigurationError."""
    try:
        return _bound(family, address)
    except OSError as fault:
        raise ConfigurationError(_reason(str(address[0]), address[1], fault)) from fault


def _bound(family: int, address: tuple[object, ...]) -> socket.socket:
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        if os.name == "posix":
            # a port whose last user has just gone is free; elsewhere the option would share a live one
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(BACKLOG)
    except OSError:
        listener.close()
        raise
    listener.setblocking(False)
    return listener


def _resolve(host: str, port: int) -> tuple[int, tuple[object, ...]]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except (OSError, UnicodeError) as fault:
        raise ConfigurationError(f"cannot listen on {host}: no such address") from fault
    family, _, _, _, address = found[0]
    return family, address


def _reason(host: str, port: object, fault: OSError) -> str:
    if fault.errno == errno.EADDRINUSE:
        return f"port {port} on {host} is taken; give another --port, or 0 for a free one"
    return f"cannot listen on {host} port {port}: {os.strerror(fault.errno or 0)}"


def address_of(listener: socket.socket) -> str:
    """``host:port`` as a client on this machine writes it."""
    host, port = listener.getsockname()[:2]
    # every interface: a client here takes the nearest
    if host in {"0.0.0.0", "::"}:  # noqa: S104
        host = "127.0.0.1" if host == "0.0.0.0" else "::1"  # noqa: S104
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
