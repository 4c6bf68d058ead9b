"""Who moved: contract, recording and answer held against each other, in words."""

from __future__ import annotations

import json

from contracts.conform.checks.answer_shape import response_schema
from contracts.conform.drift import findings, moved
from contracts.conform.examples import Example, recorded
from contracts.conform.exchange import Caller, Exchange
from contracts.conform.surfaces import SURFACES
from contracts.conform.verdict import Evidence
from contracts.contract import PROVIDERS, load_contract

RIGHT = {"code": 1203, "message": "task not found", "request_id": "e6f1a2b3-c4d5-4e6f-9a0b-1c2d3e4f5a6b"}
TEXT_CODE = {**RIGHT, "code": "1203"}
NO_ID = {"code": 1203, "message": "task not found"}


def judged(recording: object, answer: object, status: int = 404) -> tuple[str, str]:
    exchange = Exchange(
        1,
        "t",
        Caller.OWN,
        "getLipSync",
        "GET",
        "/v1/videos/advanced-lip-sync/1",
        b"",
        404,
        json.dumps(answer).encode(),
    )
    evidence = Evidence(load_contract("kling"), SURFACES["kling"], (exchange,))
    example = Example("response", operation="getLipSync", status=status, body=recording, name="x")
    [row] = moved(evidence, (example,))
    assert bool(findings([row])) is (row.who in {"server", "contract", "both"})
    return row.who, row.says


def test_nobody_moved_where_all_three_agree() -> None:
    assert judged(RIGHT, RIGHT) == ("nobody", "all three agree")


def test_what_the_contract_leaves_open_is_told_and_is_no_finding() -> None:
    assert judged({**RIGHT, "data": None}, RIGHT) == ("nobody", "within the contract, without data")
    assert judged(RIGHT, {**RIGHT, "data": None}) == ("nobody", "within the contract, also data")


def test_the_server_moved_where_it_stands_alone() -> None:
    who, says = judged(RIGHT, NO_ID)
    assert who == "server"
    assert "request_id is required" in says


def test_the_contract_moved_where_the_recording_breaks_it() -> None:
    assert judged(TEXT_CODE, RIGHT)[0] == "contract"
    who, says = judged(TEXT_CODE, TEXT_CODE)
    assert who == "contract"
    assert "alone" in says


def test_both_moved_where_each_breaks_it_in_its_own_way() -> None:
    assert judged(TEXT_CODE, NO_ID)[0] == "both"


def test_nothing_is_said_of_messages_that_did_not_come() -> None:
    assert judged(RIGHT, RIGHT, status=429)[0] == "unknown"


def test_every_recorded_message_keeps_the_contract_of_today() -> None:
    for provider in PROVIDERS:
        contract = load_contract(provider)
        for example in recorded(provider):
            schema = SURFACES[provider].callback_schema
            if example.kind == "response":
                schema = str(response_schema(contract, example.operation, example.status))
            assert contract.violations(schema, example.body) == (), f"{provider} {example.name}"


def test_there_are_recordings_of_all_providers() -> None:
    assert all(len(list(recorded(provider))) >= 10 for provider in PROVIDERS)
