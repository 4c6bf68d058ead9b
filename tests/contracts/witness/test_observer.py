"""What a server has seen of a job, read back."""

from __future__ import annotations

import hashlib

import httpx

from contracts.client.model import Client
from contracts.witness.journal import journal_of
from contracts.witness.observer import now_ms, observe
from contracts.witness.witnessed import LineKind


def test_a_job_is_seen_whole(admin, client: Client, job_in):
    job = job_in()
    with_key = type(admin)(admin.server, job.key)
    with_key.send("POST", "scenarios", {"name": "happy"})
    running = client.start(job)
    while (ending := running.wait(1)) is None:
        pass
    assert ending.exit_code == 0, ending.stderr
    seen = observe(with_key)
    assert [line.operation for line in seen.lines][:2] == ["identifyFace", "createLipSync"]
    assert seen.lines[-1].operation == "download"
    render = next(task for task in seen.tasks if "lip" in task.kind)
    assert (render.provider, render.stage, render.failure) == ("kling", "succeeded", None)
    assert render.result_digest == hashlib.sha256(job.output.read_bytes()).hexdigest()[:32]
    assert render.result_url is not None
    assert render.result_url.endswith(seen.lines[-1].target.rpartition("/")[2])
    assert render.ended_ms is not None
    assert render.created_ms <= render.ended_ms <= seen.now_ms <= now_ms(with_key)
    assert [step.stage for step in render.steps] == ["submitted", "processing", "succeeded"]
    moments = [step.at_ms for step in render.steps]
    assert (moments[0], moments[-1]) == (render.created_ms, render.ended_ms)
    with_key.close()


def test_the_story_is_in_order_and_leaves_out_nothing(admin, job_in):
    url, head = (
        admin.server.url,
        {"Authorization": "Bearer key-of-test_the_story_is_in_order_and_leaves_out_nothing"},
    )
    for path in ("one", "two"):
        httpx.get(f"{url}/v1/videos/advanced-lip-sync/{path}", headers=head)
    seen = observe(admin)
    assert [event.text for event in seen.story] == [line.quote() for line in seen.lines]
    assert len(seen.lines) == 2
    assert seen.tasks == ()


def test_a_body_is_kept_as_it_was_written(admin):
    url, head = admin.server.url, {"Authorization": "Bearer key-of-test_a_body_is_kept_as_it_was_written"}
    body = b'{"b": 1,  "a": 2}'
    httpx.post(
        f"{url}/v1/videos/identify-face", headers={**head, "Content-Type": "application/json"}, content=body
    )
    (line,) = journal_of(admin)
    assert line.kind is LineKind.EXCHANGE
    assert line.request.data == body
    assert line.response.data.startswith(b"{")
    assert line.response.bytes == len(line.response.data)
    assert line.violations
