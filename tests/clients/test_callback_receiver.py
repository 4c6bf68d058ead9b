"""The receivers: a callback counts if it is signed over its bytes, recent and new; and even then it is only a hint."""

from __future__ import annotations

import json
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import httpx
import pytest
from standardwebhooks import Webhook

SECRET = "whsec_dGVzdHNlY3JldHRlc3RzZWNyZXR0ZXN0c2VjcmV0MTI="
OTHER = "whsec_b3RoZXJvdGhlcm90aGVyb3RoZXJvdGhlcm90aGVyb3Q="


def signed(body: str, secret: str = SECRET, at_s: float | None = None, name: str = "1") -> dict[str, str]:
    from datetime import UTC, datetime

    moment = datetime.fromtimestamp(time.time() if at_s is None else at_s, UTC)
    signature = Webhook(secret).sign(name, moment, body)
    return {
        "webhook-id": name,
        "webhook-timestamp": str(int(moment.timestamp())),
        "webhook-signature": signature,
    }


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


@pytest.fixture
def listening(hostile, do_job):
    """The address of a receiver while its job waits, and the job; the task ends with the block."""
    port = free_port()
    hostile.polls_needed = 10**9
    env = {"LIPFLAP_CALLBACK_LISTEN": f"127.0.0.1:{port}", "LIPFLAP_WEBHOOK_SECRET": f"{OTHER} {SECRET}"}
    with ThreadPoolExecutor(1) as pool:
        job = pool.submit(do_job, **env, LIPFLAP_POLL_CEILING_S="30", LIPFLAP_DEADLINE_S="60")
        until = time.monotonic() + 20
        while hostile.count("submit") == 0:
            assert time.monotonic() < until, "the job began"
            threading.Event().wait(0.01)
        yield f"http://127.0.0.1:{port}/callback", job
        hostile.polls_needed = 0
        with suppress(httpx.TransportError):  # the job may have seen the end by itself, and be gone
            httpx.post(f"http://127.0.0.1:{port}/callback", content="{}", headers=signed("{}"))
        assert job.result(timeout=30).exit_code == 0


def test_only_the_genuine_are_taken(listening):
    url, _ = listening
    body = json.dumps({"task_id": "task-1", "task_status": "failed"}, indent=3)
    good = signed(body)
    late = signed(body, at_s=time.time() - 3600)
    double = {**good, "webhook-signature": f"v1,AAAA v1a,x {good['webhook-signature']}"}

    def post(headers: dict[str, str], content: str = body) -> int:
        return httpx.post(url, content=content, headers=headers).status_code

    assert post({}) == 401
    assert post(signed(body, "whsec_" + "QUJD" * 8)) == 401
    assert post(good, body + " ") == 401
    assert post({**good, "webhook-id": "2"}) == 401
    assert post({**good, "webhook-timestamp": "now"}) == 401
    assert post(late) == 401
    assert post(good) == 200
    assert post(good) == 200
    assert post(double) == 200
    assert post(signed(body, OTHER)) == 200
    assert httpx.get(url).status_code in {200, 401, 501}


def test_a_callback_is_a_hint_and_never_the_truth(hostile, listening):
    url, job = listening
    body = json.dumps({"task_id": "task-1", "task_status": "failed", "task_status_msg": "not so"})
    before = hostile.count("poll")
    with ThreadPoolExecutor(5) as pool:
        answers = list(
            pool.map(lambda n: httpx.post(url, content=body, headers=signed(body, name=str(n))), range(20))
        )
    assert {answer.status_code for answer in answers} == {200}
    assert not job.done()
    assert hostile.count("poll") - before < 20


def test_the_vector_of_the_documentation_verifies(monkeypatch):
    from lipsync import callbacks

    body = (
        b'{"id":"1234567890","status":"succeeded","message":"","create_time":1781080778802,'
        b'"update_time":1781080794151}'
    )
    headers = {
        "webhook-id": "9876543210",
        "webhook-timestamp": "1781080794",
        "webhook-signature": "v1,UsKlJP00XoQyOn410NM9xv34sP+Gl0jnOO9Lcpr7NJ4=",
    }
    monkeypatch.setattr(callbacks, "now_s", lambda: 1781080794 + 299)
    assert callbacks.is_genuine((SECRET,), headers, body)
    monkeypatch.setattr(callbacks, "now_s", lambda: 1781080794 + 301)
    assert not callbacks.is_genuine((SECRET,), headers, body)


def test_what_was_seen_is_known_by_its_content():
    from lipsync.callbacks import REMEMBERED, Seen

    seen = Seen()
    assert [seen.is_new(b"a"), seen.is_new(b"a"), seen.is_new(b"b")] == [True, False, True]
    for number in range(REMEMBERED):
        seen.is_new(str(number).encode())
    assert seen.is_new(b"a")
