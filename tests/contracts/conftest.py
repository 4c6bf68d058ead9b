"""A server to judge clients with, and a client that is as small as one can be."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path

import pytest
from msgspec.structs import replace

from contracts.bench.direct import DirectAdmin
from contracts.bench.function import WORK_LIMIT_S, FunctionBench
from contracts.cells.cell import Rules
from contracts.cells.driver import command_client
from contracts.cells.place import WEBHOOK_SECRET
from contracts.cells.result import Cell
from contracts.cells.resume import resume_scenario
from contracts.cells.tenant import key_of
from contracts.cells.timing import IN_STEP, Timing, timing_for
from contracts.client.callable import Work
from contracts.client.model import Client, Job
from contracts.witness.admin import Admin
from contracts.witness.scenario import Scenario, catalogue_of, scenario_of
from contracts.witness.server import ServerAddress, started
from mock_server.cli.client_env import client_env
from mock_server.cli.function_bench import bench_settings
from mock_server.hosting.inline import InlineServer

RATE = "40x"

TINY = '''
"""One Kling lip-sync without any care: it stops at the first thing that is odd."""
import json, os, sys, time, urllib.request
from pathlib import Path

def job(env):
    url, key = env["LIPFLAP_URL"], env["LIPFLAP_KEY"]
    def ask(path, body=None):
        data = None if body is None else json.dumps(body).encode()
        head = {"Authorization": "Bearer " + key, "Content-Type": "application/json"}
        with urllib.request.urlopen(urllib.request.Request(url + path, data, head), timeout=20) as answer:
            return json.load(answer)["data"]
    found = ask("/v1/videos/identify-face", {"video_url": env["LIPFLAP_VIDEO_URL"]})
    choice = {"face_id": found["face_data"][0]["face_id"], "sound_file": env["LIPFLAP_AUDIO_URL"],
              "sound_start_time": 0, "sound_end_time": 3000, "sound_insert_time": 0}
    body = {"session_id": found["session_id"], "face_choose": [choice]}
    if env.get("LIPFLAP_CALLBACK_URL"):
        body["callback_url"] = env["LIPFLAP_CALLBACK_URL"]
    task = ask("/v1/videos/advanced-lip-sync", body)
    while task["task_status"] not in {"succeed", "failed"}:
        time.sleep(2)
        task = ask("/v1/videos/advanced-lip-sync/" + task["task_id"])
    if task["task_status"] == "failed":
        sys.exit("failed: " + task["task_status_msg"])
    with urllib.request.urlopen(task["task_result"]["videos"][0]["url"], timeout=60) as answer:
        Path(env["LIPFLAP_OUTPUT"]).write_bytes(answer.read())

if "--jobs" in sys.argv:
    for line in sys.stdin:
        told = json.loads(line)
        code, words = 0, ""
        try:
            job({"LIPFLAP_" + name.upper(): value for name, value in told.items()})
        except BaseException as fault:
            code, words = 1, str(fault)
        print(json.dumps({"id": told["id"], "exit_code": code, "stderr": words}), flush=True)
else:
    print("beginning", flush=True)
    job(os.environ)
'''


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The command of that client."""
    file: Path = tmp_path_factory.mktemp("tiny") / "tiny.py"
    file.write_text(TINY)
    return [sys.executable, str(file)]


@pytest.fixture(scope="session")
def timing() -> Timing:
    """Time for clients in Python, as the server below has it."""
    return timing_for([sys.executable], RATE)


@pytest.fixture(scope="session")
def server(timing: Timing) -> Iterator[ServerAddress]:
    with started(("--clock", timing.clock, "--webhook-secret", WEBHOOK_SECRET)) as address:
        yield address


@pytest.fixture
def admin(server: ServerAddress, request: pytest.FixtureRequest) -> Iterator[Admin]:
    """The surface for a tenant of this test alone."""
    with Admin(server, f"key-of-{request.node.name}") as made:
        yield made


