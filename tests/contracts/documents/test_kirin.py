"""Kirin's contract against a second, hand-written copy of what its pages and clients say."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, cast

import pytest

from contracts.contract import load_contract
from contracts.kirin.errors import AT_CREATE, ERRORS, UPSTREAM
from contracts.kirin.prices import PRICES
from contracts.kirin.rules import ORDER, RULES
from contracts.model import Channel

if TYPE_CHECKING:
    from tests.contracts.documents.conftest import Paper, PaperOf

Json = dict[str, object]

CONTRACT = load_contract("kirin")
OPERATIONS = {
    "createGeneration": ("POST", "/model/v1/generation"),
    "prechargeGeneration": ("POST", "/model/v1/generation/precharge"),
    "getGeneration": ("GET", "/model/v1/generation/task/{id}"),
    "listModels": ("GET", "/api/v1/skill/models"),
    "getModelSpec": ("GET", "/api/v1/skill/models/{id}/spec"),
}
PARAMS = {
    "kirin_identify_face": ("IdentifyFaceParams", "FlatIdentifyFace"),
    "kirin_lipsync": ("LipsyncParams", "FlatLipsync"),
    "kirin_tts": ("TtsParams", "FlatTts"),
}
LONGEST_LONG = 2**63 - 1


@pytest.fixture
def paper(paper_of: PaperOf) -> Paper:
    return paper_of("kirin")


def test_every_operation_stands_at_its_original_path() -> None:
    found = {operation.id: (operation.method, operation.path) for operation in CONTRACT.operations.values()}

    assert found == OPERATIONS


@pytest.mark.parametrize("operation_id", OPERATIONS)
def test_every_operation_lists_the_documented_statuses(operation_id: str) -> None:
    assert set(CONTRACT.operations[operation_id].statuses) >= {200, 401, 429, 500, 503}


def texts(paper: Paper) -> Iterator[tuple[str, str, str]]:
    """Every JSON string among the examples: where it stands, its content type, the string."""
    documents = [*paper.values_of(paper.body_of(paper.responses("getGeneration")["200"])).items()]
    documents += [(name, paper.examples[name]["body"]) for name in paper.documented("response")]
    for name, task in documents:
        for output in cast(list[dict[str, list[dict[str, str]]]], cast(Json, task).get("output", [])):
            for item in output["content"]:
                if "text" in item:
                    yield name, item["type"], item["text"]


def test_json_strings_hold_the_upstream_answer(paper: Paper) -> None:
    component = {"text": "TextContent", "audio": "AudioContent"}
    found = [*texts(paper)]

    assert {kind for _, kind, _ in found} == component.keys()
    for name, kind, text in found:
        field = cast(Json, cast(Json, CONTRACT.component(component[kind])["properties"])["text"])
        assert paper.faults_of(field["contentSchema"], json.loads(text)) == [], name


def test_error_table_is_the_published_one(paper: Paper) -> None:
    rows = cast(list[Json], paper.examples["error-table"]["body"])

    assert [(row.name, row.http_status, row.code) for row in ERRORS] == [
        (row["name"], row["http"], row["code"]) for row in rows
    ]


def test_rows_that_no_page_and_no_client_shows_are_marked(paper: Paper) -> None:
    rows = cast(list[Json], paper.examples["error-table"]["body"])
    decided = {row["name"] for row in rows if row["by"] not in {"page", "client"}}

    assert {row.name for row in ERRORS if row.source.startswith("ASSUMED")} == decided


def test_task_codes_are_the_four_of_the_seed_as_text() -> None:
    task_codes = {row.code for row in ERRORS if row.channel is Channel.TASK}
    error = cast(Json, CONTRACT.component("TaskError")["properties"])

    assert task_codes == {"014002095", "014002096", "014002097", "014002099"}
    assert task_codes == set(cast(list[str], cast(Json, error["code"])["enum"]))


def test_every_error_row_is_an_example_in_an_answer(paper: Paper) -> None:
    shown = {
        (int(status), key)
        for name, body in paper.bodies()
        for key in cast(Json, body["examples"])
        if (status := name.split()[-1]).isdigit()
    }

    assert [row.name for row in ERRORS if (row.http_status, row.code) not in shown] == []


def test_examples_of_http_errors_say_the_sentence_of_their_row(paper: Paper) -> None:
    sentences = {row.message for row in ERRORS if row.channel is Channel.HTTP}
    own = {"the body is not JSON", "session_id is required"}
    shown = {
        cast(Json, value)["message"]
        for status, response in paper.responses("createGeneration").items()
        if status not in {"200", "402"}
        for value in paper.values_of(paper.body_of(response)).values()
    }

    assert shown <= sentences | own
    assert {row.message for row in ERRORS if row.http_status >= 403} <= shown


def facts_of(schema: Json) -> Json:
    facts = ("type", "default", "minimum", "maximum", "enum")
    return {key: schema[key] for key in facts if key in schema and schema[key] != LONGEST_LONG}


def test_fields_are_the_published_ones(paper: Paper) -> None:
    tables = cast(dict[str, dict[str, Json]], paper.examples["parameters"]["body"])

    for component, published in tables.items():
        schema = CONTRACT.component(component)
        fields = cast(dict[str, Json], schema["properties"])
        ours = {name: facts_of(paper.everything_about(field)) for name, field in fields.items()}
        assert ours == {name: facts_of(field) for name, field in published.items()}
        assert schema.get("required", []) == [
            name for name, field in published.items() if "required" in field
        ]


@pytest.mark.parametrize("table", RULES)
def test_every_rule_fails_the_task(table: str) -> None:
    assert {CONTRACT.errors[rule.error].channel for rule in RULES[table]} == {Channel.TASK}
    assert {rule.id for rule in RULES[table] if rule.error == "moderation"} == {
        rule.id for rule in RULES[table] if rule.id.endswith("-moderation")
    }


@pytest.mark.parametrize("table", RULES)
def test_rules_name_fields_of_the_contract(table: str) -> None:
    components = {"video": "IdentifyFaceParams", "lip-sync": "FaceChoice", "speech": "TtsParams"}
    fields = {*cast(Json, CONTRACT.component(components[table])["properties"]), "/session_id", ""}

    assert {rule.field for rule in RULES[table]} <= fields


def test_an_upstream_refusal_quotes_its_status_and_code() -> None:
    prefixes = {name: f"upstream HTTP {status}: code {code}, " for name, (status, code) in UPSTREAM.items()}

    assert prefixes.keys() == {rule.error for rules in RULES.values() for rule in rules} == AT_CREATE.keys()
    assert [
        name for name, text in prefixes.items() if not CONTRACT.errors[name].message.startswith(text)
    ] == []
    assert {CONTRACT.errors[name].http_status for name in AT_CREATE.values()} == {400}


def test_order_of_checks_puts_the_gateway_before_the_upstream_service() -> None:
    at_create = ("auth", "route", "json", "model", "shape", "external-id", "credits")

    assert list(ORDER) == [*at_create, "identity", "audio", "timing"]


def test_voices_are_those_of_the_upstream_service() -> None:
    def voices(provider: str) -> tuple[str, ...]:
        return next(
            rule.accepts for rule in load_contract(provider).rules["speech"] if rule.id == "voice-known"
        )

    assert voices("kirin") == voices("kling")


def test_prices_are_upstream_units_at_14_cents() -> None:
    upstream = {price.operation: price for price in load_contract("kling").prices}

    assert {price.operation: (price.amount, price.per_s, price.currency) for price in PRICES} == {
        "identify": ("0.007", 0, "USD"),
        "lip-sync": ("0.07", 5, "USD"),
        "speech": ("0.007", 0, "USD"),
    }
    assert [
        price.operation
        for price in PRICES
        if Decimal(price.amount) != Decimal(upstream[price.operation].amount) * Decimal("0.14")
    ] == []


def test_links_lead_from_identify_to_submit_to_poll(paper: Paper) -> None:
    def link(operation_id: str, name: str) -> Json:
        answer = cast(Json, paper.responses(operation_id)["200"])
        return cast(Json, cast(Json, answer["links"])[name])

    body = cast(Json, link("getGeneration", "lipSync")["requestBody"])
    assert link("createGeneration", "poll")["operationId"] == "getGeneration"
    assert link("createGeneration", "poll")["parameters"] == {"id": "$response.body#/id"}
    assert link("getGeneration", "lipSync")["operationId"] == "createGeneration"
    assert body["session_id"] == "$response.body#/output/0/content/0/jobId"
    assert CONTRACT.violations("FlatLipsync", body) == ()


def test_callbacks_go_to_the_url_of_the_flat_and_of_the_wrapped_form(paper: Paper) -> None:
    callback = cast(Json, cast(Json, paper.operation("createGeneration")["callbacks"])["taskChanged"])

    assert set(callback) == {
        "{$request.body#/callback_url}",
        "{$request.body#/input/0/params/callback_url}",
    }


def test_only_discovery_works_without_a_key(paper: Paper) -> None:
    assert paper.document["security"] == [{"bearerAuth": []}]
    optional = {
        name for name in OPERATIONS if paper.operation(name).get("security") == [{}, {"bearerAuth": []}]
    }
    assert optional == {"listModels", "getModelSpec"}


def test_pages_of_models_have_their_ranges() -> None:
    schemas = {p.name: p.schema for p in CONTRACT.operations["listModels"].parameters}

    assert (schemas["page"]["minimum"], schemas["page"]["default"]) == (1, 1)
    limits = [schemas["page_size"][key] for key in ("minimum", "maximum", "default")]
    assert limits == [1, 100, 20]


def test_listed_models_are_those_of_the_parameter_schemas(paper: Paper) -> None:
    described = [cast(Json, CONTRACT.component(params)["x-model"]) for params, _ in PARAMS.values()]
    page = cast(Json, paper.values_of(paper.body_of(paper.responses("listModels")["200"]))["models"])

    assert cast(Json, page["data"])["models"] == described
    assert [model["id"] for model in described] == list(PARAMS) == CONTRACT.component("ModelId")["enum"]


@pytest.mark.parametrize("model", PARAMS)
def test_the_model_picks_the_flat_form(model: str) -> None:
    params, flat = PARAMS[model]

    assert CONTRACT.branch("FlatRequest", {"model": model}) == flat
    assert CONTRACT.component(flat)["allOf"] == [{"$ref": f"#/components/schemas/{params}"}]
    assert CONTRACT.branch("FlatRequest", {"model": "kling_lipsync"}) is None


@pytest.mark.parametrize(
    ("status", "stray"),
    [
        ("in-progress", {"output": []}),
        ("in-progress", {"error": None}),
        ("lipsync-completed", {"progress": 1.0}),
        ("lipsync-completed", {"error": None}),
        ("failed", {"usage": {"cost": "", "discount": 1}}),
        ("failed", {"progress": 1.0}),
    ],
)
def test_optional_keys_are_present_in_their_state_only(paper: Paper, status: str, stray: Json) -> None:
    task = cast(Json, paper.examples[f"answer-{status}"]["body"])

    assert CONTRACT.violations("Task", task) == ()
    assert CONTRACT.violations("Task", task | stray) != ()


@pytest.mark.parametrize("field", ["id", "created_at", "status", "model"])
def test_a_task_always_has_its_four_fields(paper: Paper, field: str) -> None:
    for status in ("in-progress", "lipsync-completed", "failed"):
        task = cast(Json, paper.examples[f"answer-{status}"]["body"])
        assert CONTRACT.violations("Task", {k: v for k, v in task.items() if k != field}) != ()
