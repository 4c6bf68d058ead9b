"""Bodies that are no JSON, or on which parsers do not agree."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import msgspec
import pytest

Start = Callable[..., Any]
STATUS = {"kling": "task_status", "gmi": "status", "kirin": "status"}


def polled(rig: Start, provider: str, fault: str) -> Any:
    """The answer to the poll of a finished task, with the fault at that poll only."""
    job = rig().job(provider)
    return job.poll(job.start(), headers={"x-lipflap-fault": fault})


def test_half_of_the_json_comes_with_its_own_length(rig: Start, provider: str) -> None:
    job = rig(clock="manual").job(provider)
    task_id = job.start()
    whole = job.poll(task_id)
    cut = job.poll(task_id, headers={"x-lipflap-fault": "json-truncated"})
    assert len(cut.body) == len(whole.body) // 2
    assert cut.headers["content-length"] == str(len(cut.body))
    assert cut.headers["content-type"] == "application/json"
    # up to the id that Kling's answers have of their own
    assert cut.body[:20] == whole.body[:20]


@pytest.mark.parametrize("percent", [1, 99])
def test_what_is_left_is_never_json(rig: Start, provider: str, percent: int) -> None:
    cut = polled(rig, provider, f"json-truncated;percent={percent}")
    with pytest.raises(json.JSONDecodeError):
        json.loads(cut.body)


def test_only_the_second_poll_is_cut(rig: Start, provider: str) -> None:
    job = rig("json-truncated").job(provider)
    task_id = job.start()
    first, _, third = (job.poll(task_id) for _ in range(3))
    assert job.status_of(first) == job.status_of(third)


def test_a_submit_whose_answer_is_cut_has_made_its_task(rig: Start, provider: str) -> None:
    job = rig("json-truncated@submit#1").job(provider)
    job.identify()
    job.submit()
    assert len(job.tasks()) == 1


def test_a_number_is_nan(rig: Start, provider: str) -> None:
    wire = polled(rig, provider, "json-nan-dup-bom;form=nan")
    assert wire.body.count(b":NaN") == 1
    assert json.loads(wire.body)
    with pytest.raises(msgspec.DecodeError):
        msgspec.json.decode(wire.body)


def test_the_status_stands_twice_and_the_last_is_true(rig: Start, provider: str) -> None:
    wire = polled(rig, provider, "json-nan-dup-bom;form=duplicate")
    task = wire.json["data"] if provider == "kling" else wire.json
    key = STATUS[provider]
    assert wire.body.count(f'"{key}":'.encode()) == 2
    assert f'"{key}":"failed"'.encode() in wire.body
    assert task[key] in {"succeed", "success", "completed"}


def test_a_byte_order_mark_stands_before_the_json(rig: Start, provider: str) -> None:
    wire = polled(rig, provider, "json-nan-dup-bom;form=bom")
    assert wire.body[:3] == b"\xef\xbb\xbf"
    assert json.loads(wire.body.decode("utf-8-sig"))
    with pytest.raises(json.JSONDecodeError):
        json.loads(wire.body.decode())


def test_half_a_surrogate_pair_cannot_be_written_as_utf_8(rig: Start, provider: str) -> None:
    wire = polled(rig, provider, "json-nan-dup-bom;form=surrogate")
    task = wire.json["data"] if provider == "kling" else wire.json
    with pytest.raises(UnicodeEncodeError):
        task["title"].encode()


def test_every_task_of_a_list_is_odd(rig: Start) -> None:
    job = rig("json-nan-dup-bom@list;form=duplicate").job("kling")
    job.identify()
    for _ in range(2):
        job.submit()
    assert job.listed().body.count(b'"task_status":"failed","task_status":"succeed"') == 2
