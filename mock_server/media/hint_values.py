"""The values that hints may take. Each parser raises ValueError whose text completes "must be ..."."""

from __future__ import annotations

from collections.abc import Callable

from mock_server.core.media import Interval, MediaFormat
from mock_server.media.duration import MAX_DURATION_MS

MAX_FACES = 100
_FLAGS = {"1": True, "true": True, "0": False, "false": False}


def whole_number(text: str, highest: int) -> int:
    """ASCII digits only: ``int`` alone would take signs, blanks, underscores and other scripts' digits."""
    if not (text.isascii() and text.isdigit() and len(text) <= 20 and int(text) <= highest):
        raise ValueError(f"a whole number from 0 to {highest}")
    return int(text)


def up_to(highest: int) -> Callable[[str], int]:
    """A parser of whole numbers from 0 to ``highest``."""
    return lambda text: whole_number(text, highest)


def flag(text: str) -> bool:
    if text not in _FLAGS:
        raise ValueError("0 or 1")
    return _FLAGS[text]


def media_format(text: str) -> MediaFormat:
    if text not in set(MediaFormat):
        raise ValueError(f"one of {', '.join(MediaFormat)}")
    return MediaFormat(text)


def verdict(text: str) -> bool:
    """Whether moderation rejects the file."""
    if text not in {"reject", "pass"}:
        raise ValueError("reject or pass")
    return text == "reject"


def _moment(text: str) -> int:
    return whole_number(text, MAX_DURATION_MS)


def intervals(text: str) -> tuple[Interval, ...]:
    """``0-5200,6000-9000``: one interval a face, in ms; the empty text is no face."""
    try:
        parts = [part.split("-") for part in text.split(",")] if text else []
        found = tuple(Interval(_moment(start), _moment(end)) for start, end in parts)
    except ValueError as fault:
        raise ValueError("intervals in ms such as 0-5200,6000-9000") from fault
    if len(found) > MAX_FACES or any(interval.length_ms <= 0 for interval in found):
        raise ValueError(f"at most {MAX_FACES} intervals, each with its end behind its start")
    return found
