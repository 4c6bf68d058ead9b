"""A client that is a Python function: called with a Job, plain or async.

What it makes of the job it says by how it ends:

- it returns nothing: a success; a text that it returns stands behind what it has printed;
- it raises: a failure, and the traceback is its reason; ``SystemExit`` is the exit code that it names;
- it returns a whole number: an exit code, as ``sys.exit`` takes it; or something with such a number as ``exit_code``,
  and perhaps texts as ``stdout`` and ``stderr``;
- it returns ``True`` or ``False``: refused, for nobody knows whether that says that it worked or is a code;
- it returns anything else: a success.
"""

from __future__ import annotations

import asyncio
import inspect
import os
import threading
import traceback
from collections.abc import Awaitable, Callable

from contracts.client.model import ClientError, Ending, Job

Work = Callable[[Job], object] | Callable[[Job], Awaitable[object]]


def called(work: Work, job: Job) -> object:
    """What the function returns; a coroutine is run to its end, in a loop of its own. Raises what the function does."""
    said = work(job)
    return asyncio.run(_awaited(said)) if inspect.isawaitable(said) else said


async def _awaited(said: Awaitable[object]) -> object:
    return await said


def returned(value: object) -> Ending:
    """The ending of a function that has returned ``value``. Raises ClientError for one that is no answer."""
    if isinstance(value, str):
        return Ending(0, stdout=value)
    code = value if isinstance(value, int) else getattr(value, "exit_code", 0)
    if isinstance(code, bool) or not isinstance(code, int):
        raise ClientError(
            f"the function returned {value!r:.80}: return nothing for a success, raise for a failure, "
            "or name a whole number as exit_code"
        )
    return Ending(code, _text(value, "stdout"), _text(value, "stderr"))


def _text(value: object, name: str) -> str:
    return str(getattr(value, name, None) or "")


def raised(fault: BaseException) -> Ending:
    """The ending of a function that has raised ``fault``."""
    if not isinstance(fault, SystemExit):
        return Ending(1, stderr="".join(traceback.format_exception(fault)))
    if isinstance(fault.code, int | None):
        return Ending(fault.code or 0)
    return Ending(1, stderr=str(fault.code))


class Function:
    """A function on the machine's own time.

    Each job has a thread. A thread cannot be killed: one that is over its time is left behind, and what it still does
    is not looked at.
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
        self._fault: ClientError | None = None
        self._thread = threading.Thread(target=self._run, name=f"client {job.id}", daemon=True)
        self._thread.start()

    def wait(self, timeout_s: float) -> Ending | None:
        self._thread.join(timeout_s)
        if self._fault is not None:
            raise self._fault
        return None if self._thread.is_alive() else self._ending

    def kill(self) -> Ending:
        return Ending(None, is_killed=True) if self._thread.is_alive() else self._ending

    def _run(self) -> None:
        try:
            self._ending = _with_open_files(returned(called(self._function, self._job)))
        except ClientError as fault:
            self._fault = fault
        except BaseException as fault:  # noqa: BLE001 - whatever a client raises is how it failed
            self._ending = _with_open_files(raised(fault))


def _with_open_files(ending: Ending) -> Ending:
    try:
        count = len(os.listdir("/proc/self/fd"))  # noqa: PTH208 - names only
    except OSError:
        return ending
    return Ending(ending.exit_code, ending.stdout, ending.stderr, open_files=count)
