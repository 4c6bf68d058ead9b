"""Bodies that break the contract by one thing: a field left out, a type that is wrong, one step beyond a bound."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import cast

from msgspec import Struct

from contracts.conform.exchange import part
from contracts.conform.surfaces.surface import Surface
from contracts.contract import Contract
from contracts.document import Json

ENTRY = "FaceChoice"
"""The component of one entry of ``face_choose``, by the same name in all three contracts."""
MAX_TEXT = 4096
"""Longer texts are not sent: a bound on a whole file in Base64 is another matter."""
_STEP = 0.01
Path = tuple[str | int, ...]


class WrongBody(Struct, frozen=True):
    """A body and, in words, what is wrong with it."""

    says: str
    body: Mapping[str, object]


def wrong_bodies(
    contract: Contract, surface: Surface, operation: str, body: Mapping[str, object]
) -> Iterator[WrongBody]:
    """Every body that differs from ``body`` in one place and breaks the contract there."""
    for wrong in (*_without_each(body), *_of_wrong_types(body), *_beyond_bounds(contract, body)):
        shape = surface.shape(contract, operation, wrong.body)
        if shape is None or contract.violations(*shape):
            yield wrong


def _without_each(body: Mapping[str, object]) -> Iterator[WrongBody]:
    for path in _paths(body):
        changed = deepcopy(dict(body))
        holder = part(changed, *path[:-1])
        if isinstance(holder, dict):
            del holder[path[-1]]
            yield WrongBody(f"without {_worded(path)}", changed)


def _of_wrong_types(body: Mapping[str, object]) -> Iterator[WrongBody]:
    for path in _paths(body):
        value = part(body, *path)
        wrong: object = {"is": "an object"} if isinstance(value, str | list) else str(value)
        if isinstance(value, dict):
            wrong = "a text"
        yield WrongBody(f"{_worded(path)} of a wrong type", _with(body, path, wrong))


def _beyond_bounds(contract: Contract, body: Mapping[str, object]) -> Iterator[WrongBody]:
    for path in _paths(body):
        schema = _schema_of(contract, str(path[-1])) if _is_in_entry(path) else {}
        for bound, wrong in _beyond(schema):
            yield WrongBody(f"{_worded(path)} beyond its {bound}", _with(body, path, wrong))


def _beyond(schema: Json) -> Iterator[tuple[str, object]]:
    """One step beyond each bound of a field."""
    step = 1 if schema.get("type") == "integer" else _STEP
    low, high = part(schema, "minimum"), part(schema, "maximum")
    if isinstance(low, int | float):
        yield "minimum", low - step
    if isinstance(high, int | float):
        yield "maximum", high + step
    longest = schema.get("maxLength")
    if isinstance(longest, int) and longest < MAX_TEXT:
        yield "maxLength", "x" * (longest + 1)


def _schema_of(contract: Contract, name: str) -> Json:
    properties = cast(Mapping[str, Json], contract.component(ENTRY)["properties"])
    schema = properties.get(name, {})
    reference = str(schema.get("$ref", ""))
    return contract.component(reference.rpartition("/")[2]) if reference else schema


def _is_in_entry(path: Path) -> bool:
    return len(path) > 2 and path[-3:-1] == ("face_choose", 0)


def _paths(value: object, at: Path = ()) -> Iterator[Path]:
    """The place of every field, outer ones first."""
    items = (
        value.items() if isinstance(value, Mapping) else enumerate(value) if isinstance(value, list) else ()
    )
    for name, inner in items:
        if isinstance(name, str):
            yield (*at, name)
        yield from _paths(inner, (*at, name))


def _with(body: Mapping[str, object], path: Path, value: object) -> dict[str, object]:
    changed = deepcopy(dict(body))
    holder = part(changed, *path[:-1])
    assert isinstance(holder, dict), "a field stands in an object"
    holder[path[-1]] = value
    return changed


def _worded(path: Path) -> str:
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path).removeprefix(".")
