"""``lipflap check`` on a client with nothing Python in it: Node, whose time libfaketime makes faster."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from contracts.contract import PROVIDERS

CLIENT = Path(__file__).parents[2] / "fixtures" / "clients" / "node" / "good.mjs"
SCENARIOS = ("happy", "bad-gateway-day", "fault/rate-429-http-date", "fault/stall-body", "resume/at-poll-2")

pytestmark = pytest.mark.e2e


@pytest.mark.parametrize("provider", PROVIDERS)
def test_the_good_client_is_green_in_faster_time(provider: str, tmp_path: Path) -> None:
    wanted = [word for name in SCENARIOS for word in ("--scenario", name)]
    done = subprocess.run(
        [
            *(sys.executable, "-m", "mock_server", "check", "--provider", provider, *wanted),
            *("--workers", "2", "--report", "terminal,json", "--report-dir", str(tmp_path)),
            *("--", "node", str(CLIENT), "--provider", provider),
        ],
        env={name: value for name, value in os.environ.items() if not name.startswith("LIPFLAP_")},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    run = json.loads((tmp_path / "report.json").read_text())["run"]
    assert run["time"] == "40 times as fast, by libfaketime"
    assert {cell["scenario"] for cell in run["cells"]} == set(SCENARIOS)
