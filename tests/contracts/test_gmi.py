"""GMI Cloud's contract against a second, hand-written copy of what its pages, clients and observers say."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import jsonschema_rs
import pytest
from openapi_spec_validator import validate

from contracts.contract import load_contract
from contracts.gmi.errors import ERRORS
from contracts.gmi.prices import PRICES
from contracts.gmi.rules import ORDER, RETENTION, RULES
from contracts.model import Channel, Rule

Json = dict[str, object]

CONTRACT = load_contract("gmi")
DOCUMENT = cast(Json, CONTRACT.document)
EXAMPLES_DIR = Path(__file__).parents[2] / "fixtures" / "examples" / "gmi"
EXAMPLES = {
    path.stem: cast(Json, json.loads(path.read_text("utf-8"))) for path in sorted(EXAMPLES_DIR.glob("*.json"))
}
QUEUE = "/api/v1/ie/requestqueue"
OPERATIONS = {
    "submitRequest": ("POST", f"{QUEUE}/apikey/requests"),
    "listRequests": ("GET", f"{QUEUE}/apikey/requests"),
    "getRequest": ("GET", f"{QUEUE}/apikey/requests/{{request_id}}"),
    "cancelRequest": ("DELETE", f"{QUEUE}/apikey/requests/{{request_id}}"),
    "listModels": ("GET", f"{QUEUE}/apikey/models"),
    "getModel": ("GET", f"{QUEUE}/apikey/models/{{model_id}}"),
    "createUploadUrl": ("POST", f"{QUEUE}/apikey/upload-url"),
    "iamSubmitRequest": ("POST", f"{QUEUE}/requests"),
    "iamListRequests": ("GET", f"{QUEUE}/requests"),
    "iamGetRequest": ("GET", f"{QUEUE}/requests/{{request_id}}"),
    "iamCancelRequest": ("DELETE", f"{QUEUE}/requests/{{request_id}}"),
    "iamListModels": ("GET", f"{QUEUE}/models"),
    "iamGetModel": ("GET", f"{QUEUE}/models/{{model_id}}"),
    "createAuthToken": ("POST", "/api/v1/me/auth-tokens"),
    "createSession": ("POST", "/api/v1/me/sessions"),
    "refreshSession": ("PATCH", "/api/v1/me/sessions"),
    "getProfile": ("GET", "/api/v1/me/profile"),
}
LOGIN = {"createAuthToken", "createSession", "refreshSession", "getProfile"}
IAM_TWINS = {
    name: f"iam{name[0].upper()}{name[1:]}"
    for name in OPERATIONS
    if f"iam{name[0].upper()}{name[1:]}" in OPERATIONS
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


def response_of(operation_id: str, status: int) -> Json:
    return body_of(cast(Json, item_of(operation_id)["responses"])[str(status)])


def callback_body() -> Json:
    callback = cast(Json, cast(Json, item_of("submitRequest")["callbacks"])["requestChanged"])
    path_item = cast(Json, resolved(callback))["{$request.body#/payload/callback_url}"]
    return body_of(cast(Json, cast(Json, path_item)["post"])["requestBody"])


def bodies() -> Iterator[tuple[str, Json]]:
    """Every body that the document describes, with a name for the test report."""
    for operation_id, operation in CONTRACT.operations.items():
        if operation.request_schema:
            yield f"{operation_id} request", body_of(item_of(operation_id)["requestBody"])
        for status in operation.statuses:
            yield f"{operation_id} {status}", response_of(operation_id, status)
    yield "callback", callback_body()


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
def test_every_operation_lists_the_statuses_that_any_call_can_meet(operation_id: str) -> None:
    statuses = set(CONTRACT.operations[operation_id].statuses)
    takes_body = CONTRACT.operations[operation_id].request_schema is not None

    assert statuses >= {200, 401, 404, 429, 500, 502, 503}
    assert ({400, 413} <= statuses) is takes_body


def test_only_a_submit_can_lack_credits_and_only_a_cancel_can_come_too_late() -> None:
    def listing(status: int) -> set[str]:
        return {name for name, operation in CONTRACT.operations.items() if status in operation.statuses}

    assert listing(402) == {"submitRequest", "iamSubmitRequest"}
    assert listing(409) == {"cancelRequest", "iamCancelRequest"}


@pytest.mark.parametrize(("name", "twin"), IAM_TWINS.items())
def test_the_session_token_opens_the_same_queue(name: str, twin: str) -> None:
    assert CONTRACT.operations[name].request_schema == CONTRACT.operations[twin].request_schema
    assert CONTRACT.operations[name].statuses == CONTRACT.operations[twin].statuses
    assert item_of(twin)["security"] == [{"session": []}]
    if name != "listModels":
        assert response_of(name, 200)["schema"] == response_of(twin, 200)["schema"]


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
    response = response_of(cast(str, EXAMPLES[name]["operation"]), cast(int, EXAMPLES[name]["status"]))

    assert faults_of(response["schema"], EXAMPLES[name]["body"]) == []


@pytest.mark.parametrize("name", documented("callback"))
def test_documented_callbacks_keep_the_schema(name: str) -> None:
    assert faults_of(callback_body()["schema"], EXAMPLES[name]["body"]) == []


def test_every_operation_has_a_documented_answer() -> None:
    answered = {cast(str, EXAMPLES[name]["operation"]) for name in documented("response")}
    answered |= {IAM_TWINS.get(name, name) for name in answered}
    answered |= {name for name, twin in IAM_TWINS.items() if twin in answered}

    assert answered == OPERATIONS.keys()


def test_error_table_is_the_known_one() -> None:
    rows = cast(list[Json], EXAMPLES["error-table"]["body"])

    assert [(row.name, row.http_status, row.code) for row in ERRORS] == [
        (row["name"], row["http"], row["code"]) for row in rows
    ]


def test_rows_that_no_client_and_no_observer_shows_are_marked() -> None:
    rows = cast(list[Json], EXAMPLES["error-table"]["body"])
    decided = {row["name"] for row in rows if row["by"] == "decision"}

    assert {row.name for row in ERRORS if row.source.startswith("ASSUMED")} == decided


def test_only_faults_that_pass_by_themselves_are_retryable() -> None:
    retryable = {row.name for row in ERRORS if row.is_retryable}

    assert retryable == {"rate-limited", "internal", "bad-gateway", "unavailable"}


def test_every_http_error_is_an_example_at_its_status_in_its_own_words() -> None:
    shown = {
        (int(name.split()[1]), key, cast(dict[str, str], value)["error"])
        for name, body in bodies()
        if name.split()[0] not in LOGIN and name.split()[-1] in {"400", *map(str, range(401, 600))}
        for key, value in values_of(body).items()
    }
    keys = {(status, key) for status, key, _ in shown}
    http = [row for row in ERRORS if row.channel is Channel.HTTP]

    assert {(row.http_status, row.name) for row in http} == keys
    # the example of a refused value names a path, as every real one does
    worded = {(row.http_status, row.name, row.message) for row in http if row.name != "invalid-value"}
    assert worded <= shown


def test_the_error_of_an_accepted_request_is_an_example_of_a_poll() -> None:
    (row,) = [row for row in ERRORS if row.channel is Channel.TASK]
    record = cast(Json, values_of(response_of("getRequest", 200))[row.name])

    assert record["status"] == "failed"
    assert cast(dict[str, str], record["outcome"])["error"].startswith(row.message)


@pytest.mark.parametrize("operation_id", OPERATIONS)
def test_errors_of_the_queue_say_error_and_errors_of_the_login_say_message(operation_id: str) -> None:
    key = "message" if operation_id in LOGIN else "error"
    errors = [status for status in CONTRACT.operations[operation_id].statuses if status != 200]
    values = [value for status in errors for value in values_of(response_of(operation_id, status)).values()]

    assert [list(cast(Json, value)) for value in values] == [[key]] * len(values)


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


def test_every_numbered_rule_of_the_upstream_page_has_its_row() -> None:
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


def test_several_faces_have_rules_of_their_own_the_narrower_first() -> None:
    assert [rule.id for rule in RULES["lip-sync"]][-2:] == ["no-overlapping-inserts", "one-entry-per-face"]


@pytest.mark.parametrize("table", RULES)
def test_every_rule_names_an_error_row_and_comes_once(table: str) -> None:
    ids = [rule.id for rule in RULES[table]]

    assert len(ids) == len(set(ids))
    assert {rule.error for rule in RULES[table]} == {"invalid-value", "moderation"}
    assert {"invalid-value", "moderation"} <= CONTRACT.errors.keys()


@pytest.mark.parametrize("rule", [pytest.param(rule, id=rule.id) for rule in RULES["lip-sync"] if rule.field])
def test_fields_that_rules_name_exist(rule: Rule) -> None:
    holder = "LipSyncPayload" if rule.field.startswith("/") else "FaceChoice"

    assert rule.field.removeprefix("/") in cast(Json, CONTRACT.component(holder)["properties"])


def test_order_of_checks_is_the_decided_one() -> None:
    decided = ("json", "auth", "model", "shape", "entitlement", "credits", "rate")
    upstream = ("identity", "audio", "timing")

    assert tuple(stage for stage in ORDER if stage != "route") == decided + upstream
    assert ORDER.index("route") < ORDER.index("model")


def test_prices_are_the_known_ones() -> None:
    found = {price.operation: (price.amount, price.per_s, price.currency) for price in PRICES}

    assert found == {"identify": ("0.05", 0, "USD"), "lip-sync": ("0.5", 5, "USD")}


@pytest.mark.parametrize("prefix", ["", "iam"])
def test_links_lead_from_identify_to_lip_sync_to_poll(prefix: str) -> None:
    def named(operation_id: str) -> str:
        return f"iam{operation_id[0].upper()}{operation_id[1:]}" if prefix else operation_id

    answer = cast(Json, cast(Json, item_of(named("submitRequest"))["responses"])["200"])
    links = cast(dict[str, Json], answer["links"])
    body = cast(Json, links["lipSync"]["requestBody"])

    assert {name: link["operationId"] for name, link in links.items()} == {
        "lipSync": named("submitRequest"),
        "poll": named("getRequest"),
        "cancel": named("cancelRequest"),
    }
    assert links["poll"]["parameters"] == {"request_id": "$response.body#/request_id"}
    assert CONTRACT.violations("SubmitLipSync", body) == ()


def test_every_field_says_what_it_is_and_who_says_so() -> None:
    def fields(name: str, schema: object) -> Iterator[tuple[str, Json]]:
        if not isinstance(schema, dict):
            return
        for field, inner in cast(dict[str, Json], schema.get("properties", {})).items():
            yield f"{name}.{field}", inner
            yield from fields(f"{name}.{field}", inner)
        yield from fields(f"{name}[]", schema.get("items"))

    def says(schema: Json) -> str:
        return str(schema.get("description") or cast(Json, resolved(schema)).get("description", ""))

    schemas = at("components", "schemas").items()
    silent = [
        field
        for name, schema in schemas
        for field, inner in fields(name, schema)
        if not says(inner).endswith("]")
    ]
    assert silent == []
