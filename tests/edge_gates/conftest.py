"""Servers in processes of their own, and the budget: small by default, whole with ``LIPFLAP_EDGE=full``."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import psutil
import pytest

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Child:
    """A server that runs elsewhere. ``log`` is where its stderr goes."""

    port: int
    process: psutil.Process
    log: Path

    @property
    def memory_mb(self) -> float:
        return float(self.process.memory_info().rss / 1e6)


StartChild = Callable[..., Child]


@pytest.fixture(scope="session")
def is_full() -> bool:
    return os.environ.get("LIPFLAP_EDGE") == "full"


@pytest.fixture
def start_child(tmp_path: Path) -> Iterator[StartChild]:
    """Starts servers with the settings given; afterwards none of them may have logged a traceback."""
    with ExitStack() as stack:
        yield lambda **settings: stack.enter_context(_child(settings, tmp_path / "server.log"))


@contextmanager
def _child(settings: dict[str, object], log: Path) -> Iterator[Child]:
    command = [sys.executable, str(HERE / "child.py"), json.dumps(settings)]
    with (
        log.open("w") as stderr,
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=stderr) as process,
    ):
        assert process.stdin is not None
        assert process.stdout is not None
        port = urlsplit(process.stdout.readline().decode().strip()).port
        assert port is not None
        yield Child(port, psutil.Process(process.pid), log)
        assert process.poll() is None, "the server is alive"
        process.stdin.close()
        assert process.wait(20) == 0
    said = log.read_text()
    assert "Traceback" not in said, said[-5000:]
    assert "ERROR" not in said, said[-5000:]
