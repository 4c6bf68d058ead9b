"""GMI Cloud's contract against a second, hand-written copy of what its pages, clients and observers say."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import pytest

from contracts.contract import load_contract
from contracts.gmi.errors import ERRORS
from contracts.gmi.prices import PRICES
from contracts.gmi.rules import ORDER, RULES
from contracts.model import Channel, Rule

if TYPE_CHECKING:
    from tests.contracts.documents.conftest import Paper, PaperOf

Json = dict[str, object]

CONTRACT = load_contract("gmi")
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


@pytest.fixture
def paper(paper_of: PaperOf) -> Paper:
    return paper_of("gmi")


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
def test_the_session_token_opens_the_same_queue(paper: Paper, name: str, twin: str) -> None:
    assert CONTRACT.operations[name].request_schema == CONTRACT.operations[twin].request_schema
    assert CONTRACT.operations[name].statuses == CONTRACT.operations[twin].statuses
    assert paper.operation(twin)["security"] == [{"session": []}]
    if name != "listModels":
        assert paper.response(name, 200)["schema"] == paper.response(twin, 200)["schema"]


def test_every_operation_has_a_documented_answer(paper: Paper) -> None:
    answered = {cast(str, paper.examples[name]["operation"]) for name in paper.documented("response")}
    answered |= {IAM_TWINS.get(name, name) for name in answered}
    answered |= {name for name, twin in IAM_TWINS.items() if twin in answered}

    assert answered == OPERATIONS.keys()


def test_error_table_is_the_known_one(paper: Paper) -> None:
    rows = cast(list[Json], paper.examples["error-table"]["body"])

    assert [(row.name, row.http_status, row.code) for row in ERRORS] == [
        (row["name"], row["http"], row["code"]) for row in rows
    ]


def test_rows_that_no_client_and_no_observer_shows_are_marked(paper: Paper) -> None:
    rows = cast(list[Json], paper.examples["error-table"]["body"])
    decided = {row["name"] for row in rows if row["by"] == "decision"}

    assert {row.name for row in ERRORS if row.source.startswith("ASSUMED")} == decided


def test_only_faults_that_pass_by_themselves_are_retryable() -> None:
    retryable = {row.name for row in ERRORS if row.is_retryable}

    assert retryable == {"rate-limited", "internal", "bad-gateway", "unavailable"}


def test_every_http_error_is_an_example_at_its_status_in_its_own_words(paper: Paper) -> None:
    shown = {
        (int(name.split()[1]), key, cast(dict[str, str], value)["error"])
        for name, body in paper.bodies()
        if name.split()[0] not in LOGIN and name.split()[-1] in {"400", *map(str, range(401, 600))}
        for key, value in paper.values_of(body).items()
    }
    keys = {(status, key) for status, key, _ in shown}
    http = [row for row in ERRORS if row.channel is Channel.HTTP]

    assert {(row.http_status, row.name) for row in http} == keys
    # the example of a refused value names a path, as every real one does
    worded = {(row.http_status, row.name, row.message) for row in http if row.name != "invalid-value"}
    assert worded <= shown


def test_the_error_of_an_accepted_request_is_an_example_of_a_poll(paper: Paper) -> None:
    (row,) = [row for row in ERRORS if row.channel is Channel.TASK]
    record = cast(Json, paper.values_of(paper.response("getRequest", 200))[row.name])

    assert record["status"] == "failed"
    assert cast(dict[str, str], record["outcome"])["error"].startswith(row.message)


@pytest.mark.parametrize("operation_id", OPERATIONS)
def test_errors_of_the_queue_say_error_and_errors_of_the_login_say_message(
    paper: Paper, operation_id: str
) -> None:
    key = "message" if operation_id in LOGIN else "error"
    errors = [status for status in CONTRACT.operations[operation_id].statuses if status != 200]
    values = [
        value for status in errors for value in paper.values_of(paper.response(operation_id, status)).values()
    ]

    assert [list(cast(Json, value)) for value in values] == [[key]] * len(values)


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
def test_links_lead_from_identify_to_lip_sync_to_poll(paper: Paper, prefix: str) -> None:
    def named(operation_id: str) -> str:
        return f"iam{operation_id[0].upper()}{operation_id[1:]}" if prefix else operation_id

    answer = cast(Json, cast(Json, paper.operation(named("submitRequest"))["responses"])["200"])
    links = cast(dict[str, Json], answer["links"])
    body = cast(Json, links["lipSync"]["requestBody"])

    assert {name: link["operationId"] for name, link in links.items()} == {
        "lipSync": named("submitRequest"),
        "poll": named("getRequest"),
        "cancel": named("cancelRequest"),
    }
    assert links["poll"]["parameters"] == {"request_id": "$response.body#/request_id"}
    assert CONTRACT.violations("SubmitLipSync", body) == ()
