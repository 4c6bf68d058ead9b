"""The life of a client that is a function: in step with its server, up to its end or to where it is killed."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from typing import Protocol

from msgspec.structs import replace

from contracts.bench.bounded import Bounded, OutOfTime
from contracts.bench.direct import Asked
from contracts.bench.ports import Ports
from contracts.bench.said import Said
from contracts.bench.watchdog import Overdue, Watchdog
from contracts.cells.resume import is_reached
from contracts.client.callable import Work, called, raised, returned
from contracts.client.model import ClientError, Ending, Job
from contracts.inline.acts import Host
from contracts.inline.fence import Fence
from contracts.inline.network import Network
from contracts.lockstep import LockStep, Side
from contracts.witness.admin import Admin
from contracts.witness.journal import journal_of
from contracts.witness.observer import now_ms
from contracts.witness.scenario import Crash
from contracts.witness.wall import pause, steady_s

LOOK_EVERY_S, SETTLED_WITHIN_S = 0.000_5, 2.0
_KILLED = Ending(None, is_killed=True)


class InlineHost(Host, Asked, Side, Protocol):
    """A server in this process: asked, connected to, and in lock-step. ``tenants`` are those whose time goes on."""

    tenants: list[str]

    @property
    def is_wireless(self) -> bool:
        """Whether clients reach it by ``connect``, and not through the system."""

    def tenant_of(self, key: str) -> str: ...


class Killed(BaseException):
    """The client is killed here; nothing that catches errors shall catch it."""


class Life:
    """Lives of one function at one server. ``limit_s`` of virtual time is the longest that one may last."""

    def __init__(
        self, work: Work, host: InlineHost, admin: Admin, limit_s: float, watchdog: Watchdog, said: Said
    ) -> None:
        self._work, self._host, self._admin = work, host, admin
        self._limit_s, self._watchdog, self._said = limit_s, watchdog, said
        self._ports = Ports()

    def lived(self, job: Job, crash: Crash | None) -> tuple[Ending, int | None]:
        """How it ended, and the number of the request that it was killed at, whose answer it never got.

        With a crash it lives twice, and a process that goes on in memory where it was is no matter of ours. Raises
        ClientError, AdminError.
        """

        def die_there() -> None:
            if crash is not None and is_reached(crash, self._admin):
                raise Killed

        self._said.taken()  # what was said before it began is not its own
        try:
            return self._once(job, die_there), None
        except Killed:
            self._settle()
            last = max(line.number for line in journal_of(self._admin))
        return self._once(job, _live_on), last if self._host.is_wireless else None

    def _once(self, job: Job, at_each_step: Callable[[], None]) -> Ending:
        side = Bounded(self._host, self._limit_s, at_each_step)
        began_ms = now_ms(self._admin)
        with self._watchdog.watching(), LockStep(side, began_ms) as step, ExitStack() as stack:
            stack.enter_context(self._ports.watched(step.crew))
            fence = Fence(step.crew)
            stack.enter_context(fence.closed())
            if self._host.is_wireless:
                stack.enter_context(Network(self._host, step, fence, side).replaced())
            with self._said.heard():
                ending = _ending(self._work, job)
            if side.end is not None:
                # it was killed in the midst of it, and may not have come to close what it had opened
                self._ports.take_back(step.crew)
        self._settle()
        if side.end is not None and not isinstance(side.end, OutOfTime):
            raise side.end
        stdout, stderr = self._said.taken()
        ending = ending if side.end is None else _KILLED
        # what it has printed stands before what it has returned or raised
        return replace(
            ending, stdout=stdout + ending.stdout, stderr=stderr + ending.stderr, reached=fence.tried
        )

    def _settle(self) -> None:
        """What was on its way when the client ended has come to an end too, and will not stand in another's journal."""
        self._host.advance(0).result()
        until_s = steady_s() + SETTLED_WITHIN_S
        while self._host.look(None, _never).is_at_work and steady_s() < until_s:
            pause(LOOK_EVERY_S)


def _ending(work: Work, job: Job) -> Ending:
    """What the function makes of its end, and it may make anything of it."""
    try:
        return returned(called(work, job))
    except (KeyboardInterrupt, ClientError):
        raise
    except BaseException as fault:  # noqa: BLE001 - whatever a client raises is how it failed
        return _KILLED if _is_overdue(fault) else raised(fault)


def _is_overdue(fault: BaseException) -> bool:
    if isinstance(fault, BaseExceptionGroup):
        return fault.subgroup(Overdue) is not None
    return isinstance(fault, Overdue)


def _live_on() -> None:
    """Nothing happens to it here."""


def _never() -> bool:
    return False
