"""Servers of Python's own library in a client: soon stopped, and seen to wait."""

from __future__ import annotations

import selectors
import socket
import socketserver
import threading
import time
from typing import Self

import pytest

from contracts.lockstep import LockStep, crew, real
from contracts.lockstep.servers import LOOK_EVERY_S


class Watched(selectors.SelectSelector):
    """Writes down how long it is to wait."""

    def __init__(self, timeouts: list[float | None]) -> None:
        super().__init__()
        self._timeouts = timeouts

    def __enter__(self) -> Self:
        return self

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        self._timeouts.append(timeout)
        return super().select(timeout)


def serve(monkeypatch: pytest.MonkeyPatch, poll_interval: float) -> list[float | None]:
    """How long a server waits between two looks."""
    timeouts: list[float | None] = []
    monkeypatch.setattr(socketserver, "_ServerSelector", lambda: Watched(timeouts))
    with socketserver.TCPServer(("127.0.0.1", 0), socketserver.BaseRequestHandler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(poll_interval,))
        thread.start()
        while not timeouts:
            real.sleep(0.001)
        server.shutdown()
        thread.join()
    return timeouts


def test_a_clients_server_looks_often_whether_it_is_to_stop(
    step: LockStep, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert set(serve(monkeypatch, 30.0)) == {LOOK_EVERY_S}
    assert set(serve(monkeypatch, 0.001)) == {0.001}


def test_any_other_looks_as_often_as_it_likes(monkeypatch: pytest.MonkeyPatch) -> None:
    assert set(serve(monkeypatch, 0.02)) == {0.02}


def test_a_thread_that_waits_for_callers_is_known_to_be_at_rest(
    step: LockStep, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, there = socket.socketpair()
    with here, there, selectors.PollSelector() as selector:
        selector.register(here, selectors.EVENT_READ)
        thread = threading.Thread(target=selector.select)
        thread.start()
        while not any(wait.thread is thread for wait in tuple(step.conductor._waits)):
            real.sleep(0.001)

        def watched(_: threading.Thread) -> None:
            raise AssertionError("nobody has to watch it")

        with monkeypatch.context() as patched:
            patched.setattr(crew, "_trace", watched)
            time.sleep(100)
        assert step.elapsed_s >= 100
        there.send(b"!")
        thread.join()


def test_time_stands_while_somebody_calls(step: LockStep) -> None:
    here, there = socket.socketpair()
    heard: list[float] = []

    def wait_for_call() -> None:
        selector.select()
        heard.append(step.elapsed_s)

    with here, there, selectors.PollSelector() as selector:
        selector.register(here, selectors.EVENT_READ)
        thread = threading.Thread(target=wait_for_call)
        thread.start()
        there.send(b"!")
        time.sleep(100)
        thread.join()
    assert heard[0] < 1
