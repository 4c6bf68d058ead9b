"""A process that plays cells, one after the other; where a client takes it along, another takes its place."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from multiprocessing import get_context, resource_tracker
from multiprocessing.connection import Connection
from typing import Protocol

from contracts.cells.cell import Entrant, Played
from contracts.witness.usage import UsageError

HANGS_S = 240.0
"""Whoever does not answer for so long hangs where nothing of Python's can end it."""
_CONTEXT = get_context("spawn")


class Player(Protocol):
    """Plays cells with one client."""

    def perform(self, entrant: Entrant) -> Played:
        """The cell, whatever happens."""


Opening = Callable[[], AbstractContextManager[Player]]
"""Gives the player, in the process that it is sent to. Raises UsageError where there is no such client."""


class Lost(Exception):
    """The process is gone, and the cell with it; the text says how."""


class Worker:
    """The process is started by the first cell, and again by the next one after it was lost."""

    def __init__(self, opening: Opening) -> None:
        self._opening = opening
        self._process: _Process | None = None
        self._is_over = False

    def play(self, entrant: Entrant) -> Played:
        """The cell. Raises Lost, UsageError."""
        if self._process is None:
            self._process = _Process(self._opening)
        if self._is_over:
            self.end()
        try:
            return self._process.asked(entrant)
        except Lost:
            self._process.end()
            self._process = None
            raise

    def end(self) -> None:
        """The process is killed, whatever it is doing; any thread may ask for it."""
        self._is_over = True
        if self._process is not None:
            self._process.end()


class _Process:
    """Ready when it is made. Raises UsageError where it cannot be."""

    def __init__(self, opening: Opening) -> None:
        self._pipe, its_end = _CONTEXT.Pipe()
        self._process = _CONTEXT.Process(target=_work, args=(opening, its_end), name="lipflap worker")
        with _deaf_to_ctrl_c():
            self._process.start()
        its_end.close()
        try:
            complaint = self._pipe.recv()
        except EOFError:
            self._process.join()
            complaint = f"the client ended the process with {self._end()} when it was imported"
        if complaint:
            self.end()
            raise UsageError(complaint)

    def asked(self, entrant: Entrant) -> Played:
        try:
            self._pipe.send(entrant)
            if not self._pipe.poll(HANGS_S):
                raise Lost(f"the client hung for {HANGS_S:.0f} s and had to be killed with its process")
            played: Played = self._pipe.recv()
        except (EOFError, OSError):
            self._process.join()
            raise Lost(f"the client ended its whole process with {self._end()}") from None
        return played

    def end(self) -> None:
        self._process.kill()
        self._process.join()

    def _end(self) -> str:
        code = self._process.exitcode or 0
        return f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"


def _work(opening: Opening, pipe: Connection) -> None:
    """What the process does, until whoever asks is gone."""
    try:
        with opening() as player:
            pipe.send("")
            while True:
                pipe.send(player.perform(pipe.recv()))
    except UsageError as fault:
        pipe.send(str(fault))
    except (EOFError, ConnectionError):
        return


@contextmanager
def _deaf_to_ctrl_c() -> Iterator[None]:
    """What is started in this block does not hear the terminal's Ctrl-C: we hear it, and end everybody."""
    # the first process would start it, and that lets the signal through again
    resource_tracker.ensure_running()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
