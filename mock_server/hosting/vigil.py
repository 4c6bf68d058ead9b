"""Judge by looking now and then whether a connection is late: a request pays nothing for its deadlines."""

from __future__ import annotations

from enum import Enum, auto
from typing import NamedTuple

from mock_server.hosting.limits import Limits


class Phase(Enum):
    """What a connection waits for. ``OURS``: for us, not for the client."""

    FIRST_BYTE = auto()
    HEAD = auto()
    BODY = auto()
    OURS = auto()
    IDLE = auto()
    PARTING = auto()


class Sight(NamedTuple):
    """A connection as it stands. ``message`` is another object for each request; ``unsent_bytes`` wait to go out."""

    phase: Phase
    message: object
    body_bytes: int
    unsent_bytes: int


class Finding(Enum):
    """What a look has shown: the client owes us bytes, or takes none, or has taken none since the last look."""

    FINE = auto()
    LATE = auto()
    STUCK = auto()
    STALLED = auto()


class Vigil:
    """Since when one connection has stood as it does, as far as looking at it has shown.

    A deadline is kept to within twice the time between looks, and never passed early.
    """

    __slots__ = ("_body_bytes", "_limits", "_message", "_phase", "_since", "_unsent_bytes", "_unsent_since")

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._phase: Phase | None = None
        self._message: object = None
        self._since = self._unsent_since = 0.0
        self._body_bytes = self._unsent_bytes = 0

    def look(self, now_s: float, sight: Sight) -> Finding:
        """Judge, and remember what was seen. ``now_s`` never goes back."""
        if sight.phase is not self._phase or sight.message is not self._message:
            self._phase, self._message = sight.phase, sight.message
            self._begin(now_s, 0)
        if self._is_overdue(now_s, sight):
            return Finding.LATE
        if sight.unsent_bytes != self._unsent_bytes or not sight.unsent_bytes:
            self._unsent_bytes, self._unsent_since = sight.unsent_bytes, now_s
            return Finding.FINE
        waited_s = now_s - self._unsent_since
        if waited_s >= self._limits.write_s:
            return Finding.STUCK
        return Finding.STALLED if waited_s >= self._limits.stall_s else Finding.FINE

    @property
    def stalled_since_s(self) -> float:
        """When the client was last seen to take something."""
        return self._unsent_since

    def _begin(self, now_s: float, body_bytes: int) -> None:
        self._since, self._body_bytes = now_s, body_bytes

    def _is_overdue(self, now_s: float, sight: Sight) -> bool:
        allowed_s = self._allowed_s(sight.phase)
        passed_s = now_s - self._since
        if allowed_s is None or passed_s < allowed_s:
            return False
        if sight.phase is not Phase.BODY:
            return True
        is_slow = sight.body_bytes - self._body_bytes < passed_s * self._limits.body_bytes_per_s
        self._begin(now_s, sight.body_bytes)
        return is_slow

    def _allowed_s(self, phase: Phase) -> float | None:
        limits = self._limits
        match phase:
            case Phase.FIRST_BYTE:
                return limits.first_byte_s
            case Phase.HEAD:
                return limits.head_s
            case Phase.BODY:
                return limits.body_s
            case Phase.IDLE:
                return limits.idle_s
            case Phase.PARTING:
                return limits.linger_s
            case Phase.OURS:
                return None
