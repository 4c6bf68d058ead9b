"""What a request is for: the target of its first line, taken apart."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple
from urllib.parse import unquote

import httptools

from mock_server.hosting.refusal import Refusal


class Target(NamedTuple):
    """``path`` is decoded; ``raw_path`` and ``query`` are as they came."""

    path: str
    raw_path: bytes
    query: bytes


# whoever waits for a task asks the same again and again
@lru_cache(maxsize=512)
def target_of(url: bytes) -> Target:
    """Take ``url`` apart, which may be whole. Raises Refusal."""
    parsed = httptools.parse_url(url)
    if parsed.path is None:
        raise Refusal(400, "the target of the request has no path")
    path = parsed.path.decode("ascii")
    return Target(unquote(path) if "%" in path else path, parsed.path, parsed.query or b"")
