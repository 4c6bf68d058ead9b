"""Kling's contract against a second, hand-written copy of what its pages say."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import pytest

from contracts.contract import load_contract
from contracts.kling.errors import ERRORS
from contracts.kling.prices import PRICES
from contracts.kling.rules import ORDER
from contracts.model import Channel

if TYPE_CHECKING:
    from tests.contracts.documents.conftest import Paper, PaperOf

Json = dict[str, object]

CONTRACT = load_contract("kling")
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


@pytest.fixture
def paper(paper_of: PaperOf) -> Paper:
    return paper_of("kling")


def test_every_operation_stands_at_its_original_path() -> None:
    found = {operation.id: (operation.method, operation.path) for operation in CONTRACT.operations.values()}

    assert found == OPERATIONS


@pytest.mark.parametrize("operation_id", OPERATIONS)
def test_every_operation_lists_every_status_of_the_error_table(operation_id: str) -> None:
    statuses = {row.http_status for row in ERRORS}

    assert set(CONTRACT.operations[operation_id].statuses) == statuses | {200}


def test_error_table_is_the_published_one(paper: Paper) -> None:
    published = [
        (row["http"], row["code"]) for row in cast(list[Json], paper.examples["error-table"]["body"])
    ]
    ours = [
        (row.http_status, row.code) for row in ERRORS if not row.source.startswith("ASSUMED") and row.code
    ]

    assert ours == published


def test_rows_of_our_own_are_marked(paper: Paper) -> None:
    published = {row["code"] for row in cast(list[Json], paper.examples["error-table"]["body"])}

    assert {row.name for row in ERRORS if row.source.startswith("ASSUMED")} == {"too-large"}
    assert {(row.name, row.channel) for row in ERRORS if row.code not in published} == {
        ("task-failed", Channel.TASK)
    }


def test_only_faults_that_pass_by_themselves_are_retryable() -> None:
    assert {row.code for row in ERRORS if row.is_retryable} == {"1302", "1303", "5000", "5001", "5002"}


def test_every_error_row_is_an_example_at_its_status(paper: Paper) -> None:
    shown = {
        (int(name.split()[-1]), key, cast(Json, example["value"])["message"])
        for name, media_type in paper.bodies()
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


def test_order_of_checks_is_the_decided_one() -> None:
    assert ORDER == ("auth", "route", "json", "shape", "identity", "audio", "timing", "external-id", "slots")


def test_prices_are_the_known_ones() -> None:
    found = {price.operation: (price.amount, price.per_s) for price in PRICES}

    assert found == {"identify": ("0.05", 0), "lip-sync": ("0.5", 5), "speech": ("0.05", 0)}


def test_links_lead_from_identify_to_submit_to_poll(paper: Paper) -> None:
    def target(operation_id: str) -> Json:
        links = cast(
            dict[str, Json],
            cast(Json, cast(Json, paper.operation(operation_id)["responses"])["200"])["links"],
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
