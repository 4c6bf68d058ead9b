"""Time at a server: the simulator's is moved by hand, any other's has to pass."""

from __future__ import annotations

from typing import Protocol

from msgspec import Struct

from contracts.witness.admin import Admin
from contracts.witness.wall import pause

POLL_PAUSE_S = 5.0


class ServerClock(Protocol):
    """``now_ms`` is the server's time in Unix ms where it is known."""

    can_jump: bool

    @property
    def now_ms(self) -> int | None: ...

    def advance(self, seconds: float) -> None: ...

    def settle(self) -> None: ...

    def restore(self) -> None: ...


class _Reading(Struct):
    now_ms: int
    mode: str
    rate: float


class SimulatorClock:
    """The clock of a tenant, which stands still but for our advances; and its memory. Raises AdminError."""

    can_jump = True

    def __init__(self, admin: Admin) -> None:
        self._admin = admin
        self._found = admin.read("clock", _Reading)
        admin.send("PUT", "clock", {"mode": "manual"})
        self._now_ms = admin.read("clock", _Reading).now_ms

    @property
    def now_ms(self) -> int:
        return self._now_ms

    def advance(self, seconds: float) -> None:
        """Returns when everything that fell due has settled, callbacks included."""
        self._move({"seconds": seconds})

    def settle(self) -> None:
        """Until every task that time alone can end has ended."""
        self._move({"until": "idle"})

    def forget(self) -> None:
        """Forget what the tenant has made and asked: the same requests then have the same answers again."""
        self._admin.send("POST", "reset", {"what": ["tasks", "journal", "faults"]})

    def restore(self) -> None:
        """The mode that it had; what has passed cannot be taken back."""
        body: dict[str, object] = {"mode": self._found.mode}
        if self._found.mode == "scaled":
            body["rate"] = self._found.rate
        self._admin.send("PUT", "clock", body)

    def _move(self, how: dict[str, object]) -> None:
        self._admin.send("POST", "clock/advance", how)
        self._now_ms = self._admin.read("clock", _Reading).now_ms


class WaitingClock:
    """Real time: to advance is to wait, at most ``pause_s`` at once."""

    can_jump = False

    def __init__(self, pause_s: float = POLL_PAUSE_S) -> None:
        self._pause_s = pause_s

    @property
    def now_ms(self) -> None:
        return None

    def advance(self, seconds: float) -> None:  # noqa: ARG002 - nobody can tell how long is enough
        pause(self._pause_s)

    def settle(self) -> None:
        """Nothing can be done to hasten it."""

    def restore(self) -> None:
        """Nothing was changed."""
