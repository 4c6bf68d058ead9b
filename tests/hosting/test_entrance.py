"""The listening socket can be shut: the system refuses, the port comes back, and a stop is a stop all the same."""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import Awaitable, Callable

import pytest

from mock_server.hosting import entrance as entrance_module
from mock_server.hosting.entrance import Entrance
from mock_server.hosting.listener import listen

LONG_S = 3600.0


class Greeter(asyncio.Protocol):
    """Says one word and goes."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        transport.write(b"hello")
        transport.close()


def at_entrance(act: Callable[[Entrance, tuple[str, int]], Awaitable[None]]) -> None:
    """Run ``act`` with an open entrance and its address."""

    async def run() -> None:
        entrance = Entrance(Greeter)
        listener = listen("127.0.0.1", 0)
        address = listener.getsockname()
        await entrance.open(listener)
        try:
            await act(entrance, address)
        finally:
            entrance.close()

    asyncio.run(run())


async def greeting(address: tuple[str, int]) -> bytes:
    reader, writer = await asyncio.open_connection(*address)
    try:
        return await reader.read()
    finally:
        writer.close()


async def greeting_in_the_end(address: tuple[str, int]) -> bytes:
    while True:
        try:
            return await greeting(address)
        except ConnectionRefusedError:
            await asyncio.sleep(0)


def test_while_it_is_shut_the_system_refuses_and_then_the_same_port_is_back() -> None:
    async def act(entrance: Entrance, address: tuple[str, int]) -> None:
        assert await greeting(address) == b"hello"
        entrance.shut(0.05)
        with pytest.raises(ConnectionRefusedError):
            await greeting(address)
        assert entrance.servers == []
        assert await greeting_in_the_end(address) == b"hello"

    at_entrance(act)


def test_it_can_be_shut_again_and_again() -> None:
    async def act(entrance: Entrance, address: tuple[str, int]) -> None:
        for _ in range(3):
            entrance.shut(0)
            assert await greeting_in_the_end(address) == b"hello"

    at_entrance(act)


def test_the_longer_of_two_times_holds() -> None:
    async def act(entrance: Entrance, address: tuple[str, int]) -> None:
        loop = asyncio.get_running_loop()
        shut_at_s = loop.time()
        entrance.shut(0.1)
        entrance.shut(0)
        assert await greeting_in_the_end(address) == b"hello"
        assert loop.time() - shut_at_s >= 0.1

    at_entrance(act)


def test_a_second_time_extends_the_first() -> None:
    async def act(entrance: Entrance, address: tuple[str, int]) -> None:
        loop = asyncio.get_running_loop()
        shut_at_s = loop.time()
        entrance.shut(0)
        entrance.shut(0.1)
        assert await greeting_in_the_end(address) == b"hello"
        assert loop.time() - shut_at_s >= 0.1

    at_entrance(act)


def test_a_port_that_somebody_took_meanwhile_is_taken_back_when_it_is_free(
    caplog: pytest.LogCaptureFixture,
) -> None:
    warned = asyncio.Event()

    class Alarm(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            warned.set()

    async def act(entrance: Entrance, address: tuple[str, int]) -> None:
        alarm = Alarm()
        logging.getLogger("mock_server.hosting").addHandler(alarm)
        entrance.shut(0)
        with socket.socket() as thief:
            thief.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            thief.bind(address)
            thief.listen()
            await asyncio.wait_for(warned.wait(), 20)
        logging.getLogger("mock_server.hosting").removeHandler(alarm)
        assert await greeting_in_the_end(address) == b"hello"

    at_entrance(act)
    assert f"port {caplog.records[0].getMessage().split()[1]}" in caplog.text
    assert "trying again" in caplog.text


def test_closing_while_it_is_shut_leaves_it_shut() -> None:
    async def act(entrance: Entrance, address: tuple[str, int]) -> None:
        entrance.shut(LONG_S)
        entrance.close()
        with pytest.raises(ConnectionRefusedError):
            await greeting(address)
        assert [
            task for task in asyncio.all_tasks() if task.get_name() == "entrance" and not task.done()
        ] == []

    at_entrance(act)


def test_who_was_let_in_before_the_end_is_served() -> None:
    async def act(entrance: Entrance, address: tuple[str, int]) -> None:
        waiting = [socket.create_connection(address) for _ in range(5)]
        # the loop has had no turn: the system alone knows of them
        entrance.close()
        for connection in waiting:
            connection.setblocking(False)
            assert await asyncio.get_running_loop().sock_recv(connection, 10) == b"hello"
            connection.close()

    at_entrance(act)


def test_who_knocks_between_the_last_look_and_the_close_is_not_let_in_to_be_reset(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    real = entrance_module._waiting_at
    knocked: list[str] = []

    def look(listener: socket.socket) -> list[socket.socket]:
        found = real(listener)
        try:
            socket.create_connection(listener.getsockname(), timeout=0.2).close()
        except TimeoutError:
            knocked.append("ignored")
        return found

    monkeypatch.setattr(entrance_module, "_waiting_at", look)

    async def act(entrance: Entrance, address: tuple[str, int]) -> None:
        with socket.create_connection(address, timeout=5) as early:
            entrance.close()
            assert knocked == ["ignored"]
            early.setblocking(False)
            assert await asyncio.get_running_loop().sock_recv(early, 5) == b"hello"

    at_entrance(act)
