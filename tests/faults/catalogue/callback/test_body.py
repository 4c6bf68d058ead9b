"""Bodies that tell another story, are written in another way, or leave the result out."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

Start = Callable[..., Any]
SECRET = "whsec_dGVzdHNlY3JldHRlc3RzZWNyZXR0ZXN0c2VjcmV0MTI="
RESULT = {"kling": ("task_result", "videos"), "gmi": ("task_result", "videos"), "kirin": ("output",)}
REASON = {"kling": "task_status_msg", "gmi": "task_status_msg", "kirin": "error"}


def told(here: Any, provider: str, receiver: Any) -> tuple[Any, Any]:
    """The callback of a job's end, and the poll after it."""
    job = here.job(provider)
    job.identify()
    task_id = job.task_id_of(job.submit(callback_url=receiver.url))
    for _ in range(2):
        job.poll(task_id)
    here.admin("POST", "clock/advance", {"seconds": 0})
    return receiver.rest()[-1], job.poll(task_id)


def at(document: Any, path: tuple[str, ...]) -> Any:
    for key in path:
        document = document[key]
    return document


def test_the_callback_says_failed_and_the_poll_has_the_result(
    rig: Start, receiver: Any, provider: str
) -> None:
    here = rig("callback-contradicts-poll", pace="polls:2", webhook_secrets=(SECRET,))
    callback, poll = told(here, provider, receiver)
    assert callback.status == "failed"
    assert callback.json[REASON[provider]]
    assert here.job(provider).result_url(poll).startswith("http")
    if provider != "kirin":
        Webhook(SECRET).verify(callback.body.decode(), callback.headers)


def test_only_a_success_is_contradicted(rig: Start, receiver: Any) -> None:
    here = rig("callback-contradicts-poll", pace="polls:2")
    told(here, "kling", receiver)
    entries = [entry for entry in here.admin("GET", "journal")["entries"] if entry["kind"] == "delivery"]
    assert [entry["faults"] for entry in entries] == [[], ["callback-contradicts-poll"]]


def test_reordered_json_is_the_same_json_in_other_bytes(rig: Start, receiver: Any, provider: str) -> None:
    settings = {"pace": "polls:2", "webhook_secrets": (SECRET,), "clock": "manual"}
    plain = rig(**settings)
    turned = rig("callback-reordered-json", **settings)
    honest, other = (told(here, provider, receiver)[0] for here in (plain, turned))
    host = b":%d" % plain.address[1]
    assert json.loads(other.body) == json.loads(honest.body.replace(host, b":%d" % turned.address[1]))
    assert list(other.json) == list(reversed(honest.json))
    assert b" : " in other.body


def test_reordered_json_is_signed_as_it_is_written(rig: Start, receiver: Any) -> None:
    here = rig("callback-reordered-json", pace="polls:2", webhook_secrets=(SECRET,))
    callback, _ = told(here, "kling", receiver)
    Webhook(SECRET).verify(callback.body.decode(), callback.headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(SECRET).verify(json.dumps(callback.json), callback.headers)


def test_a_null_payload_leaves_the_result_to_the_poll(rig: Start, receiver: Any, provider: str) -> None:
    here = rig("callback-null-payload", pace="polls:2", webhook_secrets=(SECRET,))
    callback, poll = told(here, provider, receiver)
    assert callback.status in {"succeed", "completed"}
    assert at(callback.json, RESULT[provider]) is None
    assert "query the task" in str(callback.json["payload_error"])
    assert here.job(provider).result_url(poll).startswith("http")
    if provider != "kirin":
        Webhook(SECRET).verify(callback.body.decode(), callback.headers)


def test_a_body_of_another_provider_keeps_its_result(rig: Start, receiver: Any) -> None:
    here = rig("callback-null-payload", pace="polls:2", dialects={"kirin.callback_body": "kling"})
    callback, _ = told(here, "kirin", receiver)
    assert "payload_error" not in callback.json
    assert callback.json["task_result"]
