"""The judges on hand-made evidence: pure functions from exchanges to findings."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest
from msgspec.structs import replace

from contracts.conform.checks import CHECKS
from contracts.conform.exchange import Caller, Delivered, Exchange
from contracts.conform.surfaces import SURFACES
from contracts.conform.verdict import Evidence, Finding
from contracts.contract import load_contract

NOW_MS = 1_785_901_900_000
TASK: Mapping[str, Any] = {
    "task_id": "1",
    "task_status": "succeed",
    "created_at": NOW_MS - 5000,
    "updated_at": NOW_MS - 1000,
    "task_result": {"videos": [{"url": "https://r.test/1.mp4?sign=a"}]},
}
RUNNING = {**TASK, "task_status": "processing", "updated_at": NOW_MS - 4000, "task_result": {"videos": []}}


def answered(data: object, **about: Any) -> Exchange:
    fields = {
        "number": 1,
        "check": "job",
        "caller": Caller.OWN,
        "operation": "getLipSync",
        "method": "GET",
        "path": "/v1/videos/advanced-lip-sync/1",
        "sent": b"",
        "status": 200,
        "answer": json.dumps({"code": 0, "request_id": str(about.get("number", 1)), "data": data}).encode(),
        "now_ms": NOW_MS,
    }
    return Exchange(**{**fields, **about})


def judged(check: str, *exchanges: Exchange, callbacks: tuple[object, ...] = ()) -> list[str]:
    numbered = [replace(exchange, number=number) for number, exchange in enumerate(exchanges, 1)]
    delivered = tuple(Delivered(json.dumps(body).encode()) for body in callbacks)
    evidence = Evidence(
        load_contract("kling"), SURFACES["kling"], tuple(numbered), delivered, bool(callbacks)
    )
    [row] = [row for row in CHECKS if row.id == check]
    found: list[Finding] = list(row.judge(evidence))
    assert all(finding.says for finding in found)
    return [finding.says for finding in found]


@pytest.mark.parametrize("check", [check.id for check in CHECKS])
def test_nothing_is_found_in_nothing(check: str) -> None:
    assert judged(check) == []


def test_a_status_may_not_go_back_before_the_end() -> None:
    submitted = {**RUNNING, "task_status": "submitted"}
    assert judged("status-order", answered(submitted), answered(RUNNING), answered(TASK)) == []
    [says] = judged("status-order", answered(RUNNING), answered(submitted))
    assert says == "task 1 went from processing back to submitted"
    assert judged("status-order", answered(TASK), answered(RUNNING)) == [], "that is terminal-final's"


def test_an_end_is_final_but_for_the_signature_of_a_link() -> None:
    signed = {**TASK, "task_result": {"videos": [{"url": "https://r.test/1.mp4?sign=b"}]}}
    other = {**TASK, "task_result": {"videos": [{"url": "https://r.test/2.mp4"}]}}
    assert judged("terminal-final", answered(RUNNING), answered(TASK), answered(signed)) == []
    assert "result '/1.mp4' became '/2.mp4'" in judged("terminal-final", answered(TASK), answered(other))[0]
    assert (
        "status 'succeed' became 'processing'"
        in judged("terminal-final", answered(TASK), answered(RUNNING))[0]
    )


def test_a_callback_says_what_the_poll_says() -> None:
    asked = answered({"task_id": "1", "task_status": "submitted"}, sent=b'{"callback_url": "https://c.test"}')
    assert judged("callback-equals-poll", asked, answered(TASK), callbacks=(RUNNING, TASK)) == []
    failed = {**TASK, "task_status": "failed"}
    [says] = judged("callback-equals-poll", asked, answered(TASK), callbacks=(failed,))
    assert says == "status is 'failed' in the callback and 'succeed' in the poll"
    assert "no callback" in judged("callback-equals-poll", asked, answered(TASK), callbacks=(RUNNING,))[0]


@pytest.mark.parametrize("factor", [1 / 1000, 1000])
def test_a_moment_in_another_unit_is_no_moment_of_our_time(factor: float) -> None:
    wrong = {**TASK, "created_at": int(TASK["created_at"] * factor)}
    assert judged("time-units", answered(TASK)) == []
    assert any(
        "'created'" in says and "milliseconds" in says for says in judged("time-units", answered(wrong))
    )
    assert judged("time-units", answered(wrong, now_ms=None)), "also where the server does not tell its time"


def test_a_task_is_not_changed_before_it_is_made() -> None:
    early = {**TASK, "updated_at": TASK["created_at"] - 1}
    assert "before 'created'" in judged("time-units", answered(early))[0]


def test_ids_are_given_once() -> None:
    def created(task_id: str, request_id: str) -> Exchange:
        answer = json.dumps({"request_id": request_id, "data": {"task_id": task_id}}).encode()
        return answered(None, operation="createLipSync", answer=answer)

    assert judged("unique-ids", created("1", "a"), created("2", "b")) == []
    assert judged("unique-ids", created("1", "a"), created("1", "b")) == ["two have the task id 1"]
    assert judged("unique-ids", created("1", "a"), created("2", "a")) == ["two have the answer id a"]


def test_a_list_holds_the_task_once_and_as_it_is() -> None:
    def listed(*rows: object) -> Exchange:
        return answered(list(rows), check="list-contains", operation="listLipSync", label="1")

    assert judged("list-contains", answered(TASK), listed(TASK)) == []
    assert "not in the list" in judged("list-contains", answered(TASK), listed())[0]
    assert "2 times" in judged("list-contains", answered(TASK), listed(TASK, TASK))[0]
    assert "another story" in judged("list-contains", answered(TASK), listed(RUNNING))[0]


def test_what_is_ours_is_not_shown_to_another() -> None:
    made = answered(TASK, operation="createLipSync")
    seen = answered(TASK, check="own-tasks-only", caller=Caller.OTHER, label="a task", expects="not-found")
    listed = answered([TASK], check="own-tasks-only", caller=Caller.OTHER, operation="listLipSync")
    refused = answered(None, check="own-tasks-only", caller=Caller.OTHER, expects="not-found", status=404)
    assert judged("own-tasks-only", made, refused) == []
    assert judged("own-tasks-only", made, seen) == ["a task can be had with another key"]
    assert judged("own-tasks-only", made, listed) == ["task 1 of ours is in another customer's list"]


@pytest.mark.parametrize(
    ("status", "code", "is_row"),
    [(404, 1203, True), (404, 1202, False), (200, 1203, False), (400, 1203, False)],
)
def test_a_row_of_the_error_table_is_its_status_and_its_code(status: int, code: int, is_row: bool) -> None:
    answer = json.dumps({"code": code}).encode()
    exchange = answered(
        None, check="documented-errors", label="a thing", expects="not-found", status=status, answer=answer
    )
    says = judged("documented-errors", exchange)
    assert says == (
        [] if is_row else [f"a thing is answered {status} {code}; documented is 404 1203 (not-found)"]
    )


def test_no_answer_and_no_json_are_findings_of_shape() -> None:
    assert judged("answer-shape", answered(None, status=0, answer=b"ReadTimeout")) == ["no answer came"]
    [says] = judged("answer-shape", answered(None, status=418))
    assert says.startswith("getLipSync answers 418; documented are 200, 400")
    html = answered(None, status=503, answer=b"<html>", content_type="text/html")
    assert any("answers as text/html" in says for says in judged("answer-shape", html))


def test_a_session_ends_when_it_is_told_to() -> None:
    def used(label: str, status: int) -> Exchange:
        return answered(TASK if status == 200 else None, check="session-expiry", label=label, status=status)

    before, after = "a second before the end", "a second after the end"
    assert judged("session-expiry", used(before, 200), used(after, 400)) == []
    assert judged("session-expiry", used(before, 400)) == [f"a session is refused {before} of its life"]
    assert judged("session-expiry", used(after, 200)) == [f"a session is accepted {after} of its life"]


def test_a_rule_holds_at_its_edge_and_not_beyond() -> None:
    def tried(label: str, status: int, data: object = TASK) -> Exchange:
        return answered(data, check="timing-rules", label=label, status=status)

    at, beyond = "clip-length min 2000: at the edge", "clip-length min 2000: one step beyond"
    failed = {**TASK, "task_status": "failed"}
    assert judged("timing-rules", tried(at, 200), tried(beyond, 400)) == []
    assert judged("timing-rules", tried(beyond, 200, failed)) == [], "a task that failed is refused too"
    assert judged("timing-rules", tried(beyond, 200)) == [f"{beyond}: accepted, and must be refused"]
    assert judged("timing-rules", tried(at, 400)) == [f"{at}: refused, and must be accepted"]
    assert judged("timing-rules", tried(at, 200, RUNNING)) == [f"{at}: not over yet, and must be accepted"]
