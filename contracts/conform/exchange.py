"""What was asked of a server and what it answered, written down for the judges."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import cast

import msgspec
from msgspec import Struct

Json = Mapping[str, object]

_QUOTED_CHARACTERS = 240


class Caller(StrEnum):
    """In whose name a request is made."""

    OWN = "own"
    OTHER = "other"
    """Another customer with a key of its own."""
    NOBODY = "nobody"
    """No Authorization header."""
    OTHER_SCHEME = "other-scheme"
    """An Authorization that is no bearer token."""
    FORGER = "forger"
    """A bearer token whose form alone gives it away: a JWT that nobody has signed."""
    WRONG_KEY = "wrong-key"
    """A key that nobody was given."""


class Request(Struct, frozen=True):
    """One request. ``operation`` is the contract's id, empty where the contract has no such thing.

    ``body`` goes out as JSON; ``raw``, where it is given, as it is, under ``content_type``.
    """

    operation: str
    method: str
    path: str
    body: object = None
    raw: bytes | None = None
    content_type: str = "application/json"

    @property
    def content(self) -> bytes:
        if self.raw is not None:
            return self.raw
        return b"" if self.body is None else msgspec.json.encode(self.body)


class Exchange(Struct, frozen=True):
    """One request and its answer. ``status`` is 0 where none came, and ``answer`` then says why.

    ``check`` is the check that made it, ``label`` its name for what it tried, ``expects`` the row of the error table
    that it must be answered with. ``now_ms`` is the server's time in Unix ms, None where it does not tell.
    """

    number: int
    check: str
    caller: Caller
    operation: str
    method: str
    path: str
    sent: bytes
    status: int
    answer: bytes
    content_type: str = "application/json"
    label: str = ""
    expects: str = ""
    now_ms: int | None = None

    @property
    def body(self) -> object:
        """The answer's JSON; None where it is none."""
        return decoded(self.answer)

    @property
    def is_fine(self) -> bool:
        return 200 <= self.status < 300

    def quote(self) -> str:
        """The exchange as evidence is quoted. It never holds a key."""
        said = self.answer.decode(errors="replace")
        cut = said if len(said) <= _QUOTED_CHARACTERS else f"{said[:_QUOTED_CHARACTERS]}..."
        tried = f" ({self.label})" if self.label else ""
        return f"#{self.number} {self.method} {self.path}{tried} -> {self.status or 'no answer'} {cut}"


class Delivered(Struct, frozen=True):
    """A callback that arrived."""

    body: bytes

    @property
    def json(self) -> object:
        return decoded(self.body)

    def quote(self) -> str:
        return f"callback {self.body.decode(errors='replace')[:_QUOTED_CHARACTERS]}"


def decoded(data: bytes) -> object:
    """The JSON in ``data``, None where it holds none."""
    try:
        return cast(object, msgspec.json.decode(data))
    except (msgspec.DecodeError, RecursionError):
        return None


def part(value: object, *path: str | int) -> object:
    """What stands at ``path`` below a JSON value; None where nothing does."""
    for step in path:
        if isinstance(step, str) and isinstance(value, dict):
            value = value.get(step)
        elif isinstance(step, int) and isinstance(value, list) and step < len(value):
            value = value[step]
        else:
            return None
    return value


def text_at(value: object, *path: str | int) -> str:
    """The text there, or the digits of a whole number; empty where there is neither."""
    found = part(value, *path)
    if isinstance(found, bool):
        return ""
    return found if isinstance(found, str) else str(found) if isinstance(found, int) else ""


def number_at(value: object, *path: str | int) -> float | None:
    """The number there, None where there is none."""
    found = part(value, *path)
    return found if isinstance(found, int | float) and not isinstance(found, bool) else None
