"""Kirin's contract against a second, hand-written copy of what its pages and clients say."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import cast

import jsonschema_rs
import pytest
from openapi_spec_validator import validate

from contracts.contract import load_contract
from contracts.kirin.errors import AT_CREATE, ERRORS, UPSTREAM
from contracts.kirin.prices import PRICES
from contracts.kirin.rules import ORDER, RETENTION, RULES
from contracts.model import Channel

Json = dict[str, object]

CONTRACT = load_contract("kirin")
DOCUMENT = cast(Json, CONTRACT.document)
EXAMPLES_DIR = Path(__file__).parents[2] / "fixtures" / "examples" / "kirin"
EXAMPLES = {
    path.stem: cast(Json, json.loads(path.read_text("utf-8"))) for path in sorted(EXAMPLES_DIR.glob("*.json"))
}
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


def body_of(holder: object) -> Json:
    content = cast(dict[str, Json], cast(Json, resolved(holder))["content"])
    return content["application/json"]


def responses_of(operation_id: str) -> Json:
    return cast(Json, item_of(operation_id)["responses"])


def callback_bodies() -> Iterator[Json]:
    callback = cast(Json, cast(Json, item_of("createGeneration")["callbacks"])["taskChanged"])
    for path_item in callback.values():
        yield body_of(cast(Json, cast(Json, resolved(path_item))["post"])["requestBody"])


def bodies() -> Iterator[tuple[str, Json]]:
    """Every body that the document describes, with a name for the test report."""
    for operation_id in OPERATIONS:
        if "requestBody" in item_of(operation_id):
            yield f"{operation_id} request", body_of(item_of(operation_id)["requestBody"])
        for status, response in responses_of(operation_id).items():
            yield f"{operation_id} {status}", body_of(response)
    yield from ((f"callback {number}", body) for number, body in enumerate(callback_bodies()))


def values_of(body: Json) -> dict[str, object]:
    examples = cast(dict[str, object], body["examples"])
    return {name: cast(Json, resolved(example))["value"] for name, example in examples.items()}


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
def test_every_operation_lists_the_documented_statuses(operation_id: str) -> None:
    assert set(CONTRACT.operations[operation_id].statuses) >= {200, 401, 429, 500, 503}


@pytest.mark.parametrize(("name", "body"), [pytest.param(*pair, id=pair[0]) for pair in bodies()])
def test_examples_of_the_document_keep_its_own_schemas(name: str, body: Json) -> None:
    values = values_of(body)

    assert len(values) >= (2 if name.endswith("request") else 1)
    assert {key: faults_of(body["schema"], value) for key, value in values.items()} == {
        key: [] for key in values
    }


@pytest.mark.parametrize("name", documented("request"))
def test_documented_requests_are_accepted(name: str) -> None:
    operation = CONTRACT.operations[cast(str, EXAMPLES[name]["operation"])]

    assert operation.request_schema is not None
    assert CONTRACT.violations(operation.request_schema, EXAMPLES[name]["body"]) == ()


@pytest.mark.parametrize("name", documented("response"))
def test_documented_answers_keep_the_schema_of_their_status(name: str) -> None:
    response = responses_of(cast(str, EXAMPLES[name]["operation"]))[str(EXAMPLES[name]["status"])]

    assert faults_of(body_of(response)["schema"], EXAMPLES[name]["body"]) == []


@pytest.mark.parametrize("name", documented("callback"))
def test_documented_callbacks_keep_the_schema(name: str) -> None:
    assert [faults_of(body["schema"], EXAMPLES[name]["body"]) for body in callback_bodies()] == [[], []]


def texts() -> Iterator[tuple[str, str, str]]:
    """Every JSON string among the examples: where it stands, its content type, the string."""
    documents = [*values_of(body_of(responses_of("getGeneration")["200"])).items()]
    documents += [(name, EXAMPLES[name]["body"]) for name in documented("response")]
    for name, task in documents:
        for output in cast(list[dict[str, list[dict[str, str]]]], cast(Json, task).get("output", [])):
            for item in output["content"]:
                if "text" in item:
                    yield name, item["type"], item["text"]


@pytest.mark.parametrize(("kind", "text"), [pytest.param(k, t, id=f"{k} {n}") for n, k, t in texts()])
def test_json_strings_hold_the_upstream_answer(kind: str, text: str) -> None:
    component = {"text": "TextContent", "audio": "AudioContent"}[kind]
    field = cast(Json, cast(Json, CONTRACT.component(component)["properties"])["text"])

    assert faults_of(field["contentSchema"], json.loads(text)) == []


def test_error_table_is_the_published_one() -> None:
    rows = cast(list[Json], EXAMPLES["error-table"]["body"])

    assert [(row.name, row.http_status, row.code) for row in ERRORS] == [
        (row["name"], row["http"], row["code"]) for row in rows
    ]


def test_rows_that_no_page_and_no_client_shows_are_marked() -> None:
    rows = cast(list[Json], EXAMPLES["error-table"]["body"])
    decided = {row["name"] for row in rows if row["by"] not in {"page", "client"}}

    assert {row.name for row in ERRORS if row.source.startswith("ASSUMED")} == decided


def test_task_codes_are_the_four_of_the_seed_as_text() -> None:
    task_codes = {row.code for row in ERRORS if row.channel is Channel.TASK}
    error = cast(Json, CONTRACT.component("TaskError")["properties"])

    assert task_codes == {"014002095", "014002096", "014002097", "014002099"}
    assert task_codes == set(cast(list[str], cast(Json, error["code"])["enum"]))


def test_every_error_row_is_an_example_in_an_answer() -> None:
    shown = {
        (int(status), key)
        for name, body in bodies()
        for key in cast(Json, body["examples"])
        if (status := name.split()[-1]).isdigit()
    }

    assert [row.name for row in ERRORS if (row.http_status, row.code) not in shown] == []


def test_examples_of_http_errors_say_the_sentence_of_their_row() -> None:
    sentences = {row.message for row in ERRORS if row.channel is Channel.HTTP}
    own = {"the body is not JSON", "session_id is required"}
    shown = {
        cast(Json, value)["message"]
        for status, response in responses_of("createGeneration").items()
        if status not in {"200", "402"}
        for value in values_of(body_of(response)).values()
    }

    assert shown <= sentences | own
    assert {row.message for row in ERRORS if row.http_status >= 403} <= shown


def test_limits_are_the_published_ones() -> None:
    ours = {
        table: {
            rule.id: {**rule.limits, **({"accepts": list(rule.accepts)} if rule.accepts else {})}
            for rule in rules
            if rule.limits or (rule.accepts and rule.id != "voice-known")
        }
        for table, rules in RULES.items()
    }

    assert ours == EXAMPLES["limits"]["body"]
    assert [(rule.id, dict(rule.limits)) for rule in RETENTION] == [("result-age", {"max_age_s": 2_592_000})]


PUBLISHED_FIELDS = cast(dict[str, dict[str, Json]], EXAMPLES["parameters"]["body"])
LONGEST_LONG = 2**63 - 1


def everything_about(schema: Json) -> Json:
    """The schema with the keywords of what it refers to; its own words win."""
    if "$ref" not in schema:
        return schema
    words = cast(str, schema["$ref"]).removeprefix("#/").split("/")
    target = DOCUMENT
    for word in words:
        target = cast(Json, target[word])
    return {**everything_about(target), **{key: value for key, value in schema.items() if key != "$ref"}}


def facts_of(schema: Json) -> Json:
    facts = ("type", "default", "minimum", "maximum", "enum")
    return {key: schema[key] for key in facts if key in schema and schema[key] != LONGEST_LONG}


@pytest.mark.parametrize("component", PUBLISHED_FIELDS)
def test_fields_are_the_published_ones(component: str) -> None:
    schema = CONTRACT.component(component)
    published = PUBLISHED_FIELDS[component]
    fields = cast(dict[str, Json], schema["properties"])

    assert {name: facts_of(everything_about(field)) for name, field in fields.items()} == {
        name: facts_of(field) for name, field in published.items()
    }
    assert schema.get("required", []) == [name for name, field in published.items() if "required" in field]


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
def test_every_rule_comes_once_and_fails_the_task(table: str) -> None:
    ids = [rule.id for rule in RULES[table]]

    assert len(ids) == len(set(ids))
    assert {CONTRACT.errors[rule.error].channel for rule in RULES[table]} == {Channel.TASK}
    assert {rule.id for rule in RULES[table] if rule.error == "moderation"} == {
        rule_id for rule_id in ids if rule_id.endswith("-moderation")
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


def test_links_lead_from_identify_to_submit_to_poll() -> None:
    def link(operation_id: str, name: str) -> Json:
        answer = cast(Json, responses_of(operation_id)["200"])
        return cast(Json, cast(Json, answer["links"])[name])

    body = cast(Json, link("getGeneration", "lipSync")["requestBody"])
    assert link("createGeneration", "poll")["operationId"] == "getGeneration"
    assert link("createGeneration", "poll")["parameters"] == {"id": "$response.body#/id"}
    assert link("getGeneration", "lipSync")["operationId"] == "createGeneration"
    assert body["session_id"] == "$response.body#/output/0/content/0/jobId"
    assert CONTRACT.violations("FlatLipsync", body) == ()


def test_callbacks_go_to_the_url_of_the_flat_and_of_the_wrapped_form() -> None:
    callback = cast(Json, cast(Json, item_of("createGeneration")["callbacks"])["taskChanged"])

    assert set(callback) == {
        "{$request.body#/callback_url}",
        "{$request.body#/input/0/params/callback_url}",
    }


def test_only_discovery_works_without_a_key() -> None:
    assert DOCUMENT["security"] == [{"bearerAuth": []}]
    optional = {name for name in OPERATIONS if item_of(name).get("security") == [{}, {"bearerAuth": []}]}
    assert optional == {"listModels", "getModelSpec"}


def test_pages_of_models_have_their_ranges() -> None:
    schemas = {p.name: p.schema for p in CONTRACT.operations["listModels"].parameters}

    assert (schemas["page"]["minimum"], schemas["page"]["default"]) == (1, 1)
    limits = [schemas["page_size"][key] for key in ("minimum", "maximum", "default")]
    assert limits == [1, 100, 20]


def test_listed_models_are_those_of_the_parameter_schemas() -> None:
    described = [cast(Json, CONTRACT.component(params)["x-model"]) for params, _ in PARAMS.values()]
    page = cast(Json, values_of(body_of(responses_of("listModels")["200"]))["models"])

    assert cast(Json, page["data"])["models"] == described
    assert [model["id"] for model in described] == list(PARAMS) == CONTRACT.component("ModelId")["enum"]


@pytest.mark.parametrize("model", PARAMS)
def test_the_model_picks_the_flat_form(model: str) -> None:
    params, flat = PARAMS[model]

    assert CONTRACT.branch("FlatRequest", {"model": model}) == flat
    assert CONTRACT.component(flat)["allOf"] == [{"$ref": f"#/components/schemas/{params}"}]
    assert CONTRACT.branch("FlatRequest", {"model": "kling_lipsync"}) is None


def test_every_field_says_what_it_is_and_who_says_so() -> None:
    schemas = cast(dict[str, Json], at("components", "schemas"))
    said = {
        f"{name}.{field}": str(everything_about(cast(Json, schema)).get("description", ""))
        for name, component in schemas.items()
        for field, schema in cast(Json, component.get("properties", {})).items()
        if schema is not False
    }

    assert [field for field, words in said.items() if not words.endswith("]")] == []


FLAT = cast(Json, EXAMPLES["request-lipsync-flat"]["body"])
FACE = cast(list[Json], FLAT["face_choose"])[0]


def face_with(**changes: object) -> list[str]:
    """Sentences about a ``face_choose`` entry with ``changes``; None takes a field away."""
    entry = {key: value for key, value in {**FACE, **changes}.items() if value is not None}
    return [violation.sentence() for violation in CONTRACT.violations("FaceChoice", entry)]


@pytest.mark.parametrize("field", ["sound_volume", "original_audio_volume"])
def test_volume_is_from_0_to_2(field: str) -> None:
    assert [face_with(**{field: value}) for value in (0, 2, 1.5, None)] == [[], [], [], []]
    assert face_with(**{field: 2.01}) == [f"{field} must be at most 2"]
    assert face_with(**{field: -0.01}) == [f"{field} must be at least 0"]


@pytest.mark.parametrize("field", ["sound_start_time", "sound_end_time", "sound_insert_time"])
def test_times_are_longs(field: str) -> None:
    assert [face_with(**{field: value}) for value in (0, 3000, 3000.0, LONGEST_LONG)] == [[], [], [], []]
    assert face_with(**{field: "3000"}) == [f"{field} must be an integer"]
    assert face_with(**{field: -1}) == [f"{field} must be at least 0"]
    assert face_with(**{field: None}) == [f"{field} is required"]
    assert face_with(**{field: 2**63}) == [f"{field} must be at most {LONGEST_LONG}"]


def test_an_entry_has_exactly_one_source_of_audio() -> None:
    refusal = ["needs exactly one of audio_id and sound_file"]

    assert face_with(audio_id="") == []
    assert face_with(audio_id="8533", sound_file="") == []
    assert face_with(audio_id="8533", sound_file=None) == []
    assert face_with(audio_id="8533") == refusal
    assert face_with(sound_file="") == refusal
    assert face_with(sound_file=None) == refusal
    assert face_with(audio_id="", sound_file="") == refusal


@pytest.mark.parametrize("count", [0, 2])
def test_a_task_has_exactly_one_face(count: int) -> None:
    (violation,) = CONTRACT.violations("LipsyncParams", FLAT | {"face_choose": [FACE] * count})

    assert violation.sentence() == "face_choose must hold exactly one entry: one person per task is supported"


@pytest.mark.parametrize(
    ("video", "is_accepted"),
    [
        ({"video_id": "8532"}, True),
        ({"video_id": "", "video_url": "https://a.example/v.mp4"}, True),
        ({"video_id": "8532", "video_url": ""}, True),
        ({"video_id": "8532", "video_url": "https://a.example/v.mp4"}, False),
        ({"video_id": "", "video_url": ""}, False),
        ({"video_url": "v.mp4"}, False),
        ({}, False),
    ],
)
def test_a_video_is_named_in_exactly_one_way(video: Mapping[str, object], is_accepted: bool) -> None:
    assert (CONTRACT.violations("IdentifyFaceParams", video) == ()) is is_accepted


def test_text_ends_at_its_published_length() -> None:
    body = cast(Json, EXAMPLES["request-tts"]["body"])

    assert CONTRACT.violations("TtsParams", body | {"text": "海" * 1000}) == ()
    assert [v.path for v in CONTRACT.violations("TtsParams", body | {"text": "海" * 1001})] == ["text"]
    assert [v.path for v in CONTRACT.violations("TtsParams", body | {"text": ""})] == ["text"]


@pytest.mark.parametrize("speed", [0.1, 0.84, 1, 3.7, -1])
def test_any_speed_passes_because_it_is_held_within_its_range_later(speed: float) -> None:
    body = cast(Json, EXAMPLES["request-tts"]["body"])

    assert CONTRACT.violations("TtsParams", body | {"voice_speed": speed}) == ()


def test_only_the_first_wrapped_entry_counts() -> None:
    first = {"params": {key: value for key, value in FLAT.items() if key != "model"}}
    wrapped = {"model": "kirin_lipsync", "input": [first, {"params": {}}, "anything"]}

    assert CONTRACT.violations("GenerationRequest", wrapped) == ()
    assert CONTRACT.violations("GenerationRequest", wrapped | {"input": [{"params": {}}, first]}) != ()
    assert CONTRACT.violations("GenerationRequest", wrapped | {"input": []}) != ()


def test_wrapped_wins_where_a_body_has_both_forms() -> None:
    assert CONTRACT.violations("GenerationRequest", FLAT) == ()
    assert CONTRACT.violations("GenerationRequest", FLAT | {"input": [{"params": {}}]}) != ()


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
def test_optional_keys_are_present_in_their_state_only(status: str, stray: Json) -> None:
    task = cast(Json, EXAMPLES[f"answer-{status}"]["body"])

    assert CONTRACT.violations("Task", task) == ()
    assert CONTRACT.violations("Task", task | stray) != ()


@pytest.mark.parametrize("field", ["id", "created_at", "status", "model"])
def test_a_task_always_has_its_four_fields(field: str) -> None:
    for status in ("in-progress", "lipsync-completed", "failed"):
        task = cast(Json, EXAMPLES[f"answer-{status}"]["body"])
        assert CONTRACT.violations("Task", {k: v for k, v in task.items() if k != field}) != ()
