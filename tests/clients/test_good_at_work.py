"""The good clients, each flavour at each provider, against the simulator itself."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys

import httpx
import pytest

from mock_server.hosting.background import BackgroundServer
from mock_server.settings import Settings

PROVIDERS = ("kling", "gmi", "kirin")
SECRET = "whsec_dGVzdHNlY3JldHRlc3RzZWNyZXR0ZXN0c2VjcmV0MTI="


@pytest.fixture(scope="module")
def simulator():
    settings = Settings(port=0, pace="polls:3", callbacks="loopback", webhook_secrets=(SECRET,))
    with BackgroundServer(settings) as server:
        yield server


def violations(simulator, key):
    answer = httpx.get(f"{simulator.url}/__lipflap/journal", params={"key": key, "violations": "true"})
    return answer.json()["entries"]


@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_job_ends_with_its_video(simulator, run, env_for, output, provider, request):
    key = request.node.name
    done = run(provider, env_for(simulator.url, output, key))
    assert done.exit_code == 0, done.stderr
    assert output.read_bytes()[4:8] == b"ftyp"
    assert sorted(path.name for path in output.parent.iterdir()) == ["out.mp4", "out.mp4.task.json"]
    assert violations(simulator, key) == []


@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_job_that_is_done_is_not_done_again(simulator, run, env_for, output, provider, request):
    env = env_for(simulator.url, output, request.node.name)
    assert run(provider, env).exit_code == 0
    before = simulator_entries(simulator, request.node.name)
    assert run(provider, env).exit_code == 0
    assert simulator_entries(simulator, request.node.name) == before


def simulator_entries(simulator, key):
    return httpx.get(f"{simulator.url}/__lipflap/journal", params={"key": key}).json()["entries"]


@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_refusal_is_told_in_the_providers_words(simulator, run, env_for, output, provider, request):
    env = env_for(simulator.url, output, request.node.name)
    env["LIPFLAP_VIDEO_URL"] = "https://cdn.test/a.mp4?lipflap.duration_ms=61000"
    done = run(provider, env)
    assert done.exit_code == 1
    assert "1201" in done.stderr or "Backend error (400)" in done.stderr
    assert not output.exists()


def test_a_signed_token_does_as_well_as_a_key(simulator, run, env_for, output):
    env = env_for(simulator.url, output)
    env |= {"LIPFLAP_AUTH": "jwt", "KLING_ACCESS_KEY": "lipflap-access-key"}
    env |= {"KLING_SECRET_KEY": "lipflap-secret-key-of-no-secret-at-all"}
    done = run("kling", env)
    assert done.exit_code == 0, done.stderr


@pytest.mark.parametrize("provider", ["kling", "kirin"])
def test_signed_callbacks_are_taken(simulator, run, env_for, output, provider, request):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    key = request.node.name
    env = env_for(simulator.url, output, key)
    env |= {"LIPFLAP_CALLBACK_LISTEN": f"127.0.0.1:{port}", "LIPFLAP_WEBHOOK_SECRET": SECRET}
    done = run(provider, env)
    assert done.exit_code == 0, done.stderr


@pytest.mark.parametrize(
    "argv", [["python/good.py"], ["python/good.py", "--async"], ["node/good.mjs"]], ids=str
)
def test_many_jobs_come_from_standard_input(simulator, clients, env_for, tmp_path, argv):
    jobs = []
    for provider in PROVIDERS:
        env = env_for(
            simulator.url, tmp_path / f"{provider}.mp4", f"stdin-{provider}-{len(argv[0])}-{len(argv)}"
        )
        job = {name.removeprefix("LIPFLAP_").lower(): value for name, value in env.items()}
        jobs.append({"id": provider, "provider": provider, **job})
    jobs.append({**jobs[0], "id": "bad", "url": "http://127.0.0.1:1", "output": str(tmp_path / "bad.mp4")})
    command = sys.executable if argv[0].endswith("py") else "node"
    done = subprocess.run(
        [command, str(clients / argv[0]), *argv[1:], "--provider", "kling", "--jobs-from-stdin"],
        input="".join(f"{json.dumps(job)}\n" for job in jobs),
        env={"PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert [(answer["id"], answer["exit_code"]) for answer in answers] == [
        ("kling", 0),
        ("gmi", 0),
        ("kirin", 0),
        ("bad", 1),
    ], done.stderr
    assert "nothing was submitted" not in answers[0]["stderr"]
    assert "not accepted" in answers[-1]["stderr"]
