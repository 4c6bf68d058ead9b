"""Say in words what a validator found: the JSON path, the rule, the reason, and never the value itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, cast

from contracts.model import Violation

if TYPE_CHECKING:
    import jsonschema_rs

Details = Mapping[str, object]

_ARTICLES = {"integer": "an integer", "object": "an object", "array": "an array", "null": "null"}


def violation_of(error: jsonschema_rs.ValidationError, document: Details, root: str) -> Violation:
    """The violation that ``error`` stands for; an ``x-refusal`` beside the broken keyword gives the sentence."""
    keyword = error.kind.name
    details = error.kind.as_dict()
    path = json_path(root, error.instance_path)
    if keyword == "required":
        return Violation(json_path(path, [cast(str, details["property"])]), keyword, "is required")
    refusal = _refusal_beside(document, error.schema_path)
    words = refusal or _WORDS.get(keyword, _no_words)(details)
    return Violation(path, keyword, words)


def json_path(root: str, parts: Sequence[str | int]) -> str:
    """``face_choose[0].face_id`` from its parts, appended to ``root``."""
    path = root
    for part in parts:
        path += f"[{part}]" if isinstance(part, int) else f".{part}" if path else str(part)
    return path


def _types(details: Details) -> str:
    names = sorted(cast(Sequence[str], details["types"]), key=lambda name: name == "null")
    return "must be " + " or ".join(_ARTICLES.get(name, f"a {name}") for name in names)


def _options(details: Details) -> str:
    return "must be one of " + ", ".join(str(option) for option in cast(Sequence[object], details["options"]))


def _no_words(details: Details) -> str:  # noqa: ARG001
    return "is not valid"


_WORDS: Mapping[str, Callable[[Details], str]] = {
    "type": _types,
    "enum": _options,
    "const": lambda d: f"must be {d['expected_value']}",
    "minimum": lambda d: f"must be at least {d['limit']}",
    "maximum": lambda d: f"must be at most {d['limit']}",
    "exclusiveMinimum": lambda d: f"must be more than {d['limit']}",
    "exclusiveMaximum": lambda d: f"must be less than {d['limit']}",
    "minLength": lambda d: (
        "must not be empty" if d["limit"] == 1 else f"must have at least {d['limit']} characters"
    ),
    "maxLength": lambda d: f"must have at most {d['limit']} characters",
    "minItems": lambda d: (
        "must not be empty" if d["limit"] == 1 else f"must have at least {d['limit']} entries"
    ),
    "maxItems": lambda d: f"must have at most {d['limit']} entries",
    "minProperties": lambda d: (
        "must not be empty" if d["limit"] == 1 else f"must have at least {d['limit']} fields"
    ),
    "pattern": lambda _: "has characters or a form that is not allowed",
    "format": lambda d: f"must be a {d['format']}",
}


def _refusal_beside(document: Details, schema_path: Sequence[str | int]) -> str | None:
    """The ``x-refusal`` of the schema that holds the broken keyword."""
    holder: object = document
    for part in schema_path[:-1]:
        if isinstance(holder, Mapping):
            holder = holder.get(str(part))
        elif isinstance(holder, Sequence) and isinstance(part, int):
            holder = holder[part]
    refusal = holder.get("x-refusal") if isinstance(holder, Mapping) else None
    return refusal if isinstance(refusal, str) else None
