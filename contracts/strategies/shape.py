"""A JSON Schema of a contract as plain alternatives: references followed, ``allOf`` merged, each branch by itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from typing import cast

from contracts.contract import Contract

Json = Mapping[str, object]

_COMPONENT = "#/components/schemas/"
_BRANCHES = ("oneOf", "anyOf")
_TIGHTER = {
    **dict.fromkeys(("minimum", "minLength", "minItems"), max),
    **dict.fromkeys(("maximum", "maxLength", "maxItems"), min),
}
MOST_SHAPES = 64


def shapes_of(contract: Contract, schema: object) -> tuple[Json, ...]:
    """Every way to fulfil ``schema``, as schemas without ``$ref``, ``allOf``, ``oneOf`` and ``anyOf`` at their top.

    Inner schemas are left as they are. A way that cannot be fulfilled at all is left out.
    """
    return tuple(_shapes(contract, schema))[:MOST_SHAPES]


def _shapes(contract: Contract, schema: object) -> Iterator[Json]:
    if not isinstance(schema, Mapping):
        if schema is not False:
            yield {}
        return
    own = {name: value for name, value in schema.items() if name not in {"$ref", "allOf", *_BRANCHES}}
    parts: list[list[Json]] = [[own]]
    if "$ref" in schema:
        name = str(schema["$ref"]).removeprefix(_COMPONENT)
        parts.append(list(_shapes(contract, contract.component(name))))
    parts.extend(list(_shapes(contract, inner)) for inner in cast(Sequence[object], schema.get("allOf", ())))
    for word in _BRANCHES:
        if word in schema:
            branches = cast(Sequence[object], schema[word])
            parts.append([shape for branch in branches for shape in _shapes(contract, branch)])
    for combination in product(*parts):
        merged: Json | None = {}
        for part in combination:
            merged = None if merged is None else _merged(merged, part)
        if merged is not None:
            yield merged


def _merged(one: Json, other: Json) -> Json | None:
    """Both at once; None where that cannot be."""
    found = dict(one)
    for name, value in other.items():
        if name not in found:
            found[name] = value
        elif name in _TIGHTER:
            found[name] = _TIGHTER[name](cast(int, found[name]), cast(int, value))
        elif name == "required":
            found[name] = [*dict.fromkeys([*cast("list[str]", found[name]), *cast("list[str]", value)])]
        elif name == "properties":
            found[name] = _properties(cast(Json, found[name]), cast(Json, value))
        elif name == "enum":
            found[name] = [
                item for item in cast("list[object]", value) if item in cast("list[object]", found[name])
            ]
        elif name in {"const", "type"} and found[name] != value:
            return None
    return found if _is_possible(found) else None


def _properties(one: Json, other: Json) -> Json:
    both = {name: {"allOf": [one[name], other[name]]} for name in one.keys() & other.keys()}
    return {**one, **other, **both}


def _is_possible(schema: Json) -> bool:
    properties = cast(Json, schema.get("properties", {}))
    required = cast(Sequence[str], schema.get("required", ()))
    return all(properties.get(name) is not False for name in required)
