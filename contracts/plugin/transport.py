"""An httpx transport, sync and async, that reaches the server of this process without a socket."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Iterator

import anyio
import anyio.to_thread
import httpx

from contracts.lockstep import LockStep
from contracts.plugin.exchange import Door, Scope, Told, scope_of
from contracts.plugin.hearing import Hearing
from mock_server.core.wire import RefuseConnections, ResetOnNextRequest, Script


class Transport(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """``httpx.Client(transport=...)`` or ``AsyncClient``; whatever host is asked, this server answers.

    What a fault does to the socket becomes the exception that httpx raises for it. Silence costs nothing: with the
    clock in step it passes virtually, and otherwise not at all.
    """

    def __init__(self, door: Door) -> None:
        self._door = door
        self._shut_until_s = 0.0
        self._breaks_next = False

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self._require_open(request)
        told = self._door.ask(_scope(request), request.read()).result()
        if not told.script:
            return _response(told)
        self._note(told.script)
        hearing = Hearing(request, told.script)
        for seconds in hearing.head():
            pass_time(seconds)
        return httpx.Response(hearing.status, headers=hearing.headers, stream=_Rest(hearing))

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self._require_open(request)
        told = await told_async(self._door, _scope(request), await request.aread())
        if not told.script:
            return _response(told)
        self._note(told.script)
        hearing = Hearing(request, told.script)
        for seconds in hearing.head():
            await pass_time_async(seconds)
        return httpx.Response(hearing.status, headers=hearing.headers, stream=_Rest(hearing))

    def _require_open(self, request: httpx.Request) -> None:
        if self._breaks_next:
            self._breaks_next = False
            raise httpx.ReadError("the server broke the connection off", request=request)
        if time.monotonic() < self._shut_until_s:
            raise httpx.ConnectError("connection refused", request=request)

    def _note(self, script: Script) -> None:
        """What the next request will find."""
        for act in script:
            if isinstance(act, RefuseConnections):
                self._shut_until_s = time.monotonic() + act.for_ms / 1000
            elif isinstance(act, ResetOnNextRequest):
                self._breaks_next = True


class _Rest(httpx.SyncByteStream, httpx.AsyncByteStream):
    """The body of an answer that a script makes."""

    def __init__(self, hearing: Hearing) -> None:
        self._hearing = hearing

    def __iter__(self) -> Iterator[bytes]:
        for part in self._hearing.body():
            if isinstance(part, float):
                pass_time(part)
            else:
                yield part

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for part in self._hearing.body():
            if isinstance(part, float):
                await pass_time_async(part)
            else:
                yield part


def pass_time(seconds: float) -> None:
    """Let time pass that the wire takes, if there is a clock on which it can."""
    if LockStep.is_begun():
        time.sleep(seconds)


async def pass_time_async(seconds: float) -> None:
    """The same in a loop."""
    if LockStep.is_begun():
        await anyio.sleep(seconds)


async def told_async(door: Door, scope: Scope, body: bytes) -> Told:
    """One exchange, with asyncio or trio."""
    future = door.ask(scope, body)
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return await anyio.to_thread.run_sync(future.result)
    return await asyncio.wrap_future(future)


def _scope(request: httpx.Request) -> Scope:
    url = request.url
    headers = tuple(request.headers.raw)
    return scope_of(request.method, url.path, url.query, headers, (url.host, url.port or 80))


def _response(told: Told) -> httpx.Response:
    return httpx.Response(told.status, headers=list(told.headers), stream=httpx.ByteStream(told.body))
