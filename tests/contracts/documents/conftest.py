"""A provider's OpenAPI document, read part by part, with the hand-written examples that it is held against."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import cast

import jsonschema_rs
import pytest

from contracts.contract import PROVIDERS, load_contract

Json = dict[str, object]

EXAMPLES = Path(__file__).parents[3] / "fixtures" / "examples"
_REFERENCE = "$ref"


class Paper:
    """One provider's. ``examples`` are by name, each with its ``kind`` and its ``body``."""

    def __init__(self, provider: str) -> None:
        self.contract = load_contract(provider)
        self.document = cast(Json, self.contract.document)
        self.examples = {
            file.stem: cast(Json, json.loads(file.read_text("utf-8")))
            for file in sorted((EXAMPLES / provider).glob("*.json"))
        }

    def documented(self, kind: str) -> list[str]:
        """The names of the examples of this kind."""
        return [name for name, example in self.examples.items() if example["kind"] == kind]

    def at(self, *words: str) -> Json:
        """The part of the document at ``words``, references followed on the way."""
        found: object = self.document
        for word in words:
            found = self.resolved(cast(Json, found)[word])
        return cast(Json, found)

    def resolved(self, part: object) -> object:
        while isinstance(part, dict) and isinstance(reference := part.get(_REFERENCE), str):
            part = self.at(*reference.removeprefix("#/").split("/"))
        return part

    def everything_about(self, schema: Json) -> Json:
        """The schema with the keywords of what it refers to; its own words win."""
        if _REFERENCE not in schema:
            return schema
        words = cast(str, schema[_REFERENCE]).removeprefix("#/").split("/")
        target: object = self.document
        for word in words:
            target = cast(Json, target)[word]
        own = {key: value for key, value in schema.items() if key != _REFERENCE}
        return {**self.everything_about(cast(Json, target)), **own}

    def operation(self, operation_id: str) -> Json:
        found = self.contract.operations[operation_id]
        return self.at("paths", found.path, found.method.lower())

    def body_of(self, holder: object) -> Json:
        """The media type of a request or of a response."""
        (body,) = cast(dict[str, Json], cast(Json, self.resolved(holder))["content"]).values()
        return body

    def responses(self, operation_id: str) -> Json:
        return cast(Json, self.operation(operation_id)["responses"])

    def response(self, operation_id: str, status: int) -> Json:
        return self.body_of(self.responses(operation_id)[str(status)])

    def callbacks(self, operation_id: str) -> Iterator[Json]:
        """The bodies of all that the operation's callbacks send."""
        for callback in cast(Json, self.operation(operation_id).get("callbacks", {})).values():
            for path_item in cast(Json, self.resolved(callback)).values():
                yield self.body_of(cast(Json, cast(Json, self.resolved(path_item))["post"])["requestBody"])

    def bodies(self) -> Iterator[tuple[str, Json]]:
        """Every body that the document describes, with its name."""
        for name, operation in self.contract.operations.items():
            if operation.request_schema:
                yield f"{name} request", self.body_of(self.operation(name)["requestBody"])
            for status in operation.statuses:
                yield f"{name} {status}", self.response(name, status)
            for number, body in enumerate(self.callbacks(name)):
                yield f"{name} callback-{number}", body

    def values_of(self, body: Json) -> dict[str, object]:
        """The examples of a body, by name."""
        examples = cast(dict[str, object], body["examples"])
        return {name: cast(Json, self.resolved(example))["value"] for name, example in examples.items()}

    def faults_of(self, schema: object, value: object) -> list[str]:
        """What keeps ``value`` from keeping ``schema``."""
        bundle = {**cast(Json, schema), "components": self.document["components"]}
        validator = jsonschema_rs.Draft202012Validator(bundle, validate_formats=True)
        return [str(error) for error in validator.iter_errors(value)]

    def fields(self) -> Iterator[tuple[str, Json]]:
        """Every field of every component, with its path."""
        for name, component in self.at("components", "schemas").items():
            yield from _fields(name, component)


def _fields(name: str, schema: object) -> Iterator[tuple[str, Json]]:
    if not isinstance(schema, dict):
        return
    for field, inner in cast(dict[str, object], schema.get("properties", {})).items():
        if isinstance(inner, dict):  # a field that must not be there says nothing
            yield f"{name}.{field}", inner
            yield from _fields(f"{name}.{field}", inner)
    yield from _fields(f"{name}[]", schema.get("items"))


PaperOf = Callable[[str], Paper]


@pytest.fixture(scope="session")
def paper_of() -> PaperOf:
    """The papers by provider."""
    return cache(Paper)


@pytest.fixture(params=PROVIDERS)
def paper(request: pytest.FixtureRequest, paper_of: PaperOf) -> Paper:
    """Each provider's; a file about one of them has its own."""
    return paper_of(request.param)
