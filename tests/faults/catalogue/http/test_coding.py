"""JSON under the wrong label, in the wrong letters, packed unasked."""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Callable
from typing import Any

import pytest

Start = Callable[..., Any]


def polled(rig: Start, provider: str, fault: str = "") -> Any:
    """The answer to the first poll, with the fault at that poll only."""
    job = rig().job(provider)
    return job.poll(job.start(), headers={"x-lipflap-fault": fault})


def job_of(body: Any) -> Any:
    """The task object without what differs from server to server."""
    return body.get("data", body).keys()


def test_plain_text_holds_the_same_json(rig: Start, provider: str) -> None:
    wire = polled(rig, provider, "wrong-content-type")
    assert wire.headers["content-type"] == "text/plain; charset=utf-8"
    assert wire.data.lower().count(b"content-type") == 1
    assert job_of(wire.json) == job_of(polled(rig, provider).json)


def test_utf_16_says_so_and_begins_with_its_mark(rig: Start, provider: str) -> None:
    wire = polled(rig, provider, "wrong-content-type;form=utf-16")
    assert wire.headers["content-type"] == "application/json; charset=utf-16"
    assert wire.body[:2] == b"\xff\xfe"
    assert json.loads(wire.body.decode("utf-16"))
    with pytest.raises(UnicodeDecodeError):
        wire.body.decode()


def test_gzip_comes_unasked_and_unpacks_to_the_answer(rig: Start, provider: str) -> None:
    wire = polled(rig, provider, "gzip-surprise")
    assert wire.headers["content-encoding"] == "gzip"
    assert wire.headers["content-type"] == "application/json"
    assert wire.headers["content-length"] == str(len(wire.body))
    assert json.loads(gzip.decompress(wire.body))


def test_corrupt_gzip_has_the_right_head_and_cannot_be_unpacked(rig: Start, provider: str) -> None:
    wire = polled(rig, provider, "gzip-surprise;form=corrupt")
    assert wire.body[:2] == b"\x1f\x8b"
    with pytest.raises(zlib.error):
        gzip.decompress(wire.body)


def test_what_is_packed_has_no_letters_to_change(rig: Start, provider: str) -> None:
    wire = polled(rig, provider, "gzip-surprise, wrong-content-type;form=utf-16")
    assert wire.status == 200
    assert json.loads(gzip.decompress(wire.body))


@pytest.mark.parametrize("fault", ["wrong-content-type", "gzip-surprise"])
def test_a_submit_with_an_odd_answer_has_made_its_task(rig: Start, provider: str, fault: str) -> None:
    job = rig(f"{fault}@submit").job(provider)
    job.identify()
    job.submit()
    assert len(job.tasks()) == 1
