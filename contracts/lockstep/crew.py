"""The threads of the client, and whether those that do not wait here are at rest all the same."""

from __future__ import annotations

import gc
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from contracts.lockstep import real

SAMPLE_S = 0.001
"""A thread that has not been run for so long is at rest."""
SWITCH_S = SAMPLE_S / 4
"""A thread that waits for the interpreter is run so often, if only to ask for it: so it is not taken to be at rest."""


class _Mine(threading.local):
    is_client = False
    is_on_real_time = False
    has_sent = False


class Crew:
    """Members are the thread that begins, and what members start. Other threads keep the machine's time."""

    def __init__(self) -> None:
        self._mine = _Mine()
        self._members: set[threading.Thread] = set()

    @property
    def is_governed(self) -> bool:
        """Whether the calling thread lives on virtual time at this moment."""
        return self._mine.is_client and not self._mine.is_on_real_time

    @property
    def others(self) -> frozenset[threading.Thread]:
        """The client's threads, but for the calling one."""
        return frozenset(self._members - {threading.current_thread()})

    def note_sending(self) -> None:
        """The calling thread has sent something, and will wait for the answer."""
        self._mine.has_sent = True

    def took_note_of_sending(self) -> bool:
        """Whether it has sent something since it was asked this last."""
        has_sent, self._mine.has_sent = self._mine.has_sent, False
        return has_sent

    @contextmanager
    def on_real_time(self) -> Iterator[None]:
        """The calling thread is on the machine's time."""
        before, self._mine.is_on_real_time = self._mine.is_on_real_time, True
        try:
            yield
        finally:
            self._mine.is_on_real_time = before

    @contextmanager
    def assembled(self) -> Iterator[None]:
        """The calling thread is the first member, until the block ends."""
        interval_s = sys.getswitchinterval()
        try:
            with self.joined():
                yield
        finally:
            sys.setswitchinterval(interval_s)

    @contextmanager
    def joined(self) -> Iterator[None]:
        """The calling thread is a member."""
        self._members.add(threading.current_thread())
        self._mine.is_client = True
        try:
            yield
        finally:
            self._mine.is_client = False
            self._members.discard(threading.current_thread())

    def start(self, thread: threading.Thread, start: Callable[[threading.Thread], None]) -> None:
        """Start a thread as a member. It counts from now on: until it has come to itself, it is busy."""
        # a client of one thread is spared this
        sys.setswitchinterval(min(SWITCH_S, sys.getswitchinterval()))
        run = thread.run

        def run_as_member() -> None:
            with self.joined():
                run()

        thread.run = run_as_member  # type: ignore[method-assign]  # of this one thread
        self._members.add(thread)
        try:
            start(thread)
        except BaseException:
            self._members.discard(thread)
            raise

    def rests_but_for(self, known: Iterable[threading.Thread]) -> bool:
        """Whether all members but the calling one and those ``known`` to wait are blocked somewhere."""
        loose = self.others.difference(known)
        if not loose:
            return True
        before = [_trace(thread) for thread in loose]
        if None in before:
            return False
        real.sleep(SAMPLE_S)
        return before == [_trace(thread) for thread in loose]


_Trace = tuple[object, ...]
_TELLING = (b"State:", b"voluntary_ctxt_switches:", b"nonvoluntary_ctxt_switches:")


def _trace(thread: threading.Thread) -> _Trace | None:
    """Where the thread stands and how often it was run so far; None while it is surely busy."""
    if thread.ident is None:
        return None
    try:
        # of all systems only Linux tells; a thread that was woken and waits for the interpreter has been run
        status = Path(f"/proc/self/task/{thread.native_id}/status").read_bytes()
    except OSError:
        return _frame_trace(thread.ident)
    state, *counts = [line for line in status.splitlines() if line.startswith(_TELLING)]
    return tuple(counts) if state.split()[1] == b"S" else None


def _frame_trace(ident: int) -> _Trace | None:
    # until CPython 3.11.9 a collection in this very call can stop the process for good
    is_collecting = gc.isenabled()
    gc.disable()
    try:
        frame = sys._current_frames().get(ident)  # noqa: SLF001 - documented, for the likes of this
    finally:
        if is_collecting:
            gc.enable()
    return None if frame is None else (id(frame), frame.f_lasti)
