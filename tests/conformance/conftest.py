"""Servers for Schemathesis to judge, and how much it may generate."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest
import uvicorn

from contracts.conform.generated.command import generate
from contracts.conform.generated.known import Setting

if TYPE_CHECKING:
    from pathlib import Path

    from starlette.types import ASGIApp

    from contracts.conform.generated.cases import GeneratedRun

KEY = "key-of-the-conformance-run"
ACCOUNT = "conformance@client.example"
EXAMPLES = int(os.environ.get("LIPFLAP_CONFORM_EXAMPLES", "4"))
"""Cases a phase may generate for each operation: small for ``make test``, large for ``make conform``."""

SEED = int(os.environ.get("LIPFLAP_CONFORM_SEED", "20261121"))
LEAST_CASES = 400 if EXAMPLES < 200 else 2000
"""How many cases a run against one contract must come to, so that it cannot shrink unseen."""

Conform = Callable[..., "GeneratedRun"]
Serve = Callable[["ASGIApp"], str]


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
def conform() -> Conform:
    """``conform("kling", url)`` runs every phase; further arguments go to ``st run``."""

    def run(provider: str, url: str, *arguments: str) -> GeneratedRun:
        return generate(provider, Setting(url, KEY, ACCOUNT), EXAMPLES, SEED, arguments)

    return run
