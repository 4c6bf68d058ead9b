"""How time goes by for a client that is a command: faster where that can be done, as it is elsewhere.

Two ways make it faster, and both are laid into the environment, so that a client's children have them too. A Python
process loads ``client/preload/sitecustomize.py``; any other that is linked dynamically gets libfaketime, if that is
installed. The tenants' clocks on the server run at the same rate and from the same moment.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

from msgspec import Struct

from contracts.witness.usage import UsageError
from contracts.witness.wall import unix_s

PRELOAD = Path(__file__).parents[1] / "client" / "preload"
RATE = 40.0
"""A timeout of 20 s is then half a second, which a busy machine keeps; a wait of 10 minutes is 15 s."""
HIGHEST_RATE = 1_000.0
_HOP_MS, _HELD_BACK_MS = 10, 1_500
_PLACES = ("/usr/lib", "/usr/lib64", "/usr/local/lib", "/lib")
_LIBRARY = "faketime/libfaketime.so.1"
_ELF = b"\x7fELF"
_INTERPRETER = 3
_HEAD_BYTES = 4_096


class Timing(Struct, frozen=True):
    """Time is ``rate`` times as fast from ``start_s`` (Unix time) on. ``library`` is empty without libfaketime."""

    rate: float
    start_s: float
    says: str
    library: str = ""

    @property
    def is_scaled(self) -> bool:
        return self.rate != 1.0

    @property
    def clock(self) -> str:
        """As ``lipflap serve --clock`` takes it."""
        return f"{self.rate:g}x" if self.is_scaled else "real"

    def faster_s(self, now_s: float) -> float:
        """The client's time at a moment of the wall."""
        return self.start_s + (now_s - self.start_s) * self.rate

    def wall_s(self, seconds: float) -> float:
        """How long that takes on the wall."""
        return seconds / self.rate

    @property
    def noise_ms(self) -> int:
        """By so much two moments may be off each other for no doing of the client's: hops of ours are faster too."""
        return round(_HOP_MS * self.rate) if self.is_scaled else 0

    def floor_ms(self, floor_ms: int) -> int:
        """The least gap that can be held against a client that keeps to ``floor_ms``."""
        return max(floor_ms // 3, floor_ms - self.noise_ms)

    def ceiling_ms(self, ceiling_ms: int) -> int:
        """The longest that can be, where a busy machine may hold a process back."""
        return ceiling_ms + round(_HELD_BACK_MS * self.rate) if self.is_scaled else ceiling_ms

    def environment(self, base: Mapping[str, str], now_s: float) -> dict[str, str]:
        """What a process that is started at ``now_s`` needs beside ``base`` to see this time."""
        if not self.is_scaled:
            return {}
        found = {
            "LIPFLAP_TIME": f"{self.start_s:.6f} {self.rate:g}",
            "PYTHONPATH": _led_by(str(PRELOAD), base.get("PYTHONPATH", "")),
        }
        if self.library:
            found["LD_PRELOAD"] = _led_by(self.library, base.get("LD_PRELOAD", ""))
            found["FAKETIME"] = f"+{self.faster_s(now_s) - now_s:.6f} x{self.rate:g}"
            found["FAKETIME_NO_CACHE"] = "1"
        return found


IN_STEP = Timing(1.0, 0.0, "virtual time, in step with the client")
"""For a function of our own process: its time and the server's are one, and stand while anybody works."""


def real_time(why: str = "") -> Timing:
    return Timing(1.0, 0.0, f"real time{f': {why}' if why else ''}; tasks go by the number of polls")


def timing_for(argv: Sequence[str], clock: str = "auto", now_s: float | None = None) -> Timing:
    """``clock`` is auto, real, or a rate such as 60x, which is kept to even where nothing promises that it works.

    Raises UsageError for a clock that is none of these.
    """
    if clock == "real":
        return real_time()
    rate = RATE if clock == "auto" else _rate(clock)
    start_s = unix_s() if now_s is None else now_s
    program = Path(shutil.which(argv[0]) or argv[0])
    if is_python(program):
        return Timing(rate, start_s, f"{rate:g} times as fast, by clocks of ours in the Python process")
    library = find_library()
    if library and is_dynamic(program):
        return Timing(rate, start_s, f"{rate:g} times as fast, by libfaketime", str(library))
    if clock != "auto":
        return Timing(
            rate, start_s, f"{rate:g} times as fast on the server; nothing makes this client faster"
        )
    why = f"{program.name} is linked statically" if library else "libfaketime is not installed"
    return real_time(why)


def find_library() -> Path | None:
    """Where a distribution has put libfaketime."""
    for place in _PLACES:
        for file in sorted([*Path(place).glob(_LIBRARY), *Path(place).glob(f"*/{_LIBRARY}")]):
            return file
    return None


def is_python(program: Path) -> bool:
    """An interpreter, or a script that begins by naming one."""
    if program.name.startswith(("python", "pypy")):
        return True
    head = _head(program)
    return head.startswith(b"#!") and b"python" in head.partition(b"\n")[0]


def is_dynamic(program: Path) -> bool:
    """Whether a library can be put before it: it is no ELF file (a script), or one with an interpreter."""
    head = _head(program)
    if not head.startswith(_ELF):
        return True
    is_64 = head[4] == 2

    def number(at: int, size: int) -> int:
        return int.from_bytes(head[at : at + size], "little" if head[5] == 1 else "big")

    first, size, count = (
        (number(32, 8), number(54, 2), number(56, 2))
        if is_64
        else (number(28, 4), number(42, 2), number(44, 2))
    )
    return any(number(first + size * one, 4) == _INTERPRETER for one in range(count))


def _head(program: Path) -> bytes:
    try:
        with program.open("rb") as file:
            return file.read(_HEAD_BYTES)
    except OSError:
        return b""


def _rate(clock: str) -> float:
    try:
        rate = float(clock.removesuffix("x")) if clock.endswith("x") and clock.isascii() else 0.0
    except ValueError:
        rate = 0.0
    if not 0 < rate <= HIGHEST_RATE:
        raise UsageError(
            f"--clock must be auto, real, or a rate up to {HIGHEST_RATE:g}x such as 60x, not {clock!r}"
        )
    return rate


def _led_by(first: str, rest: str) -> str:
    return f"{first}:{rest}" if rest else first
