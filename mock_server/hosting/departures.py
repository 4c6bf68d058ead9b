"""Answers that leave together: a client that is woken once for several costs a busy server less than once for each."""

from __future__ import annotations

import asyncio


class Outlet:
    """The writing half of a transport, which may hold data back; whatever else is done to it comes after that data."""

    __slots__ = ("_held", "_transport", "get_extra_info", "is_closing")

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        self._held = b""
        self.is_closing = transport.is_closing
        self.get_extra_info = transport.get_extra_info

    @property
    def is_holding(self) -> bool:
        return bool(self._held)

    def hold(self, data: bytes) -> None:
        """Write ``data`` later: with ``flush``, or before anything else."""
        self._held += data

    def flush(self) -> None:
        """Write what is held back."""
        if self._held:
            held, self._held = self._held, b""
            if not self._transport.is_closing():
                self._transport.write(held)

    def write(self, data: bytes) -> None:
        self.flush()
        self._transport.write(data)

    def write_eof(self) -> None:
        """End the writing half, where the transport can: TLS cannot."""
        self.flush()
        if self._transport.can_write_eof():
            self._transport.write_eof()

    def close(self) -> None:
        self.flush()
        self._transport.close()

    def abort(self) -> None:
        self.flush()
        self._transport.abort()

    def get_write_buffer_size(self) -> int:
        return len(self._held) + self._transport.get_write_buffer_size()

    def set_write_buffer_limits(self, high: int | None = None) -> None:
        self._transport.set_write_buffer_limits(high)


class Departures:
    """The outlets of one server that hold something back. None does so for longer than a turn of the loop."""

    def __init__(self) -> None:
        self._waiting: list[Outlet] = []

    def send(self, outlet: Outlet, data: bytes, *, is_last: bool) -> None:
        """Write ``data`` with that of others at the end of this turn; the last is written at once, after theirs."""
        if is_last:
            self._leave()
            outlet.write(data)
            return
        if not self._waiting:
            asyncio.get_running_loop().call_soon(self._leave)
        self._waiting.append(outlet)
        outlet.hold(data)

    def _leave(self) -> None:
        waiting, self._waiting = self._waiting, []
        for outlet in waiting:
            outlet.flush()
