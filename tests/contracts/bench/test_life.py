"""A function lives once, or until it is killed and then once more."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from contracts.cells.cell import Entrant, Rules
from contracts.checks.model import Verdict
from contracts.client.model import Job
from contracts.witness.scenario import Scenario
from mock_server.cli.function_bench import bench_of

MakeScenario = Callable[[str], Scenario]


def good() -> Any:
    from good import run_async

    return run_async


@pytest.mark.parametrize("name", ["resume/at-submit", "resume/after-submit", "resume/at-step-3"])
def test_an_async_client_is_killed_and_goes_on_too(name: str, scenario: MakeScenario, in_step: Rules) -> None:
    with bench_of(good(), in_step, "good") as bench:
        cell = bench.perform(Entrant(scenario(name), "kling")).cell
    assert cell.failed == ()
    survives = next(one for one in cell.judgements if one.check == "survives")
    assert survives.verdict is Verdict.PASS


def test_who_is_killed_can_do_nothing_more(make_bench: Callable[..., Any], scenario: MakeScenario) -> None:
    lives: list[str] = []

    def work(job: Job) -> None:
        lives.append("begun")
        key = {"Authorization": f"Bearer {job.key}"}
        with httpx.Client(base_url=job.url, trust_env=False, headers=key) as http:
            try:
                http.get("/v1/videos/advanced-lip-sync/1")
                lives.append("went on")
            finally:
                http.get("/v1/videos/advanced-lip-sync/last-words")

    cell = make_bench(work).perform(Entrant(scenario("resume/at-step-1"), "kling")).cell
    assert lives == ["begun", "begun", "went on"]
    assert sum("last-words" in line.target for line in cell.lines) == 1, "those of its second life"


def test_whose_time_is_up_may_clean_up_and_ask_nothing_more(
    make_bench: Callable[..., Any], scenario: MakeScenario
) -> None:
    cleaned: list[str] = []

    def work(job: Job) -> None:
        key = {"Authorization": f"Bearer {job.key}"}
        with httpx.Client(base_url=job.url, trust_env=False, headers=key) as http:
            http.get("/v1/videos/advanced-lip-sync/first")
            try:
                time.sleep(100_000)
            finally:
                time.sleep(1)
                cleaned.append("slept")
                http.get("/v1/videos/advanced-lip-sync/last")

    cell = make_bench(work).perform(Entrant(scenario("happy"), "kling")).cell
    assert cell.outcome.is_killed
    assert cleaned == ["slept"]
    assert [line.target.rpartition("/")[2] for line in cell.lines] == ["first"]


def test_an_async_client_that_never_ends_is_ended(scenario: MakeScenario, in_step: Rules) -> None:
    async def work(job: Job) -> None:
        while True:  # noqa: ASYNC110 - that is the client under test
            await asyncio.sleep(60)

    with bench_of(work, in_step, "work") as bench:
        outcome = bench.perform(Entrant(scenario("happy"), "kling")).cell.outcome
    assert outcome.is_killed
    assert outcome.wall_ms < 10_000
