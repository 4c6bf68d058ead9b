"""What holds for the contract of each provider: it is whole, agrees with itself, and with its pages' examples."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from openapi_spec_validator import validate

if TYPE_CHECKING:
    from tests.contracts.documents.conftest import Json, Paper

NUMBERS = {
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
"""Kling's page counts its rules, and both gateways pass on to Kling."""
STAGES = {
    "json", "auth", "route", "model", "shape", "identity", "audio",
    "timing", "external-id", "slots", "entitlement", "credits", "rate",
}  # fmt: skip


def test_the_document_is_valid_openapi(paper: Paper) -> None:
    validate(paper.document)


def test_examples_of_the_document_keep_its_own_schemas(paper: Paper) -> None:
    for name, body in paper.bodies():
        values = paper.values_of(body)
        assert len(values) >= (2 if name.endswith("request") else 1), name
        for key, value in values.items():
            assert not paper.faults_of(body["schema"], value), f"{name}: {key}"


def test_documented_requests_are_accepted(paper: Paper) -> None:
    assert paper.documented("request")
    for name in paper.documented("request"):
        example = paper.examples[name]
        operation = paper.contract.operations[cast(str, example["operation"])]
        assert operation.request_schema is not None, name
        assert not paper.contract.violations(operation.request_schema, example["body"]), name


def test_documented_answers_keep_the_schema_of_their_status(paper: Paper) -> None:
    assert paper.documented("response")
    for name in paper.documented("response"):
        example = paper.examples[name]
        response = paper.response(cast(str, example["operation"]), cast(int, example["status"]))
        assert not paper.faults_of(response["schema"], example["body"]), name


def test_documented_callbacks_keep_the_schema(paper: Paper) -> None:
    assert paper.documented("callback")
    for name in paper.documented("callback"):
        example = paper.examples[name]
        bodies = [*paper.callbacks(cast(str, example["operation"]))]
        assert bodies, name
        for body in bodies:
            assert not paper.faults_of(body["schema"], example["body"]), name


def test_limits_are_the_published_ones(paper: Paper) -> None:
    published = cast("dict[str, Json]", paper.examples["limits"]["body"])
    ours = {
        table: {
            rule.id: {**rule.limits, **({"accepts": list(rule.accepts)} if rule.accepts else {})}
            for rule in rules
            # which voices there are is limited where a page lists them
            if rule.limits or (rule.accepts and (rule.id != "voice-known" or rule.id in published[table]))
        }
        for table, rules in paper.contract.rules.items()
    }
    assert ours == published


def test_results_are_kept_for_30_days(paper: Paper) -> None:
    kept = [(rule.id, dict(rule.limits)) for rule in paper.contract.retention]
    assert kept == [("result-age", {"max_age_s": 2_592_000})]


def test_every_numbered_rule_of_the_page_has_its_row(paper: Paper) -> None:
    rows = paper.contract.rules["lip-sync"]
    assert {rule.id: rule.number for rule in rows if rule.number} == NUMBERS


def test_every_rule_names_an_error_row_and_comes_once(paper: Paper) -> None:
    for table, rules in paper.contract.rules.items():
        ids = [rule.id for rule in rules]
        assert len(ids) == len(set(ids)), table
        assert {rule.error for rule in rules} <= paper.contract.errors.keys(), table


def test_checks_are_made_in_known_stages(paper: Paper) -> None:
    order = paper.contract.order
    assert set(order) <= STAGES
    assert len(order) == len(set(order))


def test_every_field_says_what_it_is_and_who_says_so(paper: Paper) -> None:
    silent = [
        field
        for field, schema in paper.fields()
        if not str(paper.everything_about(schema).get("description", "")).endswith("]")
    ]
    assert silent == []
