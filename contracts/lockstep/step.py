"""The block in which a client's time goes in lock-step with a server's."""

from __future__ import annotations

import sys
from contextlib import AbstractContextManager, ExitStack
from types import TracebackType
from typing import ClassVar, Self

from contracts.lockstep import calendar, clocks, locks, loops, real, servers, sockets, threads
from contracts.lockstep.conductor import Conductor
from contracts.lockstep.crew import Crew
from contracts.lockstep.side import Side
from contracts.lockstep.swap import Swaps

STAYS_REAL = frozenset(
    {
        *("_pytest", "pytest", "pluggy", "xdist", "execnet", "pytest_timeout", "coverage", "hypothesis"),
        *("mock_server", "subprocess", "multiprocessing"),
    }
)
"""Top packages whose calls get the machine's time: they time tests, serve, or wait for other processes."""


class LockStep:
    """``with LockStep(side, now_ms) as step:`` the calling thread, and what it starts, live on virtual time.

    It begins at ``now_ms`` (Unix time), and ``side`` is the server that keeps step. Raises RuntimeError where one is
    begun already: a process has one time.
    """

    _current: ClassVar[LockStep | None] = None

    def __init__(self, side: Side, now_ms: int) -> None:
        self.side = side
        self.crew = Crew()
        self.conductor = Conductor(side, self.crew)
        self._start_ns = now_ms * 1_000_000
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        if LockStep._current is not None:
            raise RuntimeError("this process is in lock-step with a server already")
        with ExitStack() as stack:
            stack.callback(self._leave)
            LockStep._current = self
            stack.enter_context(self.crew.assembled())
            swaps = stack.enter_context(Swaps())
            for part in (clocks, calendar, threads, locks, loops, sockets, servers):
                part.replace(self, swaps)
            stack.callback(self.conductor.end)
            self._stack = stack.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    @classmethod
    def current(cls) -> LockStep | None:
        """The one that this process is in."""
        return cls._current

    @classmethod
    def is_begun(cls) -> bool:
        """Whether the calling thread lives on virtual time."""
        return cls._current is not None and cls._current.crew.is_governed

    @staticmethod
    def _leave() -> None:
        LockStep._current = None

    def governs(self, frames_up: int = 1) -> bool:
        """Whether a call gets virtual time: by its thread, and by the module that made it."""
        if not (self.conductor.is_on and self.crew.is_governed):
            return False
        caller = str(sys._getframe(frames_up + 1).f_globals.get("__name__", ""))  # noqa: SLF001 - cheap, and no other way
        return caller.partition(".")[0] not in STAYS_REAL

    def unix_ns(self) -> int:
        """The virtual moment in Unix time."""
        return self._start_ns + self.conductor.read_ns()

    @property
    def elapsed_s(self) -> float:
        """How much virtual time has passed."""
        return self.conductor.read_ns() / 1e9

    def sleep(self, seconds: float) -> None:
        """Let so much time pass for client and server, with all that falls due on the way."""
        locks.sleep(self, seconds)

    def give_way(self, seconds: float) -> None:
        """Wait for so long of the machine's time, while virtual time goes on for all others."""
        with self.conductor.waiting(None, _nothing, lambda: False):
            self.conductor.step()
            real.sleep(seconds)

    def on_real_time(self) -> AbstractContextManager[None]:
        """The calling thread is on the machine's time in this block."""
        return self.crew.on_real_time()


def _nothing() -> None:
    """Who gives way looks by itself."""
