"""A plain function that runs an event loop inside gets real sockets."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import httpx

from contracts.bench.function import FunctionBench
from contracts.bench.switching import SwitchingBench
from contracts.cells.cell import Entrant, Rules
from contracts.client.model import Job
from contracts.stories.story import Story
from contracts.witness.scenario import Scenario
from mock_server.cli.function_bench import bench_of


async def asked(job: Job) -> str:
    async with httpx.AsyncClient(trust_env=False) as http:
        return (await http.get(f"{job.url}/__lipflap/health")).text


def test_who_asks_for_sockets_gets_them_from_then_on(
    scenario: Callable[[str], Scenario], in_step: Rules
) -> None:
    urls: list[str] = []

    def work(job: Job) -> str:
        urls.append(job.url)
        return asyncio.run(asked(job))

    with bench_of(work, in_step, "work") as bench:
        for _ in range(2):
            outcome = bench.perform(Entrant(scenario("happy"), "kling")).cell.outcome
            assert (outcome.exit_code, "ok" in outcome.stdout) == (0, True), outcome.stderr
        assert bench.play(Story("kling")).outcome.exit_code == 0
    assert len(urls) == 4, "the first cell was played once more"
    assert urls[0] != urls[1] == urls[2] == urls[3]


def test_who_does_without_keeps_its_bench(in_step: Rules) -> None:
    with bench_of(lambda job: None, in_step, "work") as bench:
        assert isinstance(bench, SwitchingBench)
        assert bench.label == "work"
        assert bench.catalogue
        assert bench.play(Story("kling")).outcome.exit_code == 0


def test_its_bench_is_closed_with_it(make_bench: Callable[[], FunctionBench]) -> None:
    opened: list[bool] = []
    closed: list[FunctionBench] = []

    class Opened:
        def __enter__(self) -> FunctionBench:
            return make_bench()

        def __exit__(self, *_: object) -> None:
            closed.append(make_bench())

    def opening(with_sockets: bool) -> Opened:
        opened.append(with_sockets)
        return Opened()

    SwitchingBench(opening, with_sockets=True).close()  # type: ignore[arg-type]  # as good as a context manager
    assert opened == [True]
    assert len(closed) == 1
