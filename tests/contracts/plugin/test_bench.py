"""A bench for properties of one's own."""

from __future__ import annotations

from urllib.request import Request, urlopen

from contracts.client.model import Job
from contracts.plugin.bench import function_bench
from contracts.stories.story import Story


class GaveUp(Exception):
    """As a client ends that tries nothing."""


def run(job: Job) -> None:
    asked = Request(f"{job.url}/v1/videos/advanced-lip-sync", headers={"Authorization": f"Bearer {job.key}"})
    with urlopen(asked, timeout=5) as answer:
        answer.read()


async def run_async(job: Job) -> None:
    raise GaveUp(job.callback_url)


def test_a_function_plays_stories() -> None:
    with function_bench(run) as bench:
        assert bench.label == "run"
        cell = bench.play(Story("kling"))
    assert [line.target for line in cell.lines] == ["/v1/videos/advanced-lip-sync"]
    assert cell.outcome.exit_code == 0


def test_an_async_one_does_too_and_may_listen() -> None:
    with function_bench(run_async, listens=True, label="mine") as bench:
        assert bench.label == "mine"
        cell = bench.play(Story("kling", with_callback=True))
    assert "GaveUp: http://127.0.0.1:" in cell.outcome.stderr
