"""What a caller is told: where, which rule, in words, and never the value that they sent."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import cast

import jsonschema_rs
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from contracts.contract import PROVIDERS, load_contract
from contracts.model import Violation
from contracts.wording import json_path, violation_of

Json = Mapping[str, object]
SECRET = "zq-secret-zq"
SECRET_NUMBER = -918_273_645
SCHEMAS = [
    (provider, operation.request_schema)
    for provider in PROVIDERS
    for operation in load_contract(provider).operations.values()
    if operation.request_schema is not None
]


def words_for(schema: Json, value: object) -> list[tuple[str, str, str]]:
    found = jsonschema_rs.Draft202012Validator(dict(schema)).iter_errors(value)
    violations = [violation_of(error, schema, "") for error in found]
    return [(violation.path, violation.rule, violation.message) for violation in violations]


@pytest.mark.parametrize(
    ("schema", "value", "message"),
    [
        ({"type": "string"}, 1, "must be a string"),
        ({"type": ["integer", "null"]}, "x", "must be an integer or null"),
        ({"type": ["array", "object"]}, 1, "must be an array or an object"),
        ({"type": "boolean"}, 1, "must be a boolean"),
        ({"enum": ["a", "b"]}, "c", "must be one of a, b"),
        ({"const": "a"}, "c", "must be a"),
        ({"minimum": 2000}, 1999, "must be at least 2000"),
        ({"maximum": 2}, 2.01, "must be at most 2"),
        ({"exclusiveMinimum": 0}, 0, "must be more than 0"),
        ({"exclusiveMaximum": 9}, 9, "must be less than 9"),
        ({"minLength": 1}, "", "must not be empty"),
        ({"minLength": 2}, "a", "must have at least 2 characters"),
        ({"maxLength": 2}, "abc", "must have at most 2 characters"),
        ({"minItems": 1}, [], "must not be empty"),
        ({"minItems": 2}, [1], "must have at least 2 entries"),
        ({"maxItems": 1}, [1, 2], "must have at most 1 entries"),
        ({"minProperties": 1}, {}, "must not be empty"),
        ({"minProperties": 2}, {"a": 1}, "must have at least 2 fields"),
        ({"pattern": "^a$"}, "b", "has characters or a form that is not allowed"),
        ({"uniqueItems": True}, [1, 1], "is not valid"),
    ],
)
def test_each_keyword_has_its_words(schema: Json, value: object, message: str) -> None:
    ((path, rule, said),) = words_for(schema, value)
    assert (path, said) == ("", message)
    assert rule == next(iter(schema))


def test_a_missing_field_is_named_by_its_own_path() -> None:
    schema = {"properties": {"a": {"items": {"required": ["b"]}}}}
    assert words_for(schema, {"a": [{}]}) == [("a[0].b", "required", "is required")]


@pytest.mark.parametrize(
    "schema",
    [
        {"oneOf": [{"required": ["a"]}, {"required": ["b"]}], "x-refusal": "needs a or b"},
        {"properties": {"a": {"type": "string"}}, "minProperties": 1, "x-refusal": "needs a or b"},
    ],
)
def test_a_refusal_beside_the_keyword_speaks_for_it(schema: Json) -> None:
    assert [message for _, _, message in words_for(schema, {})] == ["needs a or b"]


def test_a_refusal_does_not_speak_for_the_keywords_of_other_schemas() -> None:
    schema = {"x-refusal": "outer", "properties": {"a": {"type": "string"}}}
    assert words_for(schema, {"a": 1}) == [("a", "type", "must be a string")]


def test_a_refusal_is_found_inside_a_list_of_schemas() -> None:
    schema = {"allOf": [{"type": "object"}, {"minProperties": 1, "x-refusal": "needs a field"}]}
    assert words_for(schema, {}) == [("", "minProperties", "needs a field")]


@pytest.mark.parametrize(
    ("root", "parts", "path"),
    [
        ("", [], ""),
        ("", ["a"], "a"),
        ("", ["face_choose", 0, "face_id"], "face_choose[0].face_id"),
        ("payload", ["a", 1, 2], "payload.a[1][2]"),
        ("", [3, "a"], "[3].a"),
    ],
)
def test_paths_are_written_as_in_code(root: str, parts: list[str | int], path: str) -> None:
    assert json_path(root, parts) == path


def test_a_violation_without_a_path_is_a_sentence_all_the_same() -> None:
    assert Violation("", "rule", "is wrong").sentence() == "is wrong"
    assert Violation("a.b", "rule", "is wrong").sentence() == "a.b is wrong"


@cache
def vocabulary(provider: str) -> tuple[list[str], list[object]]:
    """Every name of a field in the contract, and every constant, so that made-up bodies get past the first door."""
    names: set[str] = set()
    constants: list[object] = [True, None, "", 0, 1, 2000, 0.5]
    for schema in _schemas(load_contract(provider).document["components"]):
        names.update(cast(Json, schema.get("properties", {})))
        constants.extend([schema["const"]] if "const" in schema else [])
        constants.extend(cast(list[object], schema.get("enum", [])))
    return sorted(names), constants


def _schemas(value: object) -> Iterator[Json]:
    if isinstance(value, Mapping):
        yield cast(Json, value)
        for item in value.values():
            yield from _schemas(item)
    elif isinstance(value, list):
        for item in value:
            yield from _schemas(item)


@st.composite
def bodies(draw: st.DrawFn) -> tuple[str, str, object]:
    """A provider, one of its request schemas, and JSON made of its words and of secrets."""
    provider, schema = draw(st.sampled_from(SCHEMAS))
    names, constants = vocabulary(provider)
    leaves = st.sampled_from([SECRET, SECRET_NUMBER, SECRET * 500, f"http://{SECRET} ", *constants])
    values = st.recursive(
        leaves,
        lambda inner: (
            st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(names), inner, max_size=8)
        ),
        max_leaves=24,
    )
    return provider, schema, draw(st.dictionaries(st.sampled_from(names), values, max_size=8) | values)


@given(bodies())
@example(("kling", "LipSyncRequest", {"session_id": SECRET_NUMBER, "face_choose": SECRET}))
@example(("gmi", "SubmitBody", {"model": SECRET, "payload": SECRET}))
@example(("kirin", "GenerationRequest", {"model": SECRET, "input": [SECRET]}))
def test_no_message_ever_quotes_what_was_sent(body: tuple[str, str, object]) -> None:
    provider, schema, value = body
    for violation in load_contract(provider).violations(schema, value):
        assert not re.search(f"{SECRET}|{-SECRET_NUMBER}", violation.message + violation.rule)


@given(bodies())
def test_no_violation_of_a_contract_is_left_without_words(body: tuple[str, str, object]) -> None:
    provider, schema, value = body
    for violation in load_contract(provider).violations(schema, value):
        assert violation.message != "is not valid", violation
