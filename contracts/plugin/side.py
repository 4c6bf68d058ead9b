"""The servers of this process as the other side of a client in lock-step."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import Future
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from contracts.lockstep import Moment

if TYPE_CHECKING:
    from mock_server.hosting.background import BackgroundServer


class ServerSide:
    """One server, and those of its ``tenants`` whose time passes with the client's."""

    def __init__(self, server: BackgroundServer) -> None:
        self.server = server
        self.tenants: list[str] = []
        self._tempo = server.tempo
        self._port = urlsplit(server.url).port

    @property
    def is_at_work(self) -> bool:
        return self._tempo.is_at_work

    def look(self, skip_ms: int | None, may_skip: Callable[[], bool]) -> Moment:
        return Moment(*self.server.submit(self._tempo.look(self.tenants, skip_ms, may_skip)).result())

    def advance(self, passed_ms: int) -> Future[None]:
        return self.server.submit(self._tempo.pass_time(self.tenants, passed_ms))

    def owns(self, address: object) -> bool:
        return isinstance(address, tuple) and len(address) >= 2 and address[1] == self._port


class Sides:
    """Several servers as one. More may join while time goes on."""

    def __init__(self) -> None:
        self.all: list[ServerSide] = []

    @property
    def is_at_work(self) -> bool:
        return any(side.is_at_work for side in self.all)

    def look(self, skip_ms: int | None, may_skip: Callable[[], bool]) -> Moment:
        if len(self.all) == 1:
            return self.all[0].look(skip_ms, may_skip)
        moments = [side.look(None, may_skip) for side in self.all]
        next_ms = min((moment.next_ms for moment in moments if moment.next_ms is not None), default=None)
        return Moment(any(moment.is_at_work for moment in moments), next_ms)

    def advance(self, passed_ms: int) -> Future[None]:
        return _all_of([side.advance(passed_ms) for side in self.all])

    def owns(self, address: object) -> bool:
        return any(side.owns(address) for side in self.all)


def _all_of(futures: Iterable[Future[None]]) -> Future[None]:
    """Done when all are, and broken where one is."""
    together: Future[None] = Future()
    waiting = list(futures)

    def take(_: Future[None]) -> None:
        if together.done() or not all(future.done() for future in waiting):
            return
        fault = next((future.exception() for future in waiting if future.exception()), None)
        if fault is None:
            together.set_result(None)
        else:
            together.set_exception(fault)

    for future in waiting:
        future.add_done_callback(take)
    if not waiting:
        together.set_result(None)
    return together
