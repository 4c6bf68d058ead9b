"""Kling's contract against a second, hand-written copy of what its pages say."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import jsonschema_rs
import pytest
from openapi_spec_validator import validate

from contracts.contract import load_contract
from contracts.kling.errors import ERRORS
from contracts.kling.prices import PRICES
from contracts.kling.rules import ORDER, RETENTION, RULES
from contracts.model import Channel

Json = dict[str, object]

CONTRACT = load_contract("kling")
DOCUMENT = cast(Json, CONTRACT.document)
EXAMPLES_DIR = Path(__file__).parents[2] / "fixtures" / "examples" / "kling"
EXAMPLES = {
    path.stem: cast(Json, json.loads(path.read_text("utf-8"))) for path in sorted(EXAMPLES_DIR.glob("*.json"))
}
OPERATIONS = {
    "identifyFace": ("POST", "/v1/videos/identify-face"),
    "createLipSync": ("POST", "/v1/videos/advanced-lip-sync"),
    "getLipSync": ("GET", "/v1/videos/advanced-lip-sync/{id}"),
    "listLipSync": ("GET", "/v1/videos/advanced-lip-sync"),
    "createSpeech": ("POST", "/v1/audio/tts"),
    "createLegacyLipSync": ("POST", "/v1/videos/lip-sync"),
    "getLegacyLipSync": ("GET", "/v1/videos/lip-sync/{id}"),
    "listLegacyLipSync": ("GET", "/v1/videos/lip-sync"),
}
STAGES = {
    "json", "auth", "route", "model", "shape", "identity", "audio",
    "timing", "external-id", "slots", "entitlement", "credits", "rate",
}  # fmt: skip


def at(*words: str) -> Json:
    """The part of the document at ``words``, references followed on the way."""
    found: object = DOCUMENT
    for word in words:
        found = resolved(cast(Json, found)[word])
    return cast(Json, found)


def resolved(part: object) -> object:
    while isinstance(part, dict) and isinstance(reference := part.get("$ref"), str):
        part = at(*reference.removeprefix("#/").split("/"))
    return part


def item_of(operation_id: str) -> Json:
    method, path = OPERATIONS[operation_id]
    return at("paths", path, method.lower())


def media_types() -> Iterator[tuple[str, Json]]:
    """Every body that the document describes, with a name for the test report."""
    for operation_id in OPERATIONS:
        item = item_of(operation_id)
        if "requestBody" in item:
            yield f"{operation_id} request", body_of(cast(Json, item["requestBody"]))
        for status, response in cast(Json, item["responses"]).items():
            yield f"{operation_id} {status}", body_of(cast(Json, resolved(response)))
    yield "callback", callback_body()


def body_of(holder: Json) -> Json:
    return next(iter(cast(dict[str, Json], holder["content"]).values()))


def callback_body() -> Json:
    expression = cast(Json, at("components", "callbacks", "TaskChanged")["{$request.body#/callback_url}"])
    return body_of(cast(Json, cast(Json, expression["post"])["requestBody"]))


def faults_of(schema: object, value: object) -> list[str]:
    bundle = {**cast(Json, schema), "components": DOCUMENT["components"]}
    validator = jsonschema_rs.Draft202012Validator(bundle, validate_formats=True)
    return [str(error) for error in validator.iter_errors(value)]


def documented(kind: str) -> list[str]:
    return [name for name, example in EXAMPLES.items() if example["kind"] == kind]


def test_document_is_valid_openapi() -> None:
    validate(DOCUMENT)


def test_every_operation_stands_at_its_original_path() -> None:
    found = {operation.id: (operation.method, operation.path) for operation in CONTRACT.operations.values()}

    assert found == OPERATIONS


@pytest.mark.parametrize("operation_id", OPERATIONS)
def test_every_operation_lists_every_status_of_the_error_table(operation_id: str) -> None:
    statuses = {row.http_status for row in ERRORS}

    assert set(CONTRACT.operations[operation_id].statuses) == statuses | {200}


@pytest.mark.parametrize(("name", "media_type"), [pytest.param(*pair, id=pair[0]) for pair in media_types()])
def test_examples_of_the_document_keep_its_own_schemas(name: str, media_type: Json) -> None:
    examples = cast(dict[str, Json], media_type["examples"])

    assert len(examples) >= (2 if name.endswith("request") else 1)
    assert {key: faults_of(media_type["schema"], example["value"]) for key, example in examples.items()} == {
        key: [] for key in examples
    }


@pytest.mark.parametrize("name", documented("request"))
def test_documented_requests_are_accepted(name: str) -> None:
    example = EXAMPLES[name]
    operation = CONTRACT.operations[cast(str, example["operation"])]

    assert operation.request_schema is not None
    assert CONTRACT.violations(operation.request_schema, example["body"]) == ()


@pytest.mark.parametrize("name", documented("response"))
def test_documented_answers_keep_the_schema_of_their_status(name: str) -> None:
    example = EXAMPLES[name]
    responses = cast(Json, item_of(cast(str, example["operation"]))["responses"])
    response = cast(Json, resolved(responses[str(example["status"])]))

    assert faults_of(body_of(response)["schema"], example["body"]) == []


@pytest.mark.parametrize("name", documented("callback"))
def test_documented_callbacks_keep_the_schema(name: str) -> None:
    callbacks = cast(Json, item_of(cast(str, EXAMPLES[name]["operation"]))["callbacks"])

    assert resolved(callbacks["taskChanged"]) == at("components", "callbacks", "TaskChanged")
    assert faults_of(callback_body()["schema"], EXAMPLES[name]["body"]) == []


def test_error_table_is_the_published_one() -> None:
    published = [(row["http"], row["code"]) for row in cast(list[Json], EXAMPLES["error-table"]["body"])]
    ours = [
        (row.http_status, row.code) for row in ERRORS if not row.source.startswith("ASSUMED") and row.code
    ]

    assert ours == published


def test_rows_of_our_own_are_marked() -> None:
    published = {row["code"] for row in cast(list[Json], EXAMPLES["error-table"]["body"])}

    assert {row.name for row in ERRORS if row.source.startswith("ASSUMED")} == {"too-large"}
    assert {(row.name, row.channel) for row in ERRORS if row.code not in published} == {
        ("task-failed", Channel.TASK)
    }


def test_only_faults_that_pass_by_themselves_are_retryable() -> None:
    assert {row.code for row in ERRORS if row.is_retryable} == {"1302", "1303", "5000", "5001", "5002"}


def test_every_error_row_is_an_example_at_its_status() -> None:
    shown = {
        (int(name.split()[-1]), key, cast(Json, example["value"])["message"])
        for name, media_type in media_types()
        if name.split()[-1].isdigit()
        for key, example in cast(dict[str, Json], media_type["examples"]).items()
    }
    keys = {(status, key) for status, key, _ in shown}
    names = {
        row.name: f"{row.code}-too-large" if row.name == "too-large" else row.code or row.name
        for row in ERRORS
    }

    assert [row.name for row in ERRORS if (row.http_status, names[row.name]) not in keys] == []
    worded = [row for row in ERRORS if row.code and row.name != "invalid-value"]
    assert [row.name for row in worded if (row.http_status, names[row.name], row.message) not in shown] == []


def test_limits_are_the_published_ones() -> None:
    ours = {
        table: {
            rule.id: {**rule.limits, **({"accepts": list(rule.accepts)} if rule.accepts else {})}
            for rule in rules
            if rule.limits or rule.accepts
        }
        for table, rules in RULES.items()
    }

    assert ours == EXAMPLES["limits"]["body"]
    assert [(rule.id, dict(rule.limits)) for rule in RETENTION] == [("result-age", {"max_age_s": 2_592_000})]


def test_every_numbered_rule_of_the_page_has_its_row() -> None:
    numbers = {rule.id: rule.number for rule in RULES["lip-sync"] if rule.number < 20}

    assert numbers == {
        "clip-order": 2,
        "clip-length": 3,
        "clip-end": 4,
        "audio-length": 5,
        "audio-size": 6,
        "audio-format": 6,
        "insert-end": 7,
        "overlap": 8,
        "session-age": 9,
        "audio-age": 9,
        "face-known": 11,
    }


@pytest.mark.parametrize("table", RULES)
def test_every_rule_names_an_error_row_and_comes_once(table: str) -> None:
    ids = [rule.id for rule in RULES[table]]

    assert len(ids) == len(set(ids))
    assert {rule.error for rule in RULES[table]} <= CONTRACT.errors.keys()


def test_order_of_checks_is_the_decided_one() -> None:
    assert set(ORDER) <= STAGES
    assert ORDER == ("auth", "route", "json", "shape", "identity", "audio", "timing", "external-id", "slots")


def test_prices_are_the_known_ones() -> None:
    found = {price.operation: (price.amount, price.per_s) for price in PRICES}

    assert found == {"identify": ("0.05", 0), "lip-sync": ("0.5", 5), "speech": ("0.05", 0)}


def test_links_lead_from_identify_to_submit_to_poll() -> None:
    def target(operation_id: str) -> Json:
        links = cast(
            dict[str, Json], cast(Json, cast(Json, item_of(operation_id)["responses"])["200"])["links"]
        )
        (link,) = links.values()
        return link

    assert target("identifyFace")["operationId"] == "createLipSync"
    assert (
        cast(Json, target("identifyFace")["requestBody"])["session_id"] == "$response.body#/data/session_id"
    )
    for create, get in (("createLipSync", "getLipSync"), ("createLegacyLipSync", "getLegacyLipSync")):
        assert target(create)["operationId"] == get
        assert target(create)["parameters"] == {"id": "$response.body#/data/task_id"}


def test_paging_has_the_published_ranges() -> None:
    schemas = {
        parameter.name: parameter.schema for parameter in CONTRACT.operations["listLipSync"].parameters
    }

    limits = {
        name: (schema["minimum"], schema["maximum"], schema["default"]) for name, schema in schemas.items()
    }
    assert limits == {"pageNum": (1, 1000, 1), "pageSize": (1, 500, 30)}


def test_every_field_says_what_it_is_and_who_says_so() -> None:
    schemas = cast(dict[str, Json], at("components", "schemas"))
    fields = {
        f"{name}.{field}": cast(Json, schema)
        for name, component in schemas.items()
        for field, schema in cast(Json, component.get("properties", {})).items()
    }

    def says(schema: Json) -> str:
        return str(schema.get("description") or cast(Json, resolved(schema)).get("description", ""))

    assert [field for field, schema in fields.items() if not says(schema).endswith("]")] == []
