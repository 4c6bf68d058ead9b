"""The drawn face: ovals, and which of them a point lies in. Used for drawn videos and for thumbnails."""

from __future__ import annotations

from typing import NamedTuple

CLOSED, OPEN = 0.02, 0.1
"""Half the height of the mouth, as a share of the picture's shorter side."""


class Colour(NamedTuple):
    """Red, green, blue, 0 to 255 each."""

    red: int
    green: int
    blue: int


BACKGROUND = Colour(0x2D, 0x4A, 0x5F)
_SKIN = Colour(0xE9, 0xB9, 0x90)
_EYE = Colour(0x23, 0x2B, 0x35)
_LIPS = Colour(0x8E, 0x2F, 0x3C)
_HAIR = Colour(0x4B, 0x33, 0x28)


class _Oval(NamedTuple):
    """Centre and half axes, in shares of the shorter side, from the middle of the picture."""

    x: float
    y: float
    half_width: float
    half_height: float
    colour: Colour


_FACE = (
    _Oval(0.0, -0.1, 0.31, 0.34, _HAIR),
    _Oval(0.0, 0.0, 0.27, 0.36, _SKIN),
    _Oval(-0.11, -0.08, 0.035, 0.045, _EYE),
    _Oval(0.11, -0.08, 0.035, 0.045, _EYE),
)


def face(columns: int, rows: int, mouth: float, background: Colour = BACKGROUND) -> list[list[Colour]]:
    """Rows of ``columns`` colours that show a face; ``mouth`` is how far it is open, from CLOSED to OPEN."""
    ovals = (*_FACE, _Oval(0.0, 0.19, 0.11, mouth, _LIPS))
    unit = min(columns, rows)
    return [
        [
            _colour((x + 0.5 - columns / 2) / unit, (y + 0.5 - rows / 2) / unit, ovals, background)
            for x in range(columns)
        ]
        for y in range(rows)
    ]


def _colour(x: float, y: float, ovals: tuple[_Oval, ...], background: Colour) -> Colour:
    found = background
    for oval in ovals:
        if ((x - oval.x) / oval.half_width) ** 2 + ((y - oval.y) / oval.half_height) ** 2 < 1:
            found = oval.colour
    return found
