"""``lipflap fuzz`` on a client that is a process."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

CLIENTS = Path(__file__).parents[2] / "fixtures" / "clients" / "python"

pytestmark = pytest.mark.e2e


def test_a_command_is_fuzzed_and_its_story_is_replayed(tmp_path: Path) -> None:
    client = [sys.executable, str(CLIENTS / "bad.py"), "--flaw", "polls-after-the-end", "--provider", "kling"]
    found = subprocess.run(
        [
            *(sys.executable, "-m", "mock_server", "fuzz", "--provider", "kling", "--max-examples", "3"),
            *("--jobs-from-stdin", "--", *client, "--jobs-from-stdin"),
        ],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert found.returncode == 1, found.stderr
    assert "no-poll-after-end" in found.stdout.splitlines()[0]
    file = tmp_path / ".lipflap" / "found" / "kling-no-poll-after-end.yaml"
    replayed = subprocess.run(
        [sys.executable, "-m", "mock_server", "replay", str(file), "--provider", "kling", "--", *client],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert replayed.returncode == 1, replayed.stderr
    assert "FAIL no-poll-after-end" in replayed.stdout
