"""A bounded reader of ISO-BMFF boxes: it never trusts a size, and stops after a fixed number of boxes.

Boxes are visited one container at a time, on request, so the depth is that of the caller's path (six at
most), however deep a hostile file nests.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

from mock_server.core.errors import ProbeError

MAX_BOXES = 10_000
"""Boxes visited in one file (reliability.md § 1.9)."""


@dataclass(frozen=True, slots=True)
class Box:
    """One box. ``start`` and ``end`` bound its content; the header stands before ``start``."""

    kind: bytes
    header: int
    start: int
    end: int

    @property
    def size(self) -> int:
        """Bytes of content."""
        return self.end - self.start


class BoxReader:
    """Reads boxes of ``data``. Every method raises ProbeError where the bytes make no sense."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self._seen = 0

    def top(self) -> list[Box]:
        """The boxes of the file itself."""
        return self._boxes(0, len(self.data))

    def children(self, box: Box, skip: int = 0) -> list[Box]:
        """The boxes in ``box``, after ``skip`` bytes of fields of its own."""
        if skip > box.size:
            raise ProbeError(f"box {box.kind!r} is too short")
        return self._boxes(box.start + skip, box.end)

    def find(self, box: Box, *path: bytes) -> Box | None:
        """The first box at ``path`` below ``box``; None where a step of the path is missing."""
        for kind in path:
            found = next((child for child in self.children(box) if child.kind == kind), None)
            if found is None:
                return None
            box = found
        return box

    def need(self, box: Box, *path: bytes) -> Box:
        """As ``find``, for boxes that a file must have."""
        found = self.find(box, *path)
        if found is None:
            raise ProbeError(f"box {b'/'.join(path)!r} is missing")
        return found

    def fields(self, box: Box, form: str, offset: int = 0) -> tuple[int, ...]:
        """Big-endian integers of ``box`` by a ``struct`` form, ``offset`` bytes into its content."""
        return self.fields_at(box.start + offset, box.end, form)

    def fields_at(self, position: int, end: int, form: str) -> tuple[int, ...]:
        """Big-endian integers at ``position`` of the file, which must end by ``end``."""
        if position + struct.calcsize(">" + form) > end:
            raise ProbeError("a box ends in the middle of a field")
        return struct.unpack_from(">" + form, self.data, position)

    def content(self, box: Box) -> bytes:
        return self.data[box.start : box.end]

    def _boxes(self, position: int, end: int) -> list[Box]:
        found = []
        while end - position >= 8:
            box = self._box(position, end)
            found.append(box)
            position = box.end
        return found

    def _box(self, position: int, end: int) -> Box:
        self._seen += 1
        if self._seen > MAX_BOXES:
            raise ProbeError(f"more than {MAX_BOXES} boxes")
        (size,) = self.fields_at(position, end, "I")
        kind = self.data[position + 4 : position + 8]
        start = position + 8
        if size == 1:
            (size,) = self.fields_at(start, end, "Q")
            start += 8
        elif size == 0:
            # A size of zero means "to the end of what holds it"; also QuickTime's list terminator.
            size = end - position
        if not start - position <= size <= end - position:
            raise ProbeError("a box has an impossible size")
        return Box(kind, position, start, position + size)
