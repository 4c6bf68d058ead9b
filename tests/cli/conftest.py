"""The command as a user runs it: a process, its streams, its exit code."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

LIPFLAP = [sys.executable, "-m", "mock_server"]
ROOT = Path(__file__).resolve().parents[2]

Lipflap = Callable[..., "subprocess.CompletedProcess[str]"]
Serve = Callable[..., "Served"]


def environment(extra: dict[str, str]) -> dict[str, str]:
    """Ours without any setting of lipflap, and with the checkout importable from everywhere."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("LIPFLAP_")}
    return {**kept, "PYTHONPATH": str(ROOT), "COLUMNS": "200", **extra}


@pytest.fixture
def lipflap(tmp_path: Path) -> Lipflap:
    """Runs a command to its end in an empty folder: ``lipflap("env", "kling", LIPFLAP_URL="...")``."""

    def run(*words: str, **extra: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*LIPFLAP, *words],
            cwd=tmp_path,
            env=environment(extra),
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    return run


class Served:
    """A running ``lipflap serve``. ``told`` is the line for programs."""

    def __init__(self, words: tuple[str, ...], folder: Path, extra: dict[str, str]) -> None:
        self.process = subprocess.Popen(
            [*LIPFLAP, "serve", *words],
            cwd=folder,
            env=environment(extra),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line, self.process.communicate()[1]
        self.told: dict[str, object] = json.loads(line)
        self.url = str(self.told["url"])

    def stop(self, number: int = signal.SIGTERM) -> tuple[int, str, str]:
        """The exit code, and what came on stdout (after the first line) and stderr."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        out, err = self.process.communicate(timeout=20)
        return self.process.returncode, out, err


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Serve]:
    """Starts servers in an empty folder, on free ports unless told otherwise; they end with the test."""
    with ExitStack() as stack:

        def start(*words: str, **extra: str) -> Served:
            port = () if "--port" in words or "LIPFLAP_PORT" in extra else ("--port", "0")
            served = Served((*port, *words), tmp_path, extra)
            stack.callback(served.stop)
            return served

        yield start
