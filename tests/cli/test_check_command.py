"""The command as a user runs it, on clients of a few lines."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

GOOD = Path(__file__).parents[2] / "fixtures" / "clients" / "python" / "good.py"
PYTHON = [sys.executable, str(GOOD), "--provider", "kling"]
GIVES_UP = ["sh", "-c", "echo 'I give up' >&2; exit 1"]


def test_a_good_client_is_fine(lipflap):
    done = lipflap("check", "--provider", "kling", "--scenario", "happy", "--", *PYTHON)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "happy" in done.stdout


def test_a_client_that_gives_up_has_findings(lipflap):
    done = lipflap("check", "--provider", "gmi", "--scenario", "happy", "--", *GIVES_UP)
    assert done.returncode == 1
    assert "red: gmi happy: survives" in done.stderr


def test_many_jobs_in_one_process_are_the_same(lipflap):
    words = ["--scenario", "happy", "--scenario", "fault/empty-200", "--jobs-from-stdin"]
    done = lipflap("check", "--provider", "kling", *words, "--", *PYTHON, "--jobs-from-stdin")
    assert done.returncode == 0, done.stdout + done.stderr


def test_reports_are_written_where_they_belong(lipflap, tmp_path):
    words = ["--report", "terminal,junit,html,json", "--report-dir", "out", "--scenario", "happy"]
    done = lipflap("check", "--provider", "kling", *words, "--", *GIVES_UP)
    assert done.returncode == 1
    case = ET.parse(tmp_path / "out" / "junit.xml").getroot().find(".//testcase")
    assert case is not None
    assert case.get("name") == "happy"
    assert "<html" in (tmp_path / "out" / "report.html").read_text()
    assert json.loads((tmp_path / "out" / "report.json").read_text())
    assert (tmp_path / "out" / "kling" / "happy@0" / "stderr.txt").read_text() == "I give up\n"


def test_what_is_known_is_fine_until_it_is_mended(lipflap, tmp_path):
    words = ["check", "--provider", "kling", "--scenario", "happy", "--baseline", "known.yaml"]
    assert lipflap(*words, "--", *GIVES_UP).returncode == 2
    assert lipflap(*words, "--update-baseline", "--", *GIVES_UP).returncode == 0
    assert "happy: [" in (tmp_path / "known.yaml").read_text()
    assert lipflap(*words, "--", *GIVES_UP).returncode == 0
    mended = lipflap(*words, "--", *PYTHON)
    assert mended.returncode == 1
    assert "the baseline expects a failure that is none any more: kling happy: survives" in mended.stderr


def test_too_little_coverage_is_a_finding(lipflap):
    done = lipflap("check", "--provider", "kling", "--scenario", "happy", "--fail-under", "99", "--", *PYTHON)
    assert done.returncode == 1
    assert "error-path coverage of kling is" in done.stderr


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (["--", "true"], "Missing option '--provider'"),
        (["--provider", "kling"], "give the client's command behind --, or --callable MODULE:FUNCTION"),
        (["--provider", "kling", "--", "no-such-program"], "there is no program 'no-such-program' to run"),
        (
            ["--provider", "kling", "--scenario", "nix", "--", "true"],
            "--scenario nix: no scenario has such a name",
        ),
        (["--provider", "kling", "--layer", "nix", "--", "true"], "--layer nix: must be one of"),
        (["--provider", "kling", "--profile", "nix", "--", "true"], "--profile nix: must be one of"),
        (["--provider", "kling", "--clock", "nix", "--", "true"], "--clock must be auto, real, or a rate"),
        (["--provider", "kling", "--report", "pdf", "--", "true"], "--report must be among"),
        (["--provider", "kling", "--update-baseline", "--", "true"], "--update-baseline needs --baseline"),
        (["--provider", "kling", "--scenario", "gone.yaml", "--", "true"], "cannot read scenario gone.yaml"),
        (
            ["--provider", "kling", "--url", "http://127.0.0.1:1", "--", "true"],
            "no lipflap answers at http://127",
        ),
    ],
)
def test_a_mistake_is_one_line_and_code_2(lipflap, words, complaint):
    done = lipflap("check", *words)
    assert done.returncode == 2
    assert complaint in done.stderr
    assert done.stderr.count("\n") == 1, done.stderr


def test_a_server_that_runs_already_can_be_used(lipflap, serve):
    url = serve("--port", "0").told["url"]
    done = lipflap("check", "--provider", "kling", "--scenario", "happy", "--url", url, "--", *PYTHON)
    assert done.returncode == 0, done.stdout + done.stderr


def test_an_interrupted_run_ends_its_clients_and_says_so(tmp_path):
    hangs = tmp_path / "client.sh"
    hangs.write_text(f"echo $$ > {tmp_path}/pid.new; mv {tmp_path}/pid.new {tmp_path}/pid; exec sleep 600\n")
    words = ["check", "--provider", "kling", "--scenario", "happy", "--clock", "real", "--", "sh", str(hangs)]
    environment = {**os.environ, "PYTHONPATH": str(GOOD.parents[3])}
    process = subprocess.Popen([sys.executable, "-m", "mock_server", *words], env=environment, cwd=tmp_path)
    while not (tmp_path / "pid").exists():
        assert process.poll() is None
    process.send_signal(signal.SIGINT)
    assert process.wait(120) == 130
    stat = Path("/proc") / (tmp_path / "pid").read_text().strip() / "stat"
    assert not stat.exists() or stat.read_text().rpartition(")")[2].split()[0] == "Z"
