"""Faster time for a Python process: every clock and every wait that Python code commonly uses, divided by one rate.

Stands alone: it is loaded into the process of a client, which may have nothing of ours installed.
"""

from __future__ import annotations

import datetime  # noqa: ICN001 - its names are replaced
import functools
import select
import selectors
import socket
import threading
import time
from collections.abc import Callable
from typing import Any, Self

_NS = 1_000_000_000


def install(start: float, rate: float) -> None:
    """From ``start`` (Unix time, in s) on, time is ``rate`` times as fast."""
    mono = time.monotonic() - (time.time() - start)
    _clocks(start, mono, rate)
    _dates()
    _waits(rate)
    _sockets(rate)


def _clocks(start: float, mono: float, rate: float) -> None:
    real_time, real_monotonic, real_sleep = time.time, time.monotonic, time.sleep

    def faster_time() -> float:
        return start + (real_time() - start) * rate

    def faster_monotonic() -> float:
        return mono + (real_monotonic() - mono) * rate

    time.time = faster_time
    time.time_ns = lambda: int(faster_time() * _NS)
    time.monotonic = faster_monotonic
    time.monotonic_ns = lambda: int(faster_monotonic() * _NS)
    time.sleep = lambda seconds: real_sleep(float(seconds) / rate)
    for name in ("gmtime", "localtime", "ctime"):
        _with_now(name, faster_time)


def _with_now(name: str, now: Callable[[], float]) -> None:
    real = getattr(time, name)
    setattr(time, name, lambda seconds=None: real(now() if seconds is None else seconds))


def _dates() -> None:
    """Their clocks are read in C, so the classes are replaced by heirs; what is of the old class is of the new one."""
    real_datetime, real_date = datetime.datetime, datetime.date

    class KindOfDatetime(type(real_datetime)):  # type: ignore[misc]  # the metaclass of a class of C
        def __instancecheck__(cls, value: object) -> bool:
            return isinstance(value, real_datetime)

    class KindOfDate(type(real_date)):  # type: ignore[misc]
        def __instancecheck__(cls, value: object) -> bool:
            return isinstance(value, real_date)

    class FasterDatetime(datetime.datetime, metaclass=KindOfDatetime):
        @classmethod
        def now(cls, tz: datetime.tzinfo | None = None) -> Self:
            return cls.fromtimestamp(time.time(), tz)

        @classmethod
        def utcnow(cls) -> Self:
            return cls.fromtimestamp(time.time(), datetime.UTC).replace(tzinfo=None)

        @classmethod
        def today(cls) -> Self:
            return cls.fromtimestamp(time.time())

    class FasterDate(datetime.date, metaclass=KindOfDate):
        @classmethod
        def today(cls) -> Self:
            return cls.fromtimestamp(time.time())

    datetime.datetime, datetime.date = FasterDatetime, FasterDate  # type: ignore[misc]


def _waits(rate: float) -> None:
    _shorten(threading.Condition, "wait", rate)
    _shorten(threading.Thread, "join", rate)
    for name in ("SelectSelector", "PollSelector", "EpollSelector", "KqueueSelector", "DevpollSelector"):
        kind = getattr(selectors, name, None)
        if kind is not None:
            _shorten(kind, "select", rate)
    real_select = select.select

    @functools.wraps(real_select)
    def faster_select(
        readers: list[Any], writers: list[Any], others: list[Any], timeout: float | None = None
    ) -> object:
        return real_select(readers, writers, others, _shorter(timeout, rate))

    select.select = faster_select  # type: ignore[assignment]  # the same, called in the same way


def _shorten(place: type, name: str, rate: float) -> None:
    """Divide the one timeout that the method ``name`` takes."""
    real = getattr(place, name)

    @functools.wraps(real)
    def faster(self: object, timeout: float | None = None) -> object:
        return real(self, _shorter(timeout, rate))

    setattr(place, name, faster)


def _sockets(rate: float) -> None:
    """A timeout of a socket is kept divided; whoever asks for it gets what was set."""
    real_set, real_get, real_default = (
        socket.socket.settimeout,
        socket.socket.gettimeout,
        socket.setdefaulttimeout,
    )

    def settimeout(self: socket.socket, value: float | None) -> None:
        real_set(self, _shorter(value, rate))

    def gettimeout(self: socket.socket) -> float | None:
        value = real_get(self)
        return value * rate if value else value

    socket.socket.settimeout = settimeout  # type: ignore[method-assign,assignment]
    socket.socket.gettimeout = gettimeout  # type: ignore[method-assign,assignment]
    socket.setdefaulttimeout = lambda value: real_default(_shorter(value, rate))


def _shorter(seconds: float | None, rate: float) -> float | None:
    return seconds / rate if seconds is not None and seconds > 0 else seconds
