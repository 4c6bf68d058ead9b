"""A fault inside a pydantic model: the form of ``faults.form``, which stays the only definition of its fields."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from typing import Annotated, cast

import msgspec
from pydantic import WithJsonSchema

from mock_server.faults.form import FaultForm

Json = dict[str, object]

_TEXT: Json = {
    "type": "string",
    "description": "ID@ON#WINDOW;name=value, such as gateway-502-html@poll#2-4;times=2",
    "examples": ["gateway-502-html", "rate-429-seconds@poll#2-3"],
}


def _inlined(schema: object, definitions: Mapping[str, object]) -> object:
    """The schema without references, which could not be told apart from those of the document that it goes into."""
    if isinstance(schema, list):
        return [_inlined(item, definitions) for item in schema]
    if not isinstance(schema, dict):
        return schema
    plain = {name: _inlined(value, definitions) for name, value in schema.items() if name != "$ref"}
    if "$ref" in schema:
        name = str(schema["$ref"]).rpartition("/")[2]
        plain = {**cast(Json, _inlined(definitions[name], definitions)), **plain}
    if isinstance(plain.get("description"), str):
        plain["description"] = inspect.cleandoc(str(plain["description"]))
    return plain


def form_schema() -> Json:
    """JSON Schema of the form, as ``faults.form`` has it."""
    schema = msgspec.json.schema(FaultForm)
    return cast(Json, _inlined({"$ref": schema["$ref"]}, schema["$defs"]))


SPEC_SCHEMA: Json = {"anyOf": [_TEXT, form_schema()]}
LIST_SCHEMA: Json = {
    "anyOf": [*cast(list[Json], SPEC_SCHEMA["anyOf"]), {"type": "array", "items": SPEC_SCHEMA}]
}

FaultSpec = Annotated[object, WithJsonSchema(SPEC_SCHEMA)]
"""A form or the compact text. Nothing is checked here: ``Grammar.read`` judges it, and words what is wrong."""
FaultSpecs = Annotated[object, WithJsonSchema(LIST_SCHEMA)]
"""One of them, or a list."""
