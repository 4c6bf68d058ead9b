"""H.264 of flat blocks: a real encoder for pictures whose 16x16 macroblocks have one colour each.

That is enough for a drawn face, and small enough to be right: constrained baseline, CAVLC, one slice a
picture, no deblocking. Every block is coded as Intra 16x16 predicted from its left neighbour (in the first
column from above), plus one DC coefficient a plane; what does not change is skipped. The quantisers are
chosen so that a coefficient of n is a difference of exactly n: luma at QP 28, chroma at QP 22, where the
scale of § 8.5.10 and § 8.5.11 comes to one. Paragraphs are those of ITU-T H.264.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from mock_server.media.bits import fixed, packed, signed, unsigned

BLOCK_PX = 16
FRAME_NUMBERS = 256
"""A key picture is due at the latest after this many pictures (log2_max_frame_num is 8)."""

_PROFILE = b"\x42\xc0"
"""Baseline with the constraints of constrained baseline."""
_LEVELS = ((31, 3_600), (40, 8_192), (51, 36_864), (60, 139_264))
"""level_idc and the most macroblocks in a picture (table A-1)."""
_LUMA_QP, _CHROMA_QP_OFFSET = 28, -6


class Colour(NamedTuple):
    """Y, Cb, Cr, 0 to 255 each."""

    luma: int
    blue: int
    red: int


_MID_GREY = Colour(128, 128, 128)
"""What the very first block is predicted from (§ 8.3.3.3)."""

Mosaic = Sequence[Sequence[Colour]]
"""Rows of macroblocks."""


class ParameterSets(NamedTuple):
    """Sequence and picture parameter set, as NAL units without length or start code."""

    sequence: bytes
    picture: bytes


def parameter_sets(width: int, height: int) -> ParameterSets:
    """The parameter sets of pictures of this size. Both sides are even: 4:2:0 cannot cut off one pixel."""
    columns, rows = -(-width // BLOCK_PX), -(-height // BLOCK_PX)
    crop = (0, (columns * BLOCK_PX - width) // 2, 0, (rows * BLOCK_PX - height) // 2)
    level = next(idc for idc, blocks in _LEVELS if _fits(columns, rows, blocks))
    sequence = (
        # id, log2_max_frame_num - 4, picture order as coded (type 2), one reference picture, no gaps
        (unsigned(0), unsigned(4), unsigned(2), unsigned(1), "0"),
        # size in blocks, frames only, direct_8x8_inference
        (unsigned(columns - 1), unsigned(rows - 1), "1", "1"),
        ("1", *map(unsigned, crop), "0"),
    )
    # ids, CAVLC, one slice group, one reference, no weights, QPs, deblocking is said in the slice
    picture = (unsigned(0) * 2, "00", unsigned(0) * 3, "000")
    quantisers = (signed(_LUMA_QP - 26), signed(0), signed(_CHROMA_QP_OFFSET), "100")
    header = _PROFILE + bytes([level])
    return ParameterSets(
        _nal(0x67, "".join(part for row in sequence for part in row), header),
        _nal(0x68, "".join((*picture, *quantisers))),
    )


def configuration(sets: ParameterSets) -> bytes:
    """The ``avcC`` record of ISO/IEC 14496-15 with lengths of four bytes."""
    sequence, picture = sets
    return b"".join(
        (
            b"\x01" + sequence[1:4] + b"\xff\xe1",
            len(sequence).to_bytes(2, "big") + sequence,
            b"\x01" + len(picture).to_bytes(2, "big") + picture,
        )
    )


def key_picture(mosaic: Mosaic) -> bytes:
    """An IDR picture as one sample of an MP4 track."""
    blocks = (
        _block(mosaic, row, column, 0) for row in range(len(mosaic)) for column in range(len(mosaic[0]))
    )
    # first block, I slice, picture set, frame number, idr_pic_id, marking, QP delta, no deblocking
    header = (unsigned(0), unsigned(7), unsigned(0), fixed(0, 8), unsigned(0), "00", signed(0), unsigned(1))
    return _sample(_nal(0x65, "".join((*header, *blocks))))


def changes(before: Mosaic, after: Mosaic) -> str:
    """The macroblock data, in binary digits, of a picture that turns ``before`` into ``after``."""
    codes, skipped = [], 0
    for row, blocks in enumerate(after):
        for column, colour in enumerate(blocks):
            if colour == before[row][column]:
                skipped += 1
                continue
            codes.append(unsigned(skipped) + _block(after, row, column, 5))
            skipped = 0
    return "".join(codes) + (unsigned(skipped) if skipped else "")


def next_picture(changed: str, number: int) -> bytes:
    """A predicted picture with the data of ``changes``; ``number`` counts from the last key picture."""
    # first block, P slice, picture set, frame number, no overrides, no marking, QP delta, no deblocking
    header = (unsigned(0), unsigned(5), unsigned(0), fixed(number, 8), "000", signed(0), unsigned(1))
    return _sample(_nal(0x41, "".join((*header, changed))))


def _fits(columns: int, rows: int, blocks: int) -> bool:
    """§ A.3.1: the area, and no side above the root of eight times the area."""
    return columns * rows <= blocks and max(columns, rows) ** 2 <= 8 * blocks


def _block(mosaic: Mosaic, row: int, column: int, first_type: int) -> str:
    """One Intra 16x16 macroblock. ``first_type`` is 5 where the inter types are numbered first (§ 7.4.5)."""
    if column:
        known, luma_mode, chroma_mode = mosaic[row][column - 1], 1, 1
    elif row:
        known, luma_mode, chroma_mode = mosaic[row - 1][0], 0, 2
    else:
        known, luma_mode, chroma_mode = _MID_GREY, 2, 0
    colour = mosaic[row][column]
    blue, red = colour.blue - known.blue, colour.red - known.red
    has_chroma = bool(blue or red)
    kind = unsigned(first_type + 1 + luma_mode + 4 * has_chroma)
    parts = [kind, unsigned(chroma_mode), signed(0), _coefficient(colour.luma - known.luma, is_chroma=False)]
    if has_chroma:
        parts += [_coefficient(blue, is_chroma=True), _coefficient(red, is_chroma=True)]
    return "".join(parts)


def _coefficient(level: int, *, is_chroma: bool) -> str:
    """CAVLC of a block whose only coefficient is the first (§ 9.2, tables 9-5 and 9-7, § 9.2.2.1)."""
    if level == 0:
        return "01" if is_chroma else "1"
    if abs(level) == 1:
        return ("1" if is_chroma else "01") + ("1" if level < 0 else "0") + "1"
    token = "000111" if is_chroma else "000101"
    code = 2 * abs(level) - 4 + (level < 0)
    if code < 14:
        coded = "0" * code + "1"
    elif code < 30:
        coded = "0" * 14 + "1" + fixed(code - 14, 4)
    else:
        coded = "0" * 15 + "1" + fixed(code - 30, 12)
    return token + coded + "1"


def _nal(header: int, digits: str, first: bytes = b"") -> bytes:
    """A NAL unit: stop bit, padding, and a 3 wherever two zeros would look like a start code (§ 7.4.1)."""
    digits += "1"
    body = first + packed(digits, "0" * (-len(digits) % 8))
    return bytes([header]) + re.sub(rb"\0\0(?=[\0-\3])", b"\0\0\3", body)


def _sample(nal: bytes) -> bytes:
    return len(nal).to_bytes(4, "big") + nal
