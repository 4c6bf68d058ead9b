"""``lipflap_clock``: the client's time in lock-step with all tenants of a test."""

from __future__ import annotations

from contextlib import AbstractContextManager, ExitStack
from types import TracebackType
from typing import TYPE_CHECKING, Self

from contracts.lockstep import LockStep
from contracts.plugin.side import ServerSide, Sides

if TYPE_CHECKING:
    from mock_server.hosting.background import BackgroundServer


class LipflapClock:
    """Nothing waits in vain: sleeps, timers and timeouts of a client pass at once, on its clocks and the server's.

    Its ``with`` block is the time in which this holds, for the thread that begins it and those that it starts.
    """

    def __init__(self, server: BackgroundServer, key: str) -> None:
        self._sides = Sides()
        self._stack = ExitStack()
        now_ms = self._take(server, key)
        self._step = LockStep(self._sides, now_ms)

    def __enter__(self) -> Self:
        self._stack.enter_context(self._step)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    @property
    def elapsed_s(self) -> float:
        """How much time has passed since the beginning."""
        return self._step.elapsed_s

    def advance(self, seconds: float) -> None:
        """Let time pass, with everything that falls due on the way, as a sleep of the client would."""
        self._step.sleep(seconds)

    def on_real_time(self) -> AbstractContextManager[None]:
        """The calling thread is on the machine's time in this block, and so are threads that it starts there."""
        return self._step.on_real_time()

    def join(self, server: BackgroundServer, key: str) -> None:
        """Another tenant's time goes along, from the client's present on."""
        with self._step.on_real_time():
            behind_ms = self._step.unix_ns() // 1_000_000 - self._take(server, key)
            if behind_ms > 0:
                tempo = server.tempo
                server.submit(tempo.pass_time([tempo.tenant(key)], behind_ms)).result()

    def _take(self, server: BackgroundServer, key: str) -> int:
        """Have the tenant's clock stand, and give it back as it went; its present in Unix ms."""
        from mock_server.core.clock import ClockMode

        tempo = server.tempo
        tenant = tempo.tenant(key)
        hands = server.submit(tempo.turn(tenant, ClockMode.MANUAL)).result()
        self._stack.callback(lambda: server.submit(tempo.turn(tenant, hands.mode, hands.rate)).result())
        side = next((side for side in self._sides.all if side.server is server), None)
        if side is None:
            side = ServerSide(server)
            self._sides.all.append(side)
        side.tenants.append(tenant)
        return hands.now_ms
