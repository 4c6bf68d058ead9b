"""Words for a status that the contract does not have."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

Start = Callable[..., Any]
SUCCESS = {"kling": "succeed", "gmi": "success", "kirin": "completed"}


def words(job: Any, task_id: str, polls: int) -> list[str]:
    return [job.status_of(job.poll(task_id)) for _ in range(polls)]


def test_the_second_and_the_third_poll_show_a_new_word(rig: Start, provider: str) -> None:
    job = rig(pace="polls:4").job(provider)
    job.identify()
    task_id = job.task_id_of(job.submit(external_id="lipflap.fault=unknown-status"))
    first, *odd, last = words(job, task_id, 4)
    assert odd == ["post_processing", "post_processing"]
    assert first not in {"post_processing", SUCCESS[provider]}
    assert last == SUCCESS[provider]


def test_nothing_but_the_word_changes(rig: Start, provider: str) -> None:
    job = rig(clock="manual").job(provider)
    task_id = job.start()
    plain = job.poll(task_id)
    odd = job.poll(task_id, headers={"x-lipflap-fault": "unknown-status;word=finishing"})
    word = f'"{SUCCESS[provider]}"'.encode()
    # Kling's answers have an id of their own
    own = plain.json.get("request_id", "").encode() if provider == "kling" else b"-"
    other = odd.json.get("request_id", "").encode() if provider == "kling" else b"-"
    assert odd.body.replace(other, own) == plain.body.replace(word, b'"finishing"')


@pytest.mark.parametrize(
    ("param", "expected"),
    [("", str), (";word=COMPLETED", lambda _: "COMPLETED"), (";word=upper", str.upper)],
)
def test_success_is_spelled_in_another_way_and_nothing_else_is(
    rig: Start, provider: str, param: str, expected: Callable[[str], str]
) -> None:
    job = rig(pace="polls:3").job(provider)
    job.identify()
    task_id = job.task_id_of(job.submit(external_id=f"lipflap.fault=status-dialect-swap{param}"))
    *before, first, second = words(job, task_id, 4)
    own = SUCCESS[provider]
    assert [first, second] == [expected(own) if param else "succeeded"] * 2
    assert {word.lower() for word in before}.isdisjoint({own, "succeeded"})


def test_only_polls_that_show_success_are_counted(rig: Start, provider: str) -> None:
    job = rig(pace="polls:3").job(provider)
    job.identify()
    task_id = job.task_id_of(job.submit(external_id="lipflap.fault=status-dialect-swap#1"))
    assert words(job, task_id, 4)[2:] == ["succeeded", SUCCESS[provider]]


def test_a_list_is_worded_too_where_that_is_asked_for(rig: Start) -> None:
    job = rig("status-dialect-swap@list").job("gmi")
    job.start()
    rows = job.listed().json["requests"]
    assert {row["status"] for row in rows} == {"succeeded"}
