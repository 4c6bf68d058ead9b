"""The plugin in sessions of its own: what passes, what fails, and what is said about it."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.contracts.plugin.conftest import Run

pytest_plugins = ["pytester"]


def test_a_client_that_sleeps_for_minutes_is_done_at_once(run: Run) -> None:
    result = run(
        """
@pytest.mark.lipflap(pace="real")
def test_render(lipflap, lipflap_clock):
    assert render(lipflap)["task_status"] == "succeed"
    assert 60 < lipflap_clock.elapsed_s < 310
    assert lipflap.tasks[0].stage == "succeeded"
    assert float(lipflap.ledger["kling"]["spent"]) > 0
"""
    )
    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines(["lipflap: 1 render, * min of video, * unit* not spent"])


def test_a_fault_fires_and_is_counted(run: Run) -> None:
    result = run(
        """
@pytest.mark.lipflap(fault="gateway-502-html@poll#1-2")
def test_marker(lipflap, lipflap_clock):
    assert render(lipflap)["task_status"] == "succeed"
    assert lipflap.faults.fired("gateway-502-html") == 2

@pytest.mark.lipflap(fault=["gateway-502-html@poll#1", {"fault": "rate-429-seconds", "on": "poll", "nth": 2}])
class TestSeveral:
    @pytest.mark.lipflap(fault="gateway-504-html@poll#3")
    def test_add_up(self, lipflap, lipflap_clock):
        render(lipflap)
        assert [rule.fired for rule in lipflap.faults.rules()] == [1, 1, 1]

def test_by_hand(lipflap, lipflap_clock):
    (rule,) = lipflap.faults("gateway-502-html@poll#1")
    render(lipflap)
    assert lipflap.faults.fired(rule) == 1
"""
    )
    result.assert_outcomes(passed=3)


def test_a_fault_that_never_fires_fails_the_test(run: Run) -> None:
    source = """
@pytest.mark.lipflap(fault="gateway-502-html@poll#7000")
def test_unused(lipflap, lipflap_clock):
    render(lipflap)
"""
    result = run(source)
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(["these faults were to fire and have not: gateway-502-html@poll#7000 (f1)"])
    run(source, "--lipflap-unused=ignore").assert_outcomes(passed=1)


def test_an_unused_fault_is_fine_where_it_is_optional_or_the_test_has_failed_anyway(run: Run) -> None:
    result = run(
        """
def test_optional(lipflap):
    lipflap.faults("gateway-502-html@poll", optional=True)

def test_cleared(lipflap):
    lipflap.faults("gateway-502-html@poll")
    lipflap.faults.clear()

def test_fails(lipflap):
    lipflap.faults("gateway-502-html@poll")
    assert False
"""
    )
    result.assert_outcomes(passed=2, failed=1)


def test_a_scenario_is_played_and_one_of_its_faults_has_to_fire(run: Run) -> None:
    result = run(
        """
@pytest.mark.lipflap(scenario="incident/one-flaky-poll", seed=7)
def test_played(lipflap, lipflap_clock):
    assert render(lipflap)["task_status"] == "succeed"
    assert lipflap.faults.fired("gateway-502-html") == 1

@pytest.mark.lipflap(scenario="incident/one-flaky-poll")
def test_not_met(lipflap):
    pass

def test_stated(lipflap, lipflap_clock):
    lipflap.scenario(pace="polls:3", faults=["gateway-502-html@poll#1"])
    render(lipflap)
    assert [line.status for line in lipflap.journal.lines("getLipSync")] == [502, 200, 200, 200]
"""
    )
    result.assert_outcomes(passed=3, errors=1)


def test_a_failure_tells_the_story_of_its_tasks(run: Run) -> None:
    result = run(
        """
@pytest.mark.lipflap(fault="gateway-502-html@poll#1")
def test_fails(lipflap, lipflap_clock):
    render(lipflap)
    assert "the video" == "there"
"""
    )
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            "*lipflap timeline*",
            "* 0.0 s  The client's POST /v1/videos/advanced-lip-sync (createLipSync) was answered with 200.",
            "* 10.0 s  The client's GET *502*gateway-502-html*",
            "*A good client would try the poll again*",
        ]
    )


def test_the_checks_judge_what_happened(run: Run) -> None:
    result = run(
        """
def test_no_jitter(lipflap, lipflap_clock):
    lipflap.scenario(pace="real")
    render(lipflap)
    lipflap.check()

def test_ignored(lipflap, lipflap_clock):
    lipflap.scenario(pace="real")
    render(lipflap)
    lipflap.check(ignore=["poll-cadence"])

def test_wrong_outcome(lipflap, lipflap_clock):
    render(lipflap)
    lipflap.check(succeeded=False, error="it failed")

def test_nothing(lipflap):
    lipflap.check()

