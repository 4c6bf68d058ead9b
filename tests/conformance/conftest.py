"""Runs Schemathesis against a server, and reads its report."""

from __future__ import annotations

import base64
import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from starlette.types import ASGIApp

HERE = Path(__file__).parent
CONTRACTS = HERE.parents[1] / "contracts"
KEY = "key-of-the-conformance-run"
ACCOUNT = "conformance@client.example"
EXAMPLES = int(os.environ.get("LIPFLAP_CONFORM_EXAMPLES", "6"))
"""Cases a phase may generate for each operation: small for ``make test``, large for ``make conform``."""

SEED = os.environ.get("LIPFLAP_CONFORM_SEED", "20261121")
LEAST_CASES = 400 if EXAMPLES < 200 else 2000
"""How many cases a run against one contract must come to, so that it cannot shrink unseen."""

Conform = Callable[..., "Report"]
Serve = Callable[[ASGIApp], str]


@dataclass(frozen=True)
class Exchange:
    """One case of Schemathesis and what it was answered. ``status`` is 0 where no answer came.

    ``is_in_shape`` says whether the request was meant to keep the contract, ``failed`` which checks it did not pass.
    """

    case_id: str
    phase: str
    is_in_shape: bool
    method: str
    path: str
    request: bytes
    status: int
    answer: bytes
    failed: tuple[str, ...]


@dataclass(frozen=True)
class Report:
    """One run. ``phases`` gives each phase its end, such as ``success``; ``checks`` are those that were made."""

    exit_code: int
    output: str
    phases: Mapping[str, str]
    checks: frozenset[str]
    exchanges: tuple[Exchange, ...]

    @property
    def failed(self) -> frozenset[str]:
        """The checks that did not pass somewhere."""
        return frozenset(name for exchange in self.exchanges for name in exchange.failed)


@pytest.fixture(scope="session")
def accounts_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One account: a server that takes any key cannot refuse a wrong one."""
    path = tmp_path_factory.mktemp("conformance") / "accounts.toml"
    path.write_text(f'[[accounts]]\nname = "{ACCOUNT}"\nkeys = ["{KEY}"]\n', encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def least_cases() -> int:
    return LEAST_CASES


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Serves an application on a free loopback port for the length of a test, and gives its URL."""
    running: list[tuple[uvicorn.Server, threading.Thread, socket.socket]] = []

    def start(app: ASGIApp) -> str:
        listener = socket.create_server(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        running.append((server, thread, listener))
        return f"http://127.0.0.1:{listener.getsockname()[1]}"

    yield start
    for server, thread, listener in running:
        server.should_exit = True
        thread.join(timeout=10)
        listener.close()


@pytest.fixture
def conform(tmp_path: Path) -> Conform:
    """``conform("kling", url)`` runs every phase; further arguments go to ``st run``."""

    def run(provider: str, url: str, *arguments: str) -> Report:
        ndjson = tmp_path / "report.ndjson"
        command = [sys.executable, "-m", "schemathesis.cli", "--config-file", "schemathesis.toml", "run"]
        options = ["--seed", SEED, "--max-examples", str(EXAMPLES)]
        options += ["--report", "ndjson", "--report-ndjson-path", str(ndjson)]
        about = {
            "LIPFLAP_CONFORM_URL": url,
            "LIPFLAP_CONFORM_KEY": KEY,
            "LIPFLAP_CONFORM_ACCOUNT": ACCOUNT,
            "HYPOTHESIS_STORAGE_DIRECTORY": str(tmp_path / "hypothesis"),
        }
        done = subprocess.run(
            [*command, str(CONTRACTS / provider / "openapi.yaml"), *options, *arguments],
            cwd=HERE,
            env={**os.environ, **about},
            capture_output=True,
            text=True,
            check=False,
        )
        return _report(done.returncode, done.stdout + done.stderr, ndjson)

    return run


def _report(exit_code: int, output: str, ndjson: Path) -> Report:
    phases: dict[str, str] = {}
    exchanges: list[Exchange] = []
    checks: set[str] = set()
    for line in ndjson.read_text(encoding="utf-8").splitlines() if ndjson.exists() else ():
        [(event, about)] = json.loads(line).items()
        if event == "PhaseFinished":
            phases[about["phase"]["name"]] = about["status"]
        if event == "ScenarioFinished":
            exchanges += _exchanges(about["phase"], about["recorder"])
            checks |= {
                check["name"] for made in about["recorder"].get("checks", {}).values() for check in made
            }
    return Report(exit_code, output, phases, frozenset(checks), tuple(exchanges))


def _exchanges(phase: str, recorder: Mapping[str, Any]) -> Iterator[Exchange]:
    for case_id, made in recorder.get("cases", {}).items():
        case, sent = made["value"], recorder.get("interactions", {}).get(case_id)
        answer = sent["response"] if sent else None
        yield Exchange(
            case_id=case_id,
            phase=phase,
            is_in_shape=(case.get("meta") or {}).get("generation", {}).get("mode") == "positive",
            method=case["method"],
            path=case["path"],
            request=_bytes(sent["request"].get("body") if sent else None),
            status=answer["status_code"] if answer else 0,
            answer=_bytes(answer["content"] if answer else None),
            failed=tuple(
                check["name"]
                for check in recorder.get("checks", {}).get(case_id, ())
                if check["status"] == "failure"
            ),
        )


def _bytes(content: Mapping[str, str] | None) -> bytes:
    return base64.b64decode(content["$base64"]) if content else b""
