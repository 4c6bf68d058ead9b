"""An async client as a plain object."""

from __future__ import annotations

import asyncio

import pytest

from contracts.blocking import Blocking


class Client:
    name = "mine"

    def __init__(self) -> None:
        self.loops: list[asyncio.AbstractEventLoop] = []
        self.is_closed = False

    async def poll(self, task_id: str) -> str:
        self.loops.append(asyncio.get_running_loop())
        return f"polled {task_id}"

    def plain(self) -> int:
        return 3

    async def fail(self) -> None:
        raise KeyError("no")

    async def aclose(self) -> None:
        self.is_closed = True


def test_what_is_awaited_there_returns_here_in_one_loop() -> None:
    client = Client()
    blocking = Blocking(client)
    assert blocking.poll("1") == "polled 1"  # type: ignore[operator]
    assert blocking.poll("2") == "polled 2"  # type: ignore[operator]
    assert blocking.plain() == 3  # type: ignore[operator]
    assert blocking.name == "mine"
    with pytest.raises(KeyError):
        blocking.fail()  # type: ignore[operator]
    blocking.close()
    assert client.is_closed
    assert len(set(client.loops)) == 1
