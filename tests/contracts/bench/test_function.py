"""A function plays stories: on virtual time, without sockets, and judged as any client is."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from urllib.request import urlopen

import pytest
from msgspec.structs import replace

from contracts.bench.function import FunctionBench, needs_sockets
from contracts.cells.cell import RUNNER, Entrant
from contracts.cells.result import Cell
from contracts.checks.model import Verdict
from contracts.client.model import Job
from contracts.contract import PROVIDERS
from contracts.stories.event import event_of
from contracts.stories.story import Story
from contracts.witness.scenario import Crash, Scenario

MakeBench = Callable[..., FunctionBench]
MakeScenario = Callable[[str], Scenario]


def story(*events: str, provider: str = "kling", **stated: object) -> Story:
    return Story(provider, events=tuple(map(event_of, events)), **stated)  # type: ignore[arg-type]


def failed(cell: Cell) -> list[str]:
    return [one.check for one in cell.judgements if one.verdict is Verdict.FAIL]


@pytest.mark.parametrize("provider", PROVIDERS)
def test_the_happy_story_ends_with_the_video(provider: str, make_bench: MakeBench) -> None:
    cell = make_bench().play(Story(provider))
    assert failed(cell) == []
    assert cell.outcome.exit_code == 0
    assert cell.outcome.output_bytes
    assert 1_000 <= cell.outcome.took_ms < 10_000, "the client's own pauses, on its own clock"


@pytest.mark.parametrize(
    "event",
    [
        "stall-headers@poll#1",
        "stall-body@poll#1",
        "random-garbage@poll#1",
        "malformed-chunk@poll#1",
        "conn-reset-headers@poll#1",
        "empty-response@poll#1",
        "keepalive-race-close@poll#1",
        "server-restart@poll#1",
        "submit-refused-connect@identify#1",
        "slow-lognormal@poll#*",
        "drip-body@download#1",
        "download-truncated@download#1",
        "download-rst-midway@download#1",
    ],
)
def test_faults_of_the_wire_take_no_real_time(event: str, make_bench: MakeBench) -> None:
    bench = make_bench()
    began = time.monotonic()
    cell = bench.play(story(event))
    assert failed(cell) == []
    assert any(line.faults for line in cell.lines)
    assert time.monotonic() - began < 5


def test_the_same_story_goes_the_same_way(make_bench: MakeBench) -> None:
    bench = make_bench()
    first, second = (bench.play(story("gateway-502-html@poll#1-3")) for _ in range(2))
    assert [line.status for line in first.lines] == [line.status for line in second.lines]
    assert [line.task_id for line in first.lines] == [line.task_id for line in second.lines]


def test_a_client_that_never_ends_is_ended(
    make_bench: MakeBench, flawed: Callable[[str], AbstractContextManager[None]]
) -> None:
    with flawed("polls-for-ever"):
        cell = make_bench().play(story("stuck-processing"))
    assert cell.outcome.is_killed
    assert "gives-up-in-time" in failed(cell)


def test_a_loop_without_pause_is_ended_too(make_bench: MakeBench) -> None:
    def work(job: Job) -> None:
        while True:
            time.sleep(0)

    cell = make_bench(work, work_limit_s=0.5).play(story())
    assert cell.outcome.is_killed


def test_callbacks_reach_the_clients_own_receiver(make_bench: MakeBench) -> None:
    cell = make_bench(listens=True).play(story("callback-bad-signature", with_callback=True))
    assert failed(cell) == []
    sent = [line for line in cell.lines if line.kind == "delivery"]
    assert {line.status for line in sent} == {401}


def test_nobody_is_judged_by_callbacks_that_it_did_not_take(make_bench: MakeBench) -> None:
    cell = make_bench(listens=False).play(story("callback-duplicate", with_callback=True))
    assert [line for line in cell.lines if line.kind == "delivery"] == []


def test_a_killed_client_goes_on_where_it_was(make_bench: MakeBench) -> None:
    cell = make_bench().play(story(crash=Crash("poll")))
    assert failed(cell) == []
    assert sum("lip-sync" in line.target and line.method == "POST" for line in cell.lines) == 1
    assert [line.status for line in cell.lines].count(0) == 1, "the answer it died at never came"


def test_who_begins_anew_after_a_crash_pays_twice(
    make_bench: MakeBench, flawed: Callable[[str], AbstractContextManager[None]]
) -> None:
    with flawed("resubmits-after-restart"):
        cell = make_bench().play(story(provider="gmi", crash=Crash("poll")))
    assert "one-submit" in failed(cell)


def test_there_is_no_network_but_the_server(make_bench: MakeBench) -> None:
    def work(job: Job) -> None:
        urlopen("http://example.com/")

    cell = make_bench(work).play(story())
    assert cell.outcome.exit_code == 1
    assert "there is no network here" in cell.outcome.stderr


def test_clients_of_the_standard_library_are_carried_too(make_bench: MakeBench) -> None:
    def work(job: Job) -> str:
        with urlopen(f"{job.url}/__lipflap/health", timeout=5) as answer:
            return str(answer.read().decode())

    cell = make_bench(work).play(story())
    assert cell.outcome.exit_code == 0
    assert "ok" in cell.outcome.stdout


def test_an_exit_code_is_kept(make_bench: MakeBench) -> None:
    def leave(job: Job) -> None:
        raise SystemExit(75)

    assert make_bench(leave).play(story()).outcome.exit_code == 75


def test_media_that_break_a_rule_are_no_fault_of_the_client(make_bench: MakeBench) -> None:
    for provider in PROVIDERS:
        cell = make_bench().play(Story(provider, video={"faces": 0}))
        assert failed(cell) == []
        assert cell.expected == "failure"


def test_scenarios_are_played_as_by_any_client(make_bench: MakeBench, scenario: MakeScenario) -> None:
    played = make_bench().perform(Entrant(scenario("fault/rate-429-http-date"), "gmi"))
    assert played.cell.failed == ()
    assert played.cell.scenario == "fault/rate-429-http-date"
    assert played.cell.replay.startswith(
        "lipflap replay fault/rate-429-http-date@0 --provider gmi --callable "
    )
    assert played.cell.story, "the server's own telling"
    assert played.ledger[0].renders == 1
    assert "poll:http:429" in played.coverage.met
    assert (Path(played.cell.folder) / "output.mp4").is_file()
    assert (Path(played.cell.folder) / "stdout.txt").read_text() == ""


@pytest.mark.parametrize("name", ["resume/at-submit", "resume/after-submit", "resume/at-download"])
def test_crash_scenarios_are_played_too(name: str, make_bench: MakeBench, scenario: MakeScenario) -> None:
    played = make_bench().perform(Entrant(scenario(name), "gmi"))
    assert played.cell.failed == ()
    assert [line.status for line in played.cell.lines].count(0) == 1, "the answer it died at never came"


def test_what_everybody_would_feel_is_felt_by_this_client_alone(
    make_bench: MakeBench, scenario: MakeScenario
) -> None:
    server_wide = scenario("fault/server-restart")
    assert server_wide.is_server_wide
    assert make_bench().perform(Entrant(server_wide, "kling")).cell.failed == ()
    assert make_bench().perform(Entrant(scenario("happy"), "kling")).cell.failed == ()


def test_callbacks_go_to_a_receiver_of_ours_where_the_client_has_none(
    make_bench: MakeBench, scenario: MakeScenario
) -> None:
    told: list[Job] = []
    for listens in (False, True):
        make_bench(told.append, listens=listens).perform(Entrant(scenario("fault/callback-lost"), "kling"))
    ours, its_own = told
    assert ours.callback_url.startswith("http://127.0.0.1:")
    assert "LIPFLAP_CALLBACK_LISTEN" not in ours.environment
    assert its_own.callback_url == f"http://{its_own.environment['LIPFLAP_CALLBACK_LISTEN']}/callback"


def test_what_cannot_be_played_is_a_finding_of_the_runner(
    make_bench: MakeBench, scenario: MakeScenario
) -> None:
    broken = replace(scenario("happy"), body={"name": "mine", "pace": "soon"})
    (failed,) = make_bench().perform(Entrant(broken, "kling")).cell.failed
    assert failed.check == RUNNER
    assert "the cell could not be played" in failed.findings[0].says
    (failed,) = make_bench(lambda job: True).perform(Entrant(scenario("happy"), "kling")).cell.failed
    assert "the function returned True" in failed.findings[0].says


def test_what_it_prints_is_what_it_says(make_bench: MakeBench, scenario: MakeScenario) -> None:
    def work(job: Job) -> str:
        print("one")
        print("two", file=sys.stderr)
        return "three"

    outcome = make_bench(work).perform(Entrant(scenario("happy"), "kling")).cell.outcome
    assert (outcome.stdout, outcome.stderr) == ("one\nthree", "two\n")


def test_a_full_cell_has_the_servers_own_telling(make_bench: MakeBench) -> None:
    bench = make_bench()
    assert bench.play(story()).story == ()
    assert bench.play(story(), in_full=True).story != ()


def test_an_async_function_needs_sockets() -> None:
    async def work(job: Job) -> None:
        """Nothing."""

    assert needs_sockets(work)
    assert not needs_sockets(print)
