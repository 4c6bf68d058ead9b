"""The verdicts on published clients: the page names what there is, and its drivers still do what it says."""

from __future__ import annotations

import fcntl
import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

import pytest

from contracts.cells.resume import ROWS
from contracts.checks.table import CHECK_BY_ID
from mock_server.faults.catalogue import CATALOGUE
from mock_server.scenarios.library import all_scenarios

ROOT = Path(__file__).resolve().parents[2]
PAGE = "docs/verdicts.md"
NODE = ROOT / "tests" / "e2e" / "node"
INSTALL = "npm install --no-package-lock --ignore-scripts --no-audit --no-fund --loglevel error"
CLIENTS = {
    "genblaze-gmicloud": ("gmi", ROOT / "fixtures/clients/real", ["--callable", "genblaze_job:run"]),
    "kling-api": ("kling", NODE, ["--", "node", "../../../fixtures/clients/real/kling_api_job.mjs"]),
}
FINE, RED = "happy", "fault/empty-200"


@pytest.fixture(scope="module")
def part(page_text: Callable[[str], str]) -> Callable[[str], str]:
    """What the script has written about a client."""
    page = page_text(PAGE)
    return lambda client: page.partition(f"<!-- begin: {client} -->")[2].partition("<!-- end:")[0]


@pytest.fixture(scope="module")
def kling_api() -> None:
    """kling-api from npm, where it is not there yet; several test processes wait for each other."""
    with (Path(tempfile.gettempdir()) / "lipflap-e2e-npm.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (NODE / "node_modules" / "kling-api" / "package.json").exists():
            subprocess.run(INSTALL.split(), cwd=NODE, check=True, timeout=300)


def red_rows(part: str) -> dict[str, set[str]]:
    """The broken checks by the scenario, of the second table."""
    rows = re.findall(r"^\| `([\w/.-]+)` \| ((?:`[\w-]+` ?)+)\|", part, re.MULTILINE)
    return {name: set(re.findall(r"`([\w-]+)`", broken)) for name, broken in rows}


@pytest.mark.parametrize("client", CLIENTS)
def test_every_scenario_and_check_that_is_named_exists(client: str, part: Callable[[str], str]) -> None:
    known = {scenario.name for scenario in all_scenarios(CATALOGUE)} | {row.name for row in ROWS}
    reds = red_rows(part(client))
    assert RED in reds
    assert reds.keys() <= known
    assert set().union(*reds.values()) <= set(CHECK_BY_ID)
    judged = re.findall(r"^\| `([\w-]+)` [^|]+\|(?: (?:\**\d+ of \d+\**|·) \|)+$", part(client), re.MULTILINE)
    assert len(judged) > 10
    assert set(judged) <= set(CHECK_BY_ID)


def test_scenarios_of_the_text_are_known_too(page_text: Callable[[str], str]) -> None:
    known = {scenario.name for scenario in all_scenarios(CATALOGUE)} | {row.name for row in ROWS}
    named = set(re.findall(r"`((?:fault|incident|error|resume)/[\w.-]+)`", page_text(PAGE)))
    assert named
    assert named <= known


def test_the_versions_are_those_that_the_tests_install(page_text: Callable[[str], str]) -> None:
    manifest = json.loads((NODE / "package.json").read_text())
    assert f"## genblaze-gmicloud {version('genblaze-gmicloud')}, " in page_text(PAGE)
    assert f"## kling-api {manifest['dependencies']['kling-api']}, " in page_text(PAGE)


@pytest.mark.e2e
@pytest.mark.usefixtures("kling_api")
@pytest.mark.parametrize("client", CLIENTS)
def test_the_driver_does_what_the_page_says(
    client: str, part: Callable[[str], str], page_text: Callable[[str], str], tmp_path: Path
) -> None:
    provider, folder, command = CLIENTS[client]
    assert f"--provider {provider} {' '.join(command)}" in page_text(PAGE)
    words = ["--scenario", FINE, "--scenario", RED, "--report", "json", "--report-dir", str(tmp_path)]
    kept = {name: value for name, value in os.environ.items() if not name.startswith("LIPFLAP_")}
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        [sys.executable, "-m", "mock_server", "check", "--provider", provider, *words, *command],
        cwd=folder,
        env={**kept, "PATH": path, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 1, done.stderr
    cells = json.loads((tmp_path / "report.json").read_text())["run"]["cells"]
    found = {
        cell["scenario"]: {each["check"] for each in cell["judgements"] if each["verdict"] == "fail"}
        for cell in cells
    }
    assert found == {FINE: set(), RED: red_rows(part(client))[RED]}
