"""The task says done, and the file says no."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Start = Callable[..., Any]


def test_a_result_may_be_none(rig: Start, provider: str) -> None:
    job = rig("completed-result-422").job(provider)
    done = job.poll(job.start())
    first, second = job.download(done), job.download(done)
    assert (first.status, first.headers["content-type"]) == (422, "application/json")
    assert "no result" in first.json["error"]
    assert second.status == 200


def test_a_result_can_be_read_once(rig: Start, provider: str) -> None:
    job = rig("result-read-once").job(provider)
    done = job.poll(job.start())
    assert [job.download(done).status for _ in range(4)] == [200, 404, 404, 404]


def test_each_task_has_its_own_first_read(rig: Start) -> None:
    job = rig("result-read-once").job("kling")
    first, second = job.poll(job.start()), job.poll(job.start())
    assert [job.download(wire).status for wire in (first, second, first, second)] == [200, 200, 404, 404]


def test_to_look_is_not_to_read(rig: Start) -> None:
    here = rig("result-read-once")
    job = here.job("kling")
    done = job.poll(job.start())
    path = "/" + job.result_url(done).split("/", 3)[3]
    assert [here.ask("HEAD", path).status for _ in range(3)] == [200, 200, 200]
    assert job.download(done).status == 200
