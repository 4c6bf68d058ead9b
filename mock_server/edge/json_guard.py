"""Strict JSON: UTF-8 only, no duplicate keys, no absurd depth or node count, no number without a value."""

from __future__ import annotations

import re

import msgspec

from contracts.model import Violation
from mock_server.core.errors import Refused

MAX_DEPTH = 64
MAX_NODES = 100_000
_SHORT_BYTES = 64 * 1024
"""Beyond this, walking the values is quicker than hashing the strings."""
_ESCAPE = re.compile(rb"\\.", re.DOTALL)
_NO_BRACKETS = bytes(set(range(256)) - set(b"{}[]"))


def parse_json(raw: bytes) -> object:
    """The value of ``raw``. Raises Refused("invalid-request") with the reason for anything but one strict JSON text."""
    # an escaped quote ends nothing, and an escaped letter may spell a key that is there already
    is_plain = b"\\" not in raw
    parts = (raw if is_plain else _ESCAPE.sub(b"", raw)).split(b'"')
    skeleton = b"".join(parts[::2])
    _check_size_of_structure(skeleton)
    try:
        value = msgspec.json.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as fault:
        raise _malformed(_reason(fault)) from None
    if is_plain and len(raw) <= _SHORT_BYTES and _all_differ(parts[1::2]):
        return value
    if skeleton.count(b":") != _count_keys(value):
        raise _malformed("an object has a key twice")
    return value


def _all_differ(strings: list[bytes]) -> bool:
    """Whether no string literal, key or not, is there twice: the quick way to know that no key is."""
    return len(set(strings)) == len(strings)


def _check_size_of_structure(skeleton: bytes) -> None:
    """``skeleton`` is what stands outside of string literals: quick, because a 7 MB string is skipped, not walked."""
    opened = skeleton.count(b"{") + skeleton.count(b"[")
    if opened + skeleton.count(b",") > MAX_NODES:
        raise _malformed(f"more than {MAX_NODES} values")
    if opened > MAX_DEPTH and _depth(skeleton) > MAX_DEPTH:
        raise _malformed(f"nested deeper than {MAX_DEPTH} levels")


def _depth(skeleton: bytes) -> int:
    depth = deepest = 0
    # the brackets alone: blanks between them may fill the whole body
    for byte in skeleton.translate(None, _NO_BRACKETS):
        if byte in b"{[":
            depth += 1
            deepest = max(deepest, depth)
        else:
            depth -= 1
    return deepest


def _count_keys(value: object) -> int:
    total = 0
    waiting = [value]
    while waiting:
        item = waiting.pop()
        # exact types: that is all a decoder makes, and this runs for every value of every body
        if type(item) is dict:
            total += len(item)
            waiting += item.values()
        elif type(item) is list:
            waiting += item
    return total


def _reason(fault: Exception) -> str:
    if isinstance(fault, RecursionError):
        return f"nested deeper than {MAX_DEPTH} levels"
    if isinstance(fault, UnicodeDecodeError):
        return "not UTF-8"
    return str(fault)


def _malformed(reason: str) -> Refused:
    violation = Violation("", "json", f"request body is not valid JSON: {reason}")
    return Refused("invalid-request", (violation,))
