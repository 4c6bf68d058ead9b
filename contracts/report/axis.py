"""A time axis that is true where it can be and readable everywhere: small gaps get room, long ones are broken."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from msgspec import Struct

TYPICAL_PX = 46.0
"""The median gap."""
LEAST_PX = 34.0
SAME_MOMENT_PX = 26.0
MOST_PX = 118.0
FULL_PX = 944.0
MOST_STRETCH = 4.0


class Beat(Struct, frozen=True):
    """One thing to be placed. ``until_ms`` is later than ``at_ms`` for what stands for several."""

    at_ms: int
    until_ms: int
    breadth_px: float = 0.0


class Place(Struct, frozen=True):
    """Where a beat stands. ``gap_ms`` is the time before it; ``is_broken`` says that the gap is not to scale."""

    x: float
    end_x: float
    gap_ms: int
    is_broken: bool


class Axis(Struct, frozen=True):
    """The beats' places, in the order of the beats, and the width of all of them."""

    beats: tuple[Beat, ...]
    places: tuple[Place, ...]
    width: float

    def x(self, at_ms: int) -> float:
        """Where a moment is: between two beats in proportion, outside of them at the first or the last."""
        after = bisect_left([beat.at_ms for beat in self.beats], at_ms)
        if after == len(self.beats):
            return self.width
        if after == 0 or self.beats[after].at_ms == at_ms:
            return self.places[after].x
        before = self.beats[after - 1]
        passed = at_ms - before.at_ms
        start, end = self.places[after - 1].x, self.places[after].x
        return start + (end - start) * passed / (self.beats[after].at_ms - before.at_ms)


def axis_of(beats: Sequence[Beat]) -> Axis:
    """``beats`` in order of time, none of them before the end of the one before it; there is at least one."""
    gaps = [later.at_ms - earlier.until_ms for earlier, later in pairwise(beats)]
    natural = _natural(gaps)
    most = _most(natural)
    drawn = [min(width, most) for width in natural]
    stretch = min(MOST_STRETCH, max(1.0, FULL_PX / sum(drawn))) if drawn else 1.0
    places, x = [], 0.0
    for number, beat in enumerate(beats):
        gap_ms = gaps[number - 1] if number else 0
        x += drawn[number - 1] * stretch if number else 0.0
        is_broken = number > 0 and natural[number - 1] > most
        places.append(Place(round(x, 1), round(x + beat.breadth_px, 1), gap_ms, is_broken))
        x += beat.breadth_px
    return Axis(tuple(beats), tuple(places), places[-1].end_x)


def _most(natural: Sequence[float]) -> float:
    """The widest that a gap may be: as much as there is room for, so that few are broken."""
    widths = [FULL_PX * share for share in (0.7, 0.5, 0.35, 0.25, 0.17)]
    return next((most for most in widths if sum(min(width, most) for width in natural) <= FULL_PX), MOST_PX)


def _natural(gaps: Sequence[int]) -> list[float]:
    """The widths that the gaps would have on a true scale, but never too little to see them."""
    real = [gap for gap in gaps if gap > 0]
    unit = TYPICAL_PX / median(real) if real else 0.0
    return [max(LEAST_PX, gap * unit) if gap > 0 else SAME_MOMENT_PX for gap in gaps]
