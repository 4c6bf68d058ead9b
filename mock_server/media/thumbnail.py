"""Pictures of faces: a small PNG, drawn."""

from __future__ import annotations

import struct
import zlib
from functools import lru_cache
from hashlib import blake2b
from itertools import chain

from mock_server.media.portrait import CLOSED, Colour, face

SIDE_PX = 64


@lru_cache(maxsize=256)
def face_png(face_id: str, digest: str) -> bytes:
    """A square PNG of a face before a colour that depends on the video's ``digest`` and on ``face_id``."""
    words = f"{digest}\x1f{face_id}".encode("utf-8", "surrogatepass")
    background = Colour(*(64 + byte // 2 for byte in blake2b(words, digest_size=3).digest()))
    rows = face(SIDE_PX, SIDE_PX, CLOSED, background)
    # Filter type 0 before every row: the bytes stand for themselves.
    pixels = b"".join(b"\0" + bytes(chain.from_iterable(row)) for row in rows)
    header = struct.pack(">IIBBBBB", SIDE_PX, SIDE_PX, 8, 2, 0, 0, 0)
    chunks = (_chunk(b"IHDR", header), _chunk(b"IDAT", zlib.compress(pixels, 9)), _chunk(b"IEND", b""))
    return b"".join((b"\x89PNG\r\n\x1a\n", *chunks))


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
