"""The clock of one tenant, for a test that moves it by hand."""

from __future__ import annotations

from datetime import UTC, datetime

from contracts.lockstep import LockStep
from contracts.witness.admin import Admin
from contracts.witness.observer import now_ms


class Clock:
    """Reads and moves the tenant's clock. While a test has ``lipflap_clock``, the client's clock goes along."""

    def __init__(self, admin: Admin) -> None:
        self._admin = admin

    @property
    def now_ms(self) -> int:
        """Unix time in ms."""
        return now_ms(self._admin)

    @property
    def now(self) -> datetime:
        return datetime.fromtimestamp(self.now_ms / 1000, UTC)

    def hold(self) -> None:
        """Let it stand until it is moved."""
        self._admin.send("PUT", "clock", {"mode": "manual"})

    def run(self, rate: float = 1.0) -> None:
        """Let it run, ``rate`` times as fast as the machine's."""
        real = {"mode": "real"}
        self._admin.send("PUT", "clock", real if rate == 1 else {"mode": "scaled", "rate": rate})

    def advance(self, seconds: float) -> None:
        """Move it on; returns when everything that fell due has settled, callbacks included."""
        step = LockStep.current()
        if step is not None and step.is_begun():
            step.sleep(seconds)
        else:
            self._admin.send("POST", "clock/advance", {"seconds": seconds})

    def advance_until_idle(self) -> None:
        """Move it on until time alone would bring nothing more. Not for a test that has ``lipflap_clock``."""
        if LockStep.is_begun():
            raise RuntimeError(
                "with lipflap_clock both clocks go together: advance(seconds), or let the client wait"
            )
        self._admin.send("POST", "clock/advance", {"until": "idle"})
