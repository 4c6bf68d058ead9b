"""The live server against its three contracts, judged by Schemathesis: all checks, all phases."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from itertools import count
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from contracts.contract import PROVIDERS, load_contract
from mock_server.app import App
from mock_server.settings import Settings

PHASES = ("examples", "coverage", "fuzzing", "stateful")
CHECKS = {
    "allow_header_conformance",
    "content_type_conformance",
    "ensure_resource_availability",
    "ignored_auth",
    "missing_required_header",
    "negative_data_rejection",
    "not_a_server_error",
    "object_level_authorization",
    "positive_data_acceptance",
    "response_headers_conformance",
    "response_schema_conformance",
    "status_code_conformance",
    "unsupported_method",
    "use_after_free",
}
BEYOND_SHAPE = {"external-id", "hint", "no-face", "video-id"}
"""Reasons beside the rows of rules.py for which a body in shape may be refused: what exists, and what a URL says."""
GMI_UPSTREAM_ERROR = b'{"error":"Backend error (400). Please try again."}'


@pytest.mark.parametrize("provider", PROVIDERS)
def test_the_server_keeps_the_contract(
    provider: str,
    make_server: Callable[..., str],
    conform: Callable[..., Any],
    accounts_file: Path,
    least_cases: int,
) -> None:
    # a task ends with its first poll, so that a cancellation finds some that have not
    url = make_server(auth=str(accounts_file), pace="polls:1", slots=1_000_000, journal_cap=1_000_000)
    report = conform(provider, url)
    assert report.exit_code == 0, report.output
    assert {phase: report.phases[phase] for phase in PHASES} == dict.fromkeys(PHASES, "success")
    assert report.checks == CHECKS
    assert report.failed == set()
    assert len(report.exchanges) >= least_cases
    assert [e for e in report.exchanges if e.status >= 500 and not _is_asked_for(provider, e)] == []
    answered = {(e.method, e.path) for e in report.exchanges if e.status == 200}
    operations = load_contract(provider).operations.values()
    assert {(operation.method, operation.path) for operation in operations} <= answered
    assert _refused_for_their_shape(provider, url, report) == {}


def _is_asked_for(provider: str, exchange: Any) -> bool:
    return b"lipflap.fault=" in exchange.request or (
        provider == "gmi" and exchange.answer == GMI_UPSTREAM_ERROR
    )


def _refused_for_their_shape(provider: str, url: str, report: Any) -> dict[str, list[str]]:
    """Requests that Schemathesis holds to be in shape, and the reasons in the journal for which the server does not."""
    known = {rule.id for rules in load_contract(provider).rules.values() for rule in rules} | BEYOND_SHAPE
    in_shape = {e.case_id for e in report.exchanges if e.is_in_shape and e.status not in {401, 404}}
    broken = {}
    for entry in _entries_with_violations(url):
        case_id = dict(entry["headers"]).get("x-schemathesis-testcaseid", "")
        rules = [violation["rule"] for violation in entry["violations"]]
        if case_id in in_shape and not known.issuperset(rules):
            broken[f"{entry['target']} {entry['request']}"] = rules
    return broken


def _entries_with_violations(url: str) -> Iterator[dict[str, Any]]:
    query: dict[str, str | int] = {"violations": "true", "limit": 1000}
    while True:
        page = httpx.get(f"{url}/__lipflap/journal", params=query).raise_for_status().json()
        assert page["dropped"] == 0
        yield from page["entries"]
        if page["next"] is None:
            return
        query["after"] = page["next"]


# servers that break the contract: the judge must see it

Change = Callable[[int, bytes], tuple[int, bytes]]
"""From the status and the body of an answer to broken ones."""

_turn = count()


def _breaking_in_turn(status: int, body: bytes) -> tuple[int, bytes]:
    """Each kind of answer broken in every way that it can be, one after the other."""
    ways = _WAYS.get(status, ())
    return ways[next(_turn) % len(ways)](status, body) if ways else (status, body)


_WAYS: Mapping[int, tuple[Change, ...]] = {
    200: (
        lambda status, body: (status, body.replace(b'"succeed"', b'"succeeded"')),
        lambda status, body: (status, re.sub(rb'"request_id":"[^"]*",?', b"", body)),
        lambda _, body: (500, body),
    ),
    400: (lambda _, body: (418, body), lambda _, body: (200, body)),
    401: (lambda _, body: (200, body),),
}


def test_a_server_that_breaks_the_contract_is_found_out(
    serve: Callable[..., str], conform: Callable[..., Any], accounts_file: Path
) -> None:
    url = serve(_broken(App(Settings(auth=str(accounts_file), pace="polls:1")), _breaking_in_turn))
    report = conform("kling", url, "--phases", "examples,coverage", "--include-tag", "speech")
    assert report.exit_code == 1, report.output
    assert report.failed == {
        "response_schema_conformance",
        "not_a_server_error",
        "status_code_conformance",
        "negative_data_rejection",
        "positive_data_acceptance",
        "ignored_auth",
        "missing_required_header",
    }
    reasons = " ".join(reason for case in report.exchanges for reason in case.reasons)
    assert "succeeded" in reasons
    assert "request_id" in reasons


def _broken(app: ASGIApp, change: Change) -> ASGIApp:
    """``app`` with changed answers. Requests that are not a case, such as those of the hooks, are left alone."""

    async def broken(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or b"x-schemathesis-testcaseid" not in dict(scope["headers"]):
            await app(scope, receive, send)
            return
        held: list[Message] = []

        async def hold(message: Message) -> None:
            held.append(message)

        await app(scope, receive, hold)
        start, last = held
        status, body = change(start["status"], last["body"])
        headers = [(name, value) for name, value in start["headers"] if name != b"content-length"]
        length = (b"content-length", b"%d" % len(body))
        await send({**start, "status": status, "headers": [*headers, length]})
        await send({**last, "body": body})

    return broken


def test_faults_that_break_the_contract_are_found_out(
    make_server: Callable[..., str], conform: Callable[..., Any], accounts_file: Path
) -> None:
    faults = ("numbers-as-strings@poll#/3", "unknown-status@poll#*", "gateway-502-html@poll#/2")
    url = make_server(auth=str(accounts_file), pace="polls:1", faults=faults)
    report = conform("gmi", url, "--phases", "stateful")
    assert report.exit_code == 1, report.output
    assert {"response_schema_conformance", "not_a_server_error"} <= report.failed, report.output
