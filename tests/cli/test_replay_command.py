"""One cell again, with its story."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from mock_server.cli.replay_command import named_and_seed
from mock_server.core.errors import ConfigurationError

GOOD = Path(__file__).parents[2] / "fixtures" / "clients" / "python" / "good.py"
PYTHON = [sys.executable, str(GOOD), "--provider", "kling"]


def test_a_cell_is_told_with_its_story_and_every_verdict(lipflap):
    done = lipflap("replay", "fault/gateway-502-html@3", "--provider", "kling", "--", *PYTHON)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.startswith("fault/gateway-502-html@3 at kling: ")
    assert "the fault gateway-502-html" in done.stdout
    assert "The client ended with exit code 0" in done.stdout
    assert "pass survives" in done.stdout


def test_a_red_cell_says_what_a_good_client_does(lipflap):
    done = lipflap("replay", "happy", "--provider", "kling", "--", "sh", "-c", "exit 3")
    assert done.returncode == 1
    assert "FAIL survives" in done.stdout
    assert "A good client: It ends with the video" in done.stdout


def test_a_scenario_file_is_played(lipflap, tmp_path):
    (tmp_path / "mine.yaml").write_text("name: mine\ntitle: A day of mine\nfaults: [stuck-queued@task]\n")
    done = lipflap("replay", "mine.yaml@2", "--provider", "kling", "--timeout", "5", "--", *PYTHON)
    assert done.returncode == 2
    assert "scenario mine: faults[0]" in done.stderr
    (tmp_path / "mine.yaml").write_text("name: mine\ntitle: A day of mine\n")
    done = lipflap("replay", "mine.yaml@2", "--provider", "kling", "--", *PYTHON)
    assert done.stdout.startswith("mine@2 at kling: A day of mine")


def test_a_name_may_come_with_a_seed():
    assert named_and_seed("happy") == ("happy", 0)
    assert named_and_seed("fault/stuck-queued@-7") == ("fault/stuck-queued", -7)
    for text in ("happy@", "@3", "happy@x", f"happy@{'9' * 19}"):
        with pytest.raises(ConfigurationError, match="give SCENARIO@SEED"):
            named_and_seed(text)
