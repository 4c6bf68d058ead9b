"""Where a schema has edges, in a value that fulfils it: what stands exactly there, and what is one step beyond."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import cast

from msgspec import Struct

from contracts.contract import Contract
from contracts.strategies.shape import Json, shapes_of

Path = tuple[str | int, ...]
LONGEST_EDGE = 4_096
"""A longer text would cost more than it shows."""


class Change(Struct, frozen=True):
    """Put ``value`` at ``path``, or take away what is there. ``says`` is why."""

    path: Path
    value: object
    says: str
    takes_away: bool = False


def changed(value: object, change: Change) -> object:
    """``value`` with the change; the one given stays as it is."""
    return _with(value, change.path, change)


def _with(value: object, path: Path, change: Change) -> object:
    if not path:
        return change.value
    key, rest = path[0], path[1:]
    if isinstance(value, list):
        return [_with(item, rest, change) if place == key else item for place, item in enumerate(value)]
    fields = dict(cast("Mapping[str, object]", value))
    if not rest and change.takes_away:
        fields.pop(str(key), None)
    else:
        fields[str(key)] = _with(fields.get(str(key)), rest, change)
    return fields


def edges(contract: Contract, schema: object, value: object, path: Path = ()) -> Iterator[Change]:
    """Changes that put a part of ``value`` exactly at an edge that the schema allows."""
    for where, shape in _leaves(contract, schema, value, path):
        yield from _at_edges(where, shape)


def breaks(contract: Contract, schema: object, value: object, path: Path = ()) -> Iterator[Change]:
    """Changes that should break the schema: one step beyond an edge, another type, a missing field.

    Whether they do is the contract's to judge: a branch may allow what another forbids.
    """
    for where, shape in _leaves(contract, schema, value, path):
        yield from _beyond(where, shape)


def _leaves(contract: Contract, schema: object, value: object, path: Path) -> Iterator[tuple[Path, Json]]:
    """Every part of ``value``, the whole first, with each shape that may apply to it."""
    for shape in shapes_of(contract, schema):
        yield path, shape
        if isinstance(value, Mapping):
            properties = cast("Mapping[str, object]", shape.get("properties", {}))
            for name, inner in properties.items():
                if name in value:
                    yield from _leaves(contract, inner, value[name], (*path, name))
        if isinstance(value, list) and value:
            first = cast("Sequence[object]", shape.get("prefixItems", ()))
            inner = first[0] if first else shape.get("items", True)
            yield from _leaves(contract, inner, value[0], (*path, 0))


def _at_edges(path: Path, shape: Json) -> Iterator[Change]:
    for word in cast("Sequence[object]", shape.get("enum", ())):
        yield Change(path, word, f"is {word!r}")
    for word in ("minimum", "maximum"):
        if word in shape:
            yield Change(path, shape[word], f"is its {word}")
    for word in ("minLength", "maxLength"):
        length = int(cast(int, shape.get(word, LONGEST_EDGE + 1)))
        if length <= LONGEST_EDGE and "://" not in str(shape.get("pattern", "")):
            yield Change(path, "x" * length, f"has its {word}")
    if "maxLength" in shape and "://" in str(shape.get("pattern", "")):
        yield Change(path, _long_url(int(cast(int, shape["maxLength"]))), "has its maxLength")


def _beyond(path: Path, shape: Json) -> Iterator[Change]:
    for word, step in (("minimum", -1), ("maximum", 1)):
        if word in shape:
            yield Change(path, cast(int, shape[word]) + step, f"is beyond its {word}")
    if 0 < int(cast(int, shape.get("maxLength", 0))) <= LONGEST_EDGE:
        yield Change(path, "x" * (int(cast(int, shape["maxLength"])) + 1), "is longer than its maxLength")
    if int(cast(int, shape.get("minLength", 0))) > 0:
        yield Change(path, "x" * (int(cast(int, shape["minLength"])) - 1), "is shorter than its minLength")
    if "pattern" in shape:
        yield Change(path, "no\x00 fit", "does not fit its pattern")
    if "enum" in shape or "const" in shape:
        yield Change(path, "none-of-these", "is none of its words")
    for name in cast("Sequence[str]", shape.get("required", ())):
        yield Change((*path, name), None, f"has no {name}", takes_away=True)
    if path and "type" in shape:
        yield Change(path, {"not": "this"} if shape["type"] != "object" else "text", "has another type")
        yield Change(path, None, "is null")


def _long_url(length: int) -> str:
    head = "https://cdn.test/"
    return head + "v" * (length - len(head))
