"""One clock a tenant: real, scaled or manual. A clock is a value; reading it takes the wall's time as an argument."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

MANUAL_EPOCH_MS = 1_767_225_600_000
"""2026-01-01T00:00:00Z: where a manual clock starts, so that two runs agree to the millisecond."""


class ClockMode(StrEnum):
    """How a clock runs: with the wall, faster or slower than it, or only when it is moved."""

    REAL = "real"
    SCALED = "scaled"
    MANUAL = "manual"


class Clock(Struct, frozen=True):
    """Virtual time is ``virtual_ms + (wall - wall_ms) * rate``; ``rate`` is 0 for a manual clock.

    ``wall_ms`` is any monotonic count of milliseconds that the caller keeps to.
    """

    mode: ClockMode
    virtual_ms: int
    wall_ms: int
    rate: float

    def now_ms(self, wall_ms: int) -> int:
        """Virtual Unix time in milliseconds."""
        return self.virtual_ms + int((wall_ms - self.wall_ms) * self.rate)

    def moved_to(self, virtual_ms: int, wall_ms: int) -> Clock:
        """The same clock standing at ``virtual_ms``; it never goes back."""
        return Clock(self.mode, max(virtual_ms, self.now_ms(wall_ms)), wall_ms, self.rate)

    def turned_to(self, mode: ClockMode, rate: float, wall_ms: int) -> Clock:
        """Another mode from the same moment on."""
        return Clock(mode, self.now_ms(wall_ms), wall_ms, rate_of(mode, rate))

    def wall_wait_ms(self, virtual_ms: int, wall_ms: int) -> int | None:
        """How long the wall has to wait until ``virtual_ms``; None for a clock that does not run."""
        if self.rate <= 0:
            return None
        return max(0, int((virtual_ms - self.now_ms(wall_ms)) / self.rate) + 1)


def rate_of(mode: ClockMode, rate: float) -> float:
    """The rate that a mode implies: 1 for real, 0 for manual, as given for scaled."""
    match mode:
        case ClockMode.REAL:
            return 1.0
        case ClockMode.MANUAL:
            return 0.0
        case ClockMode.SCALED:
            return rate
