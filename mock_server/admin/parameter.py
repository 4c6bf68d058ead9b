"""Query parameters: parsed strictly, described by the same record that parses them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from mock_server.admin.problem import BadRequest

T_co = TypeVar("T_co", covariant=True)
Default = TypeVar("Default", int, None)
Word = TypeVar("Word", bound=str)
_SWITCH = {"true": True, "1": True, "false": False, "0": False}


@dataclass(frozen=True, slots=True)
class Parameter(Generic[T_co]):
    """One query parameter. ``parse`` raises ValueError whose text completes "must be ..."."""

    name: str
    says: str
    parse: Callable[[str], T_co]
    default: T_co
    schema: Mapping[str, object]


def text(name: str, says: str) -> Parameter[str | None]:
    """Any text that is not empty."""
    return Parameter(name, says, _filled, None, {"type": "string", "minLength": 1})


def word(name: str, says: str, words: Iterable[Word]) -> Parameter[Word | None]:
    """One of a closed set."""
    known = {str(value): value for value in words}

    def parse(value: str) -> Word:
        if value not in known:
            raise ValueError(f"one of {', '.join(known)}")
        return known[value]

    return Parameter(name, says, parse, None, {"type": "string", "enum": list(known)})


def number(name: str, says: str, *, default: Default, low: int, high: int) -> Parameter[int | Default]:
    """A whole number from ``low`` to ``high``, in ASCII digits."""

    def parse(value: str) -> int:
        if not (value.isascii() and value.isdigit() and len(value) <= 18 and low <= int(value) <= high):
            raise ValueError(f"a whole number from {low} to {high}")
        return int(value)

    schema: dict[str, object] = {"type": "integer", "minimum": low, "maximum": high}
    if default is not None:
        schema["default"] = default
    return Parameter(name, says, parse, default, schema)


def switch(name: str, says: str) -> Parameter[bool]:
    """``true`` or ``1``, ``false`` or ``0``; false where it is missing."""

    def parse(value: str) -> bool:
        if value not in _SWITCH:
            raise ValueError("true or false")
        return _SWITCH[value]

    return Parameter(name, says, parse, False, {"type": "boolean", "default": False})


def parsed(parameters: Iterable[Parameter[object]], items: Iterable[tuple[str, str]]) -> Mapping[str, object]:
    """The values of a query. Raises BadRequest for a parameter that is unknown, given twice or malformed.

    A misspelt filter that was ignored would show too much, and a misspelt key the wrong tenant.
    """
    known = {parameter.name: parameter for parameter in parameters}
    values: dict[str, object] = {}
    for name, value in items:
        if name not in known:
            raise BadRequest(f"unknown query parameter {name!r}; known here: {', '.join(known) or 'none'}")
        if name in values:
            raise BadRequest(f"query parameter {name} is given twice")
        try:
            values[name] = known[name].parse(value)
        except ValueError as fault:
            raise BadRequest(f"query parameter {name} must be {fault}") from None
    return values


def _filled(value: str) -> str:
    if not value:
        raise ValueError("a text that is not empty")
    return value
