"""Which outcomes are documented, and which a client has met."""

from __future__ import annotations

import pytest
from msgspec import Raw

from contracts.cells.coverage import coverage_of, known_outcomes, merged
from contracts.cells.result import Coverage
from contracts.contract import PROVIDERS, load_contract
from contracts.witness.witnessed import Body, Line, LineKind, TaskSeen

KLING = load_contract("kling")
FAILED = Body(json=Raw(b'{"data": {"task_id": "t1", "task_status": "failed"}}'))


def line(operation, **changes):
    usual = {"number": 1, "at_ms": 0, "kind": LineKind.EXCHANGE, "provider": "kling", "method": "GET"}
    return Line(operation=operation, **{**usual, "target": "/", "status": 200, **changes})


def met(*lines, tasks=()):
    return set(coverage_of(KLING, lines, tasks).met)


@pytest.mark.parametrize("provider", PROVIDERS)
def test_every_row_of_a_job_is_an_outcome_of_some_operation(provider):
    contract, known = load_contract(provider), known_outcomes(load_contract(provider))
    rows = {outcome.rpartition(":")[2] for outcome in known if ":http:" not in outcome}
    assert set(contract.errors) - rows <= {"conflict", "auth-expired", "auth-failed"}
    assert known == tuple(sorted(set(known)))
    assert {"poll:stage:succeeded", "callback:stage:failed", "submit:http:429"} <= set(known)


def test_rows_stand_where_they_can_be_given():
    known = known_outcomes(KLING)
    assert "submit:error:slots-full" in known
    assert "poll:error:slots-full" not in known
    assert "poll:error:not-found" in known
    assert "identify:error:not-found" not in known


def test_an_answer_is_met_by_its_status_and_its_error():
    refused = line("createLipSync", method="POST", status=429, error="rate-limited")
    assert met(refused) == {"submit:http:429", "submit:error:rate-limited"}


def test_what_was_lost_was_not_met():
    lost = line("getLipSync", response=FAILED, task_id="t1", faults=("stall-body",))
    assert met(lost) == {"poll:no-answer"}


def test_a_failure_is_met_with_its_row_and_its_channel():
    task = TaskSeen("t1", "kling", "lip-sync", "failed", 0, failure="task-failed")
    told = line("getLipSync", response=FAILED, task_id="t1")
    assert met(told, tasks=(task,)) == {"poll:http:200", "poll:stage:failed", "poll:failure:task-failed"}
    called = line("callback.failed", kind=LineKind.DELIVERY, request=FAILED, task_id="t1")
    assert met(called) == {"callback:stage:failed"}
    assert met(line("callback.failed", kind=LineKind.DELIVERY, request=FAILED, status=0)) == set()


def test_other_operations_and_providers_are_no_part_of_a_job():
    assert met(line("listLipSync"), line("download"), line("getRequest", provider="gmi")) == set()


def test_cells_are_merged_and_the_share_counts_what_is_documented():
    parts = [Coverage(("a", "b", "c"), ("a", "x")), Coverage(("a", "b", "c"), ("b",))]
    whole = merged(parts)
    assert whole == Coverage(("a", "b", "c"), ("a", "b", "x"))
    assert whole.share == pytest.approx(2 / 3)
    assert merged([]).share == 1.0