@pytest.fixture
def surface(server: ServerAddress) -> Iterator[Admin]:
    """The surface for nobody in particular."""
    with Admin(server) as made:
        yield made


@pytest.fixture
def rules(tmp_path: Path, timing: Timing) -> Rules:
    return Rules(seed=0, timeout_s=120.0, timing=timing, folder=tmp_path / "cells", environment=client_env)


@pytest.fixture
def client(tiny: list[str], timing: Timing) -> Iterator[Client]:
    made = command_client(tiny, timing)
    yield made
    made.close()


@pytest.fixture
def job_in(tmp_path: Path, server: ServerAddress) -> Callable[..., Job]:
    """A job at the server, for a tenant of its name."""

    def make(name: str = "job", **environment: str) -> Job:
        folder = tmp_path / name
        folder.mkdir(exist_ok=True)
        key = key_of("kling", f"{tmp_path.name}-{name}", 0)
        variables = client_env("kling", server.url, key) | {
            "LIPFLAP_OUTPUT": str(folder / "output.mp4"),
            **environment,
        }
        return Job(
            id=name,
            provider="kling",
            url=server.url,
            key=key,
            video_url=variables["LIPFLAP_VIDEO_URL"],
            audio_url=variables["LIPFLAP_AUDIO_URL"],
            output=folder / "output.mp4",
            folder=folder,
            environment=variables,
        )

    return make


sys.path.insert(0, str(Path(__file__).parents[2] / "fixtures" / "clients" / "python"))


class Refusal(Exception):
    """A client of ours ended with another code than 0; its words are the text."""


@pytest.fixture(scope="session")
def careful() -> Callable[[Job], None]:
    """The good client as a function."""
    from lipsync.main import run_job

    def work(job: Job) -> None:
        outcome = run_job(job.provider, job.environment)
        if outcome.exit_code:
            raise Refusal(outcome.stderr)

    return work


@pytest.fixture(scope="session")
def flawed() -> Callable[[str], AbstractContextManager[None]]:
    """``with flawed(name):`` the good client of this process has that flaw."""
    from bad import flawed
    from flaws.table import FLAWS

    return lambda name: flawed(FLAWS[name])


@pytest.fixture(scope="session")
def inline_server() -> Iterator[InlineServer]:
    """A server without a socket."""
    with InlineServer(bench_settings()) as server:
        yield server


@pytest.fixture
def scenario(inline_server: InlineServer) -> Callable[[str], Scenario]:
    """A scenario by its name, crashes included."""
    surface = DirectAdmin(inline_server, "")
    catalogue = catalogue_of(surface)
    return lambda name: resume_scenario(name, catalogue) or scenario_of(surface, name, catalogue)


MakeBench = Callable[..., FunctionBench]


class Ear:
    """Writes down what a run says."""

    def __init__(self) -> None:
        self.total = 0
        self.begun: list[str] = []
        self.done: list[str] = []

    def began(self, total: int) -> None:
        self.total = total

    def playing(self, scenario: str, provider: str) -> None:
        self.begun.append(scenario)

    def played(self, cell: Cell) -> None:
        self.done.append(cell.scenario)


@pytest.fixture
def ear() -> Ear:
    return Ear()


@pytest.fixture
def in_step(tmp_path: Path) -> Rules:
    """For clients that are functions."""
    return Rules(seed=0, timeout_s=600.0, timing=IN_STEP, folder=tmp_path / "cells", environment=client_env)


@pytest.fixture
def make_bench(
    inline_server: InlineServer, careful: Callable[[Job], None], in_step: Rules
) -> Iterator[MakeBench]:
    """Makes benches: ``make_bench(work, listens=True)``, with the good client where no other is given."""
    with ExitStack() as stack:

        def make(
            work: Work = careful, *, work_limit_s: float = WORK_LIMIT_S, **rules: object
        ) -> FunctionBench:
            bench = FunctionBench(work, inline_server, replace(in_step, **rules), work_limit_s=work_limit_s)
            stack.callback(bench.close)
            return bench

        yield make
