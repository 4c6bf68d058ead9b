"""``lipflap check`` and ``lipflap replay`` of a function: as of a command, and in no time."""

from __future__ import annotations

import json
import os
import re
import shlex
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

ROOT = Path(__file__).parents[2]
CLIENT = f"""
import os, signal, sys
sys.path.insert(0, {str(ROOT / "fixtures" / "clients" / "python")!r})
import bad, good

def run(job):
    return good.run(job)

async def later(job):
    return await good.run_async(job)

def gives_up(job):
    raise SystemExit("I give up")

def circles(job):
    is_deaf = signal.SIGINT in signal.pthread_sigmask(signal.SIG_BLOCK, [])
    with open("is_deaf", "w") as file:
        file.write(str(is_deaf))
    with open("pid.new", "w") as file:
        file.write(str(os.getpid()))
    os.rename("pid.new", "pid")
    while True:
        pass
"""
HAPPY = ("--provider", "kling", "--scenario", "happy")

Lipflap = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(autouse=True)
def client(tmp_path: Path) -> None:
    (tmp_path / "client.py").write_text(CLIENT)


def test_a_good_client_is_fine_whatever_kind_of_function_it_is(lipflap: Lipflap) -> None:
    for function in ("run", "later"):
        done = lipflap("check", *HAPPY, "--scenario", "forever", "--callable", f"client:{function}")
        assert done.returncode == 0, done.stdout + done.stderr
        assert "2 of 2 scenarios survived" in done.stdout
        time = re.search(
            r"Time: virtual time, in step with the client: (\d+) s of client's time in", done.stdout
        )
        assert time is not None
        assert int(time[1]) > 500


def test_flags_do_what_they_do_for_a_command(lipflap: Lipflap, tmp_path: Path) -> None:
    words = ("--report", "junit,html,json", "--report-dir", "out", "--profile", "bad-gateway-day")
    words += ("--layer", "callback", "--callbacks", "--workers", "1", "--seed", "3")
    words += ("--skip", "fault/html-200", "--skip", "*storm", "--skip", "hostile-callbacks")
    done = lipflap("check", "--provider", "gmi", *words, "--callable", "client:run")
    assert done.returncode == 0, done.stdout + done.stderr
    cases = ET.parse(tmp_path / "out" / "junit.xml").getroot().findall(".//testcase")
    names = {case.get("name") for case in cases}
    assert {"bad-gateway-day", "fault/gateway-502-html", "fault/callback-lost"} <= names
    assert "fault/html-200" not in names
    told = json.loads((tmp_path / "out" / "report.json").read_text())["run"]
    assert told["cells"][0]["replay"].endswith("@3 --provider gmi --callbacks --callable client:run")
    assert (tmp_path / "out" / "gmi" / "bad-gateway-day@3" / "output.mp4").is_file()


def test_a_red_cell_is_played_again_by_its_own_command(lipflap: Lipflap) -> None:
    done = lipflap("check", *HAPPY, "--callable", "client:gives_up")
    assert done.returncode == 1
    assert "red: kling happy: survives" in done.stderr
    again = re.search(r"again: (lipflap replay .*)", done.stdout)
    assert again is not None
    replayed = lipflap(*shlex.split(again[1])[1:])
    assert replayed.returncode == 1
    assert "FAIL survives" in replayed.stdout
    assert "I give up" in replayed.stdout


def test_what_is_known_is_fine(lipflap: Lipflap) -> None:
    words = ("check", *HAPPY, "--baseline", "known.yaml")
    assert lipflap(*words, "--update-baseline", "--callable", "client:gives_up").returncode == 0
    assert lipflap(*words, "--callable", "client:gives_up").returncode == 0
    mended = lipflap(*words, "--callable", "client:run")
    assert mended.returncode == 1
    assert "the baseline expects a failure that is none any more: kling happy: survives" in mended.stderr


def test_a_scenario_file_is_replayed(lipflap: Lipflap, tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text("name: mine\ntitle: A day of mine\nfaults: [stuck-queued]\n")
    done = lipflap(
        "replay", "mine.yaml@2", "--provider", "kling", "--timeout", "50", "--callable", "client:run"
    )
    assert done.stdout.startswith("mine@2 at kling: A day of mine"), done.stderr
    took = re.search(r"after ([\d.]+) s of its own time", done.stdout)
    assert took is not None
    assert 40 < float(took[1]) < 55


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (["--callable", "client:run", "--", "true"], "give the client's command behind --, or --callable"),
        (["--callable", "client:none"], "--callable client:none: module 'client' has no attribute 'none'"),
        (["--callable", "nowhere:run"], "--callable nowhere:run: No module named 'nowhere'"),
        (["--callable", "client:run", "--clock", "60x"], "--clock is for commands"),
        (["--callable", "client:run", "--jobs-from-stdin"], "--jobs-from-stdin is for commands"),
        (["--callable", "client:run", "--url", "http://127.0.0.1:1"], "--url is for commands"),
        (["--callable", "client:run", "--scenario", "nix"], "--scenario nix: no scenario has such a name"),
    ],
)
def test_a_mistake_is_one_line_and_code_2(lipflap: Lipflap, words: list[str], complaint: str) -> None:
    done = lipflap("check", "--provider", "kling", *words)
    assert done.returncode == 2
    assert complaint in done.stderr
    assert done.stderr.count("\n") == 1, done.stderr


def test_a_ctrl_c_ends_whatever_runs_and_says_what_was_found(tmp_path: Path) -> None:
    words = ["check", *HAPPY, "--callable", "client:circles"]
    process = subprocess.Popen(
        [sys.executable, "-m", "mock_server", *words],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    while not (tmp_path / "pid").exists():
        assert process.poll() is None
    os.killpg(process.pid, signal.SIGINT)
    stdout, stderr = process.communicate(timeout=120)
    assert process.returncode == 130
    assert (tmp_path / "is_deaf").read_text() == "True"
    assert "0 of 0 scenarios survived" in stdout
    assert stderr == ""
    stat = Path("/proc") / (tmp_path / "pid").read_text() / "stat"
    assert not stat.exists() or stat.read_text().rpartition(")")[2].split()[0] == "Z"
