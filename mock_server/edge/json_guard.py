"""Strict JSON: UTF-8 only, no duplicate keys, no absurd depth or node count, no number without a value."""

from __future__ import annotations

import re

import msgspec

from contracts.model import Violation
from mock_server.core.errors import Refused

MAX_DEPTH = 64
MAX_NODES = 100_000
_TWICE = "an object has a key twice"
_SHORT_BYTES = 64 * 1024
"""Up to this, writing what was read is quicker than taking the text apart; so few bytes hold no more than MAX_NODES."""
_ESCAPE = re.compile(rb"\\.", re.DOTALL)
_NO_BRACKETS = bytes(set(range(256)) - set(b"{}[]"))
_NO_MARKS = bytes(set(range(256)) - set(b'{["\\'))

_decode = msgspec.json.Decoder().decode
_encode = msgspec.json.Encoder().encode


def parse_json(raw: bytes) -> object:
    """The value of ``raw``. Raises Refused("invalid-request") with the reason for anything but one strict JSON text."""
    if len(raw) > _SHORT_BYTES:
        return _taken_apart(raw)
    marks = raw.translate(None, _NO_MARKS)
    quotes = marks.count(b'"')
    if len(marks) - quotes > MAX_DEPTH or b"\\" in marks:
        return _taken_apart(raw)
    value = _decoded(raw)
    # of a key that is there twice only the last is kept, so that quotes are missing when it is written again
    if _encode(value).count(b'"') != quotes:
        raise _malformed(_TWICE)
    return value


def _taken_apart(raw: bytes) -> object:
    """As ``parse_json``, for any text: its skeleton, which is what stands outside of string literals, tells the size.

    It is quick, because a 7 MB string is skipped, not walked.
    """
    # an escaped quote ends nothing
    literal = _ESCAPE.sub(b"", raw) if b"\\" in raw else raw
    skeleton = b"".join(literal.split(b'"')[::2])
    _check_size_of_structure(skeleton)
    value = _decoded(raw)
    if skeleton.count(b":") != _count_keys(value):
        raise _malformed(_TWICE)
    return value


def _decoded(raw: bytes) -> object:
    try:
        return _decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as fault:
        raise _malformed(_reason(fault)) from None


def _check_size_of_structure(skeleton: bytes) -> None:
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
