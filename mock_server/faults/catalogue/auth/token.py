"""The JWT that a request came with, read without checking: the provider's own stage has verified it."""

from __future__ import annotations

from base64 import urlsafe_b64decode
from collections.abc import Mapping

import msgspec
from msgspec import Struct

from mock_server.flow.call import Headers

_LATEST_S = 1e15


class BearerToken(Struct, frozen=True):
    """What a JWT says: its header's ``typ``, and the Unix seconds from which and until which it holds."""

    type: str
    not_before_s: float
    expires_s: float


def token_of(headers: Headers) -> BearerToken | None:
    """The JWT after ``Bearer``; None for an API key, which has no times."""
    token = (headers.get("authorization") or "").partition(" ")[2]
    parts = token.split(".")
    if len(parts) != 3:
        return None
    header, claims = _object_in(parts[0]), _object_in(parts[1])
    if header is None or claims is None:
        return None
    return BearerToken(str(header.get("typ", "")), _seconds(claims, "nbf"), _seconds(claims, "exp"))


def _object_in(part: str) -> Mapping[str, object] | None:
    try:
        value = msgspec.json.decode(urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _seconds(claims: Mapping[str, object], name: str) -> float:
    value = claims.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return 0.0
    return float(min(max(value, -_LATEST_S), _LATEST_S))
