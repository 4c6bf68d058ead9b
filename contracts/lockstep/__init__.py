"""Time for clients in this process: their sleeps, timers and timeouts pass in lock-step with a server's clock."""

from contracts.lockstep.side import Alone, Moment, Side
from contracts.lockstep.step import LockStep

__all__ = ["Alone", "LockStep", "Moment", "Side"]
