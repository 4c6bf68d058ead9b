"""A client that is a Python function of this process, sync or async. It gets a Job and raises what went wrong."""

from __future__ import annotations

import asyncio
import inspect
import os
import threading
import traceback
from collections.abc import Awaitable, Callable

from contracts.client.model import Ending, Job

Work = Callable[[Job], object] | Callable[[Job], Awaitable[object]]


class Function:
    """Success is a return, failure an exception, whose text is the reason. A text that it returns is its output.

    Each job has a thread and, where the function is async, an event loop of its own. A thread cannot be killed: one
    that is over its time is left behind, and what it still does is not looked at.
    """

    can_be_killed = False
    command: tuple[str, ...] = ()

    def __init__(self, function: Work, label: str = "") -> None:
        self._function = function
        self.label = label or getattr(function, "__qualname__", repr(function))

    def start(self, job: Job) -> _Thread:
        return _Thread(self._function, job)

    def close(self) -> None:
        """Nothing runs that could be ended."""


class _Thread:
    def __init__(self, function: Work, job: Job) -> None:
        self._function, self._job = function, job
        self._ending = Ending(None)
        self._thread = threading.Thread(target=self._run, name=f"client {job.id}", daemon=True)
        self._thread.start()

    def wait(self, timeout_s: float) -> Ending | None:
        self._thread.join(timeout_s)
        return None if self._thread.is_alive() else self._ending

    def kill(self) -> Ending:
        return Ending(None, is_killed=True) if self._thread.is_alive() else self._ending

    def _run(self) -> None:
        try:
            said = self._function(self._job)
            if inspect.isawaitable(said):
                said = asyncio.run(_awaited(said))
        except BaseException as fault:  # noqa: BLE001 - whatever a client raises is how it failed
            self._ending = Ending(_code(fault), stderr=_words(fault), open_files=_open_files())
        else:
            self._ending = Ending(0, stdout=said if isinstance(said, str) else "", open_files=_open_files())


async def _awaited(said: Awaitable[object]) -> object:
    return await said


def _code(fault: BaseException) -> int:
    """What ``sys.exit`` was told, or 1."""
    if not isinstance(fault, SystemExit):
        return 1
    return fault.code if isinstance(fault.code, int) else int(fault.code is not None)


def _words(fault: BaseException) -> str:
    if isinstance(fault, SystemExit):
        return "" if isinstance(fault.code, int | None) else str(fault.code)
    return "".join(traceback.format_exception(fault))


def _open_files() -> int | None:
    try:
        return len(os.listdir("/proc/self/fd"))  # noqa: PTH208 - names only
    except OSError:
        return None