def test_no_such_check(lipflap, lipflap_clock):
    render(lipflap)
    with pytest.raises(ValueError, match="poll-cadence"):
        lipflap.check(ignore=["cadence"])
"""
    )
    result.assert_outcomes(passed=2, failed=3)
    result.stdout.fnmatch_lines(
        [
            "E*the client does not hold:",
            "E*kling: poll-cadence: *jitter*",
            "E*A good client: *",
            "E*survives*",
            "E*there is nothing to check",
        ]
    )


def test_what_the_server_refuses_is_said_in_its_words(run: Run) -> None:
    result = run(
        """
@pytest.mark.lipflap(fault="no-such-fault")
def test_fault(lipflap): pass

@pytest.mark.lipflap(scenario="no-such-scenario")
def test_scenario(lipflap): pass

@pytest.mark.lipflap(faults="gateway-502-html")
def test_word(lipflap): pass

@pytest.mark.lipflap("gateway-502-html")
def test_nameless(lipflap): pass

def test_by_hand(lipflap):
    lipflap.faults("gateway-502-html@download;nonsense=1")
"""
    )
    result.assert_outcomes(errors=4, failed=1)
    result.stdout.fnmatch_lines(
        [
            "*there is no fault 'no-such-fault'*",
            "*no-such-scenario*",
            "*@pytest.mark.lipflap does not take faults; it takes fault, scenario, seed, pace",
            "*does not take a value without a name*",
            "*nonsense*",
        ]
    )


@pytest.mark.parametrize(
    ("option", "says"),
    [
        ("--lipflap-pace=soon", "*pace must be one of instant, quick, real or polls:N*"),
        ("--lipflap-url=http://127.0.0.1:1", "*no lipflap answers at http://127.0.0.1:1*"),
    ],
)
def test_options_that_cannot_be_are_told(run: Run, option: str, says: str) -> None:
    result = run("def test_it(lipflap): pass", option)
    assert result.ret != 0
    result.stdout.fnmatch_lines([says])


def test_a_seed_that_is_no_number_is_a_usage_error(run: Run) -> None:
    result = run("def test_it(lipflap): pass", "--lipflap-seed=many")
    assert result.ret == pytest.ExitCode.USAGE_ERROR


def test_the_same_test_sees_the_same_ids(run: Run) -> None:
    source = """
def test_it(lipflap, lipflap_clock):
    print("id is", render(lipflap)["task_id"])
"""
    lines = [
        next(line for line in run(source, "-s", *options).outlines if "id is" in line)
        for options in ((), (), ("--lipflap-seed=8",))
    ]
    assert lines[0] == lines[1] != lines[2]


def test_workers_share_nothing_and_their_savings_add_up(run: Run) -> None:
    result = run(
        """
@pytest.mark.parametrize("number", range(6))
@pytest.mark.lipflap(fault="gateway-502-html@poll#1")
def test_render(lipflap, lipflap_clock, number):
    assert render(lipflap)["task_status"] == "succeed"
    assert len(lipflap.tasks) == 1
""",
        "-n2",
        "-p",
        "xdist",
    )
    result.assert_outcomes(passed=6)
    result.stdout.fnmatch_lines(["lipflap: 6 renders, * not spent"])


def test_a_running_server_can_be_used(run: Run, make_server: Callable[..., str]) -> None:
    url = make_server(pace="instant")
    result = run(
        f"""
@pytest.mark.lipflap(fault="gateway-502-html@identify#1")
def test_it(lipflap):
    assert lipflap.url == {url!r}
    with httpx.Client(**options(lipflap)) as http:
        assert http.post("/v1/videos/identify-face", json={{"video_url": lipflap.media.video}}).status_code == 502
    assert len(lipflap.journal) == 1

def test_no_lockstep(lipflap, lipflap_clock): pass

def test_no_transport(lipflap):
    with pytest.raises(RuntimeError, match="of this process"):
        lipflap.transport()
""",
        f"--lipflap-url={url}/",
    )
    result.assert_outcomes(passed=2, errors=1)
    result.stdout.fnmatch_lines(["*lipflap_clock needs a server in this process*"])


def test_the_marker_and_the_options_are_documented(run: Run) -> None:
    result = run("", "--markers")
    result.stdout.fnmatch_lines(["@pytest.mark.lipflap(fault=..., scenario=..., seed=..., pace=...): *"])
    help_text = run("", "--help").stdout.str()
    for option in ("url", "admin-token", "seed", "pace", "unused"):
        assert f"--lipflap-{option}" in help_text


def test_a_session_that_does_not_use_it_pays_nothing() -> None:
    code = "import sys, pytest, contracts.pytest_plugin; print(*sorted({m.partition('.')[0] for m in sys.modules}))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    assert not loaded & {
        "httpx",
        "starlette",
        "uvicorn",
        "uvloop",
        "msgspec",
        "pydantic",
        "mock_server",
        "asyncio",
    }
