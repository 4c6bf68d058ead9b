"""The document of the admin surface against the surface."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import jsonschema_rs
import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from mock_server.admin.table import OPERATIONS, router_of

if TYPE_CHECKING:
    from mock_server.admin.operation import Operation
    from tests.admin.conftest import Desk, Json

NOT_OBJECTS = {"/dialects": "any switch is a key", "/faults": "a text, a form, or a list of them"}
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
IDS = [f"{operation.method} {operation.path}" for operation in OPERATIONS]
BODIES: Json = {
    "reset": {"what": ["media"]},
    "put_clock": {"mode": "manual"},
    "advance_clock": {"seconds": 1},
    "put_dialects": {"kling.no_face": "empty"},
    "finish_task": {"status": "failed", "error": {"name": "moderation"}},
    "post_faults": [{"fault": "gateway-502-html", "on": "poll", "from": 2, "to": 4}, "stuck-queued"],
    "put_ledger": {"provider": "kling", "credits": "2.5", "expires_ms": 5},
    "post_scenarios": {"name": "happy"},
    "post_media": {"url": "https://cdn.test/a.mp4", "face_intervals": [[0, 10]]},
}


@pytest.fixture
def document(desk: Desk) -> Json:
    return desk.get("openapi.json", key=None)


def validator(document: Json, schema: Json) -> jsonschema_rs.Validator:
    return jsonschema_rs.Draft202012Validator({**schema, "components": document["components"]})


def path_for(desk: Desk, operation: Operation) -> str:
    """The operation's path with names that exist."""
    if operation.path.startswith("/faults"):
        desk.ask("POST", "faults", "gateway-502-html")
        return operation.path.removeprefix("/").replace("{id}", "f1")
    if operation.path.startswith("/scenarios"):
        desk.ask("POST", "scenarios", {"name": "happy"})
        found = operation.path.replace("{group}/{name}", "fault/stuck-queued").replace("{name}", "happy")
        return found.removeprefix("/")
    task_id = desk.task(callback_url="http://127.0.0.1:9/callback")
    if "finish" not in operation.path:
        desk.ask("POST", "clock/advance", {"until": "idle"})
    identity = f"{task_id}.succeeded" if "deliveries" in operation.path else task_id
    return operation.path.removeprefix("/").replace("{id}", identity).replace("{provider}", "kling")


def test_the_document_is_valid_openapi_3_1(document: Json) -> None:
    assert document["openapi"].startswith("3.1")
    OpenAPIV31SpecValidator(document).validate()


def test_what_is_served_is_what_is_documented(desk: Desk, document: Json) -> None:
    served = set()
    for route in router_of(desk.house).routes:
        path = route.path  # type: ignore[attr-defined]
        plain = re.sub(r"\{\w+\}", "x", path).replace("contracts/x", "contracts/kling")
        for method in METHODS:
            if desk.run(desk.asked(method, plain, params={"unknown": 1})).status_code != 405:
                served.add((method, path))
    documented = {(method.upper(), path) for path, item in document["paths"].items() for method in item}
    assert served == documented == {(operation.method, operation.full_path) for operation in OPERATIONS}


def test_every_operation_says_what_it_does_under_a_name_of_its_own(document: Json) -> None:
    items = [item for path in document["paths"].values() for item in path.values()]
    assert all(item["summary"] for item in items)
    assert len({item["operationId"] for item in items}) == len(items) == len(OPERATIONS)
    described = [
        parameter for item in items for parameter in item["parameters"] if parameter["in"] == "query"
    ]
    assert all(parameter["description"] for parameter in described)


def test_every_object_and_field_of_a_body_is_closed_and_typed(document: Json) -> None:
    for operation in OPERATIONS:
        if operation.takes_body and operation.path not in NOT_OBJECTS:
            schema = document["components"]["schemas"][operation.body_model().__name__]
            assert schema["additionalProperties"] is False
            assert schema["description"]


@pytest.mark.parametrize("operation", OPERATIONS, ids=IDS)
def test_an_answer_is_as_documented(desk: Desk, document: Json, operation: Operation) -> None:
    if operation.content_type == "text/event-stream":
        method, expected = "HEAD", 200
    else:
        method, expected = operation.method, operation.status
    body = BODIES[operation.handler.__name__] if operation.takes_body else None
    takes_key = any(parameter.name == "key" for parameter in operation.query)
    answer = desk.ask(method, path_for(desk, operation), body, key="key-one" if takes_key else None)
    assert answer.status_code == expected, answer.text
    content = document["paths"][operation.full_path][operation.method.lower()]["responses"][str(expected)][
        "content"
    ]
    assert answer.headers["content-type"].partition(";")[0] in content
    if "application/json" in content:
        validator(document, content["application/json"]["schema"]).validate(answer.json())


@pytest.mark.parametrize(
    "operation", [item for item in OPERATIONS if item.takes_body], ids=lambda item: item.path
)
def test_a_documented_body_is_one_that_is_taken(document: Json, operation: Operation) -> None:
    item = document["paths"][operation.full_path][operation.method.lower()]
    schema = item["requestBody"]["content"]["application/json"]["schema"]
    validator(document, schema).validate(BODIES[operation.handler.__name__])


@pytest.mark.parametrize("operation", OPERATIONS, ids=IDS)
def test_a_refusal_has_a_documented_status_and_form(desk: Desk, document: Json, operation: Operation) -> None:
    if operation.is_open:
        return
    item: Any = document["paths"][operation.full_path][operation.method.lower()]
    path = re.sub(r"\{\w+\}", "none", operation.path.removeprefix("/"))
    unreadable: Json = {"content": b"x", "headers": {"Content-Type": "text/x"}}
    requests: list[Json] = [{"params": {"unknown": 1}}, *([unreadable] if operation.takes_body else [])]
    for more in requests:
        answer = desk.ask(operation.method, path, key=None, **more)
        content = item["responses"][str(answer.status_code)]["content"]
        validator(document, content["application/json"]["schema"]).validate(answer.json())
        assert answer.status_code >= 400


def test_the_document_is_made_once_and_is_the_same_for_everybody(desk: Desk) -> None:
    first, second = (desk.ask("GET", "openapi.json", key=None).content for _ in range(2))
    assert first == second
    assert json.loads(first)
