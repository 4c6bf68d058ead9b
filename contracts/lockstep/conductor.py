"""Virtual time: it stands while anybody has something to do, and goes at once to the next moment when nobody has."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count

from contracts.lockstep import real
from contracts.lockstep.crew import Crew
from contracts.lockstep.side import Side

LOOK_NS = 1_000
"""Reading a clock takes time: so a loop that waits by looking ends, and nothing takes no time at all."""
PATIENCE_S = 5.0
"""A server that works for so long of the machine's time is taken for silent: nobody waits for ever."""
_PAUSE_S = 0.5
"""Who has not seen the server at work for so long has not seen it work all the time."""
_MS = 1_000_000


@dataclass(eq=False)
class Wait:
    """A thread that waits: until ``deadline_ns`` (None: without end), or until ``is_ready``.

    ``poke`` has it look again, and may be called by any thread. ``is_awake`` once it takes what it has waited for,
    and ever after: who has looked at all waits before may still hold this one.
    """

    deadline_ns: int | None
    poke: Callable[[], None]
    is_ready: Callable[[], bool]
    thread: threading.Thread = field(default_factory=threading.current_thread)
    is_awake: bool = False


class Conductor:
    """One virtual clock in ns, from 0 on. Whoever waits moves it on, by ``step``: there is no thread for it."""

    def __init__(self, side: Side, crew: Crew) -> None:
        self._side = side
        self._crew = crew
        self._moved_ns = 0
        self._looks = count(0, LOOK_NS)
        self._told_ms = 0
        """How much time has passed at the server."""
        self._passage: Future[None] | None = None
        self._waits: dict[Wait, None] = {}
        self._baton = real.allocate_lock()
        self._fault: BaseException | None = None
        self._busy_since_s = self._busy_last_s = -PATIENCE_S
        self.is_on = True

    def read_ns(self) -> int:
        """The time now. It never goes back."""
        return self._moved_ns + next(self._looks)

    @contextmanager
    def waiting(
        self, seconds: float | None, poke: Callable[[], None], is_ready: Callable[[], bool]
    ) -> Iterator[Wait]:
        """The calling thread waits in this block, for ``seconds`` of virtual time at most."""
        deadline_ns = None if seconds is None else self._moved_ns + round(seconds * 1e9)
        wait = Wait(deadline_ns, poke, is_ready)
        self._waits[wait] = None
        try:
            yield wait
        finally:
            wait.is_awake = True
            del self._waits[wait]

    def is_over(self, wait: Wait) -> bool:
        """Whether its time is up, and what the server does at that moment is done."""
        if not self.is_on:
            return True
        if self._passage is not None or self._fault is not None:
            return False
        return wait.deadline_ns is not None and wait.deadline_ns <= self._moved_ns

    def step(self) -> None:
        """Go to the next moment at which something happens, if nobody has anything to do before.

        Raises what has gone wrong at the server while time passed there.
        """
        if not self._baton.acquire(blocking=False):
            return
        try:
            with self._crew.on_real_time():
                if self._fault is not None:
                    raise self._fault
                if self._passage is None and self._is_quiet():
                    self._go_on()
        finally:
            self._baton.release()

    def end(self) -> None:
        """Time goes no more: whoever still waits is woken as if its time was up."""
        self.is_on = False
        self._poke_all()

    def _is_quiet(self) -> bool:
        waits = tuple(self._waits)
        return (
            not self._is_kept_by_server(is_at_work=self._side.is_at_work)
            and not any(self.is_over(wait) for wait in waits)
            and self._crew.rests_but_for(wait.thread for wait in waits)
        )

    def _go_on(self) -> None:
        waits = tuple(self._waits)

        def is_silent() -> bool:
            # in this order: who is no longer ready, because it has taken what came, is awake
            return not any(wait.is_ready() or wait.is_awake for wait in waits)

        deadline_ns = min((wait.deadline_ns for wait in waits if wait.deadline_ns is not None), default=None)
        skip_ms = None if deadline_ns is None else self._untold_ms(deadline_ns)
        moment = self._side.look(skip_ms, is_silent)
        if moment.is_past and skip_ms is not None and deadline_ns is not None:
            self._told_ms += skip_ms
            self._moved_ns = deadline_ns
            self._poke_all()
        elif not self._is_kept_by_server(is_at_work=moment.is_at_work) and is_silent():
            self._move(deadline_ns, moment.next_ms)

    def _untold_ms(self, to_ns: int) -> int:
        """What the server lacks of the moment that a clock shows then."""
        return (self.read_ns() - self._moved_ns + to_ns) // _MS - self._told_ms

    def _is_kept_by_server(self, *, is_at_work: bool) -> bool:
        """Whether to wait for an answer that is on its way."""
        if not is_at_work:
            return False
        now_s = real.monotonic()
        if now_s - self._busy_last_s > _PAUSE_S:
            self._busy_since_s = now_s
        self._busy_last_s = now_s
        return now_s - self._busy_since_s < PATIENCE_S

    def _move(self, deadline_ns: int | None, next_ms: int | None) -> None:
        """Go to the deadline, or to what the server does before."""
        moments_ns = [] if deadline_ns is None else [deadline_ns]
        if next_ms is not None:
            ahead_ns = self.read_ns() - self._told_ms * _MS
            moments_ns.append(self._moved_ns + max(0, next_ms * _MS - ahead_ns))
        if not moments_ns:
            return
        self._moved_ns = min(moments_ns)
        passed_ms = self._untold_ms(self._moved_ns)
        self._told_ms += passed_ms
        self._passage = passage = self._side.advance(passed_ms)
        passage.add_done_callback(self._arrive)

    def _arrive(self, passage: Future[None]) -> None:
        self._fault = passage.exception()
        self._passage = None
        self._poke_all()

    def _poke_all(self) -> None:
        me = threading.current_thread()
        for wait in tuple(self._waits):
            if wait.thread is not me:
                wait.poke()
