"""A connection that no system knows, in the place of a socket: what clients of the standard library's kind call."""

from __future__ import annotations

import io
import socket
from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING, Self

from contracts.inline.acts import Act, Break, End, Hold, Refuse, Send, Talk

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer, WriteableBuffer

    from contracts.inline.network import Network

_RESET = "Connection reset by peer"


class Connection:
    """The client's end. A read waits on the virtual clock for what the server holds back, up to its timeout."""

    family = socket.AF_INET
    type = socket.SOCK_STREAM
    proto = 0

    def __init__(self, network: Network, talk: Talk, address: tuple[str, int], timeout: float | None) -> None:
        self._network, self._talk, self._address = network, talk, address
        self._timeout = timeout
        self._come = bytearray()
        self._acts: deque[Act] = deque()
        self._held_ms = 0.0
        self._is_ended = self._is_broken = self._breaks_on_next = self._is_closed = False
        self._stand_in: tuple[socket.socket, socket.socket] | None = None

    def send(self, data: ReadableBuffer, flags: int = 0) -> int:  # noqa: ARG002 - a socket's own form
        """All of it, at once."""
        taken = bytes(data)
        if self._is_broken or self._breaks_on_next:
            self.break_off()
            raise ConnectionResetError(_RESET)
        if self._is_ended or self._is_closed:
            raise BrokenPipeError("Broken pipe")
        self._network.count_time()
        self._talk.feed(taken)
        return len(taken)

    def sendall(self, data: ReadableBuffer, flags: int = 0) -> None:
        self.send(data, flags)

    def recv(self, size: int, flags: int = 0) -> bytes:  # noqa: ARG002
        """What has come, at most ``size`` bytes; nothing where the server has ended. Raises TimeoutError."""
        left_s = self._timeout
        while not self._come:
            if self._is_broken:
                raise ConnectionResetError(_RESET)
            if self._is_ended or self._is_closed:
                return b""
            left_s = self._wait_for_more(left_s)
        found = bytes(self._come[:size])
        del self._come[:size]
        return found

    def recv_into(self, buffer: WriteableBuffer, nbytes: int = 0, flags: int = 0) -> int:
        view = memoryview(buffer).cast("B")
        found = self.recv(nbytes or len(view), flags)
        view[: len(found)] = found
        return len(found)

    def _wait_for_more(self, left_s: float | None) -> float | None:
        """Do the server's next act, or wait for it; how much of the timeout is left."""
        if not self._acts:
            answer = self._network.asked(self._talk.answer)
            if answer is None:
                self._network.wait(left_s)
                raise TimeoutError("timed out")
            self._acts.extend(answer)
        act = self._acts[0]
        if isinstance(act, Hold):
            return self._held(act, left_s)
        self._acts.popleft()
        self._do(act)
        return left_s

    def _held(self, act: Hold, left_s: float | None) -> float | None:
        rest_s = act.wait_ms / 1000 - self._held_ms
        if left_s is not None and left_s < rest_s:
            self._held_ms += left_s
            self._network.wait(left_s)
            raise TimeoutError("timed out")
        self._network.wait(rest_s)
        self._held_ms = 0.0
        self._acts.popleft()
        return None if left_s is None else left_s - rest_s

    def _do(self, act: Send | End | Break | Refuse) -> None:
        match act:
            case Send(data=data):
                self._come += data
            case End():
                self._is_ended = True
            case Break(on_next=True):
                self._breaks_on_next = True
            case Break():
                self.break_off()
            case Refuse(for_ms=for_ms, breaks_open=breaks_open):
                self._network.refuse(for_ms, breaks_open=breaks_open)

    def break_off(self) -> None:
        """As the server's RST does."""
        self._is_broken = True
        self._come.clear()
        self._acts.clear()

    def makefile(
        self,
        mode: str = "r",
        buffering: int | None = None,
        *,
        encoding: str | None = None,
        errors: str | None = None,
        newline: str | None = None,
    ) -> io.IOBase:
        """A file over the connection, as ``http.client`` reads it."""
        raw = _Raw(self.recv_into, self.send, can_write="w" in mode)
        if buffering == 0:
            return raw
        size = io.DEFAULT_BUFFER_SIZE if buffering is None or buffering < 0 else buffering
        binary: io.BufferedIOBase = (
            io.BufferedRWPair(raw, raw, size) if "w" in mode else io.BufferedReader(raw, size)
        )
        if "b" in mode:
            return binary
        return io.TextIOWrapper(binary, encoding, errors, newline)  # type: ignore[type-var]  # either kind reads

    def settimeout(self, value: float | None) -> None:
        self._timeout = value

    def gettimeout(self) -> float | None:
        return self._timeout

    def setblocking(self, flag: bool) -> None:
        self._timeout = None if flag else 0.0

    def setsockopt(self, *option: object) -> None:
        """There is no system that would mind."""

    def getsockopt(self, *option: object) -> int:  # noqa: ARG002
        return 0

    def getpeername(self) -> tuple[str, int]:
        return self._address

    def getsockname(self) -> tuple[str, int]:
        return ("127.0.0.1", 1)

    def fileno(self) -> int:
        """A descriptor that is readable when, and only when, a read would not wait."""
        if self._is_closed:
            return -1
        if self._stand_in is None:
            self._stand_in = socket.socketpair()
        if self._is_ended or self._is_broken or self._come:
            self._stand_in[1].close()
        return self._stand_in[0].fileno()

    def shutdown(self, how: int) -> None:
        if how != socket.SHUT_RD:
            self._is_ended = True

    def close(self) -> None:
        self._is_closed = True
        self._network.forget(self)
        for end in self._stand_in or ():
            end.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class _Raw(io.RawIOBase):
    def __init__(
        self,
        read: Callable[[WriteableBuffer], int],
        write: Callable[[ReadableBuffer], int],
        *,
        can_write: bool,
    ) -> None:
        self._read, self._write, self._can_write = read, write, can_write

    def readable(self) -> bool:
        return True

    def writable(self) -> bool:
        return self._can_write

    def readinto(self, buffer: WriteableBuffer) -> int:
        return self._read(buffer)

    def write(self, data: ReadableBuffer) -> int:
        return self._write(data)
