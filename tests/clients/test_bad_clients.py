"""The known-bad clients: each does an ordinary job well, and each shows its flaw where it should."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from mock_server.hosting.background import BackgroundServer
from mock_server.settings import Settings

sys.path.insert(0, str(Path(__file__).parents[2] / "fixtures" / "clients" / "python"))

import itertools

from bad import flawed
from flaws.table import FLAWS
from lipsync.main import run_job

CASES = [(flaw.name, provider) for flaw in FLAWS.values() for provider in flaw.providers]
NODE_FLAWS = ("retries-every-failed-submit", "gives-up-at-first-bad-poll", "sends-key-to-result-host")


@pytest.fixture(scope="module")
def simulator():
    with BackgroundServer(Settings(port=0, pace="polls:3", callbacks="loopback")) as server:
        yield server


@pytest.fixture
def do_bad(hostile, env_for, output):
    """``do_bad(flaw, **env)``: one job of a flawed client at the hostile server."""

    def do(name, **more):
        with flawed(FLAWS[name]):
            return run_job("kling", {**env_for(hostile.url, output), **more})

    return do


@pytest.mark.parametrize(("name", "provider"), CASES)
def test_an_ordinary_job_is_done_well(simulator, env_for, output, name, provider):
    with flawed(FLAWS[name]):
        done = run_job(provider, env_for(simulator.url, output, f"{name}-{provider}"))
    assert done.exit_code == 0, done.stderr
    assert output.read_bytes()[4:8] == b"ftyp"


@pytest.mark.parametrize("name", NODE_FLAWS)
def test_an_ordinary_job_is_done_well_in_node(simulator, env_for, output, clients, name):
    done = subprocess.run(
        ["node", str(clients / "node" / "bad.mjs"), "--flaw", name, "--provider", "kling"],
        env={"PATH": os.environ["PATH"], **env_for(simulator.url, output, f"node-{name}")},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert output.read_bytes()[4:8] == b"ftyp"


def test_every_flaw_says_what_it_must_turn_red():
    oracles = {f"O{number}" for number in range(1, 15)}
    for flaw in FLAWS.values():
        assert flaw.red, flaw.name
        assert set(flaw.red) <= oracles
        assert flaw.wrong.endswith(".")


def test_the_command_takes_a_flaw(simulator, env_for, output, clients):
    argv = [
        sys.executable,
        str(clients / "python" / "bad.py"),
        "--flaw",
        "polls-for-ever",
        "--provider",
        "gmi",
    ]
    env = {"PATH": os.environ["PATH"], **env_for(simulator.url, output, "command")}
    done = subprocess.run(argv, env=env, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr


def test_retries_every_failed_submit(hostile, answer, do_bad):
    hostile.script["submit"] = [answer(then="nothing")]
    assert do_bad("retries-every-failed-submit").exit_code == 0
    assert len(hostile.tasks) == 2


def test_resubmits_after_restart(hostile, do_bad):
    hostile.polls_needed = 10**9
    do_bad("resubmits-after-restart", LIPFLAP_DEADLINE_S="0.1")
    do_bad("resubmits-after-restart", LIPFLAP_DEADLINE_S="0.1")
    assert len(hostile.tasks) == 2


def test_gives_up_at_first_bad_poll(hostile, answer, do_bad):
    hostile.script["poll"] = [answer(502)]
    assert do_bad("gives-up-at-first-bad-poll").exit_code != 0
    assert hostile.count("poll") == 1


def test_polls_for_ever(hostile, do_bad):
    hostile.polls_needed = 30
    assert do_bad("polls-for-ever", LIPFLAP_DEADLINE_S="0.02").exit_code == 0


def test_polls_without_pause(hostile, do_bad):
    hostile.polls_needed = 10
    do_bad("polls-without-pause", LIPFLAP_POLL_FLOOR_S="0.1", LIPFLAP_POLL_CEILING_S="0.2")
    moments = [one.at_s for one in hostile.seen if one.kind == "poll"]
    assert min(later - sooner for sooner, later in itertools.pairwise(moments)) < 0.1


@pytest.mark.parametrize("word", ["succeed", "failed"])
def test_polls_after_the_end(hostile, do_bad, word):
    hostile.word = word
    do_bad("polls-after-the-end")
    assert hostile.count("poll") == 2 + 3


def test_ignores_retry_after(hostile, answer, do_bad):
    hostile.script["poll"] = [answer(429, b"{}", {"Retry-After": "5"})]
    assert do_bad("ignores-retry-after", LIPFLAP_DEADLINE_S="4").exit_code == 0


def test_treats_unknown_status_as_failure(hostile, answer, do_bad):
    hostile.script["poll"] = [answer(body=hostile.task("post_processing"))]
    assert do_bad("treats-unknown-status-as-failure").exit_code == 1


def test_reads_message_instead_of_status(hostile, do_bad):
    hostile.word, hostile.reason = "failed", "content risk control"
    done = do_bad("reads-message-instead-of-status", LIPFLAP_DEADLINE_S="0.3")
    assert "content risk control" not in done.stderr
    assert hostile.count("poll") > 2


def test_crashes_on_surprise_types(hostile, answer, do_bad):
    hostile.script["poll"] = [answer(body=hostile.task("processing", created_at="1785901861504"))]
    with pytest.raises(TypeError):
        do_bad("crashes-on-surprise-types")


def test_trusts_any_callback(hostile, do_bad):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    hostile.polls_needed = 10**9
    body = hostile.task("succeed")
    env = {"LIPFLAP_CALLBACK_LISTEN": f"127.0.0.1:{port}", "LIPFLAP_WEBHOOK_SECRET": "whsec_QUJD"}
    with ThreadPoolExecutor(1) as pool:
        job = pool.submit(do_bad, "trusts-any-callback", **env, LIPFLAP_POLL_CEILING_S="0.3")
        while hostile.count("poll") == 0:
            threading.Event().wait(0.01)
        assert httpx.post(f"http://127.0.0.1:{port}/", content=body).status_code == 200
        assert job.result(timeout=20).exit_code == 0
    assert hostile.count("download") == 2


def test_swallows_failure(hostile, do_bad):
    hostile.word = "failed"
    assert do_bad("swallows-failure").exit_code == 0


def test_hides_the_reason(hostile, do_bad):
    hostile.word, hostile.reason = "failed", "content risk control"
    done = do_bad("hides-the-reason")
    assert (done.exit_code, "risk" in done.stderr) == (1, False)


def test_invites_a_resubmit(hostile, answer, do_bad):
    hostile.script["submit"] = [answer(then="nothing", is_taken=False)]
    assert "please try again" in do_bad("invites-a-resubmit").stderr


def test_keeps_partial_files(hostile, answer, do_bad, output, video):
    hostile.script["download"] = [answer(body=video, then="half") for _ in range(9)]
    assert do_bad("keeps-partial-files").exit_code == 1
    assert output.stat().st_size == len(video) // 2


def test_takes_any_200_as_video(hostile, answer, do_bad, output):
    hostile.script["download"] = [answer(body=b"<html>")]
    assert do_bad("takes-any-200-as-video").exit_code == 0
    assert output.read_bytes() == b"<html>"


def test_sends_key_to_result_host(hostile, do_bad):
    hostile.result_url = hostile.url.replace("127.0.0.1", "localhost") + "/a.mp4"
    assert do_bad("sends-key-to-result-host").exit_code == 0
    assert [one.headers["authorization"] for one in hostile.seen if one.kind == "download"]


def test_follows_redirects_anywhere(hostile, answer, do_bad):
    hostile.script["download"] = [answer(302, b"", {"Location": "/result.mp4"}) for _ in range(50)]
    assert do_bad("follows-redirects-anywhere").exit_code == 0
    assert hostile.count("download") == 51


def test_the_readme_lists_every_flaw_as_the_table_does(clients):
    readme = (clients / "README.md").read_text(encoding="utf-8")
    for flaw in FLAWS.values():
        row = next(line for line in readme.splitlines() if line.startswith(f"| `{flaw.name}` |"))
        assert flaw.wrong[:-1] in row
        assert row.endswith(f"| {', '.join(flaw.red)} |")
