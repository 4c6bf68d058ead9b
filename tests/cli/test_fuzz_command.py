"""``lipflap fuzz`` from the outside: what it prints, what it leaves, and its exit code."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path

import pytest

from mock_server.cli.commands import run_command
from mock_server.core.errors import ConfigurationError

CLIENTS = Path(__file__).parents[2] / "fixtures" / "clients" / "python"
MODULE = f"""
import sys
sys.path.insert(0, {str(CLIENTS)!r})
from bad import flawed
from flaws.table import FLAWS
from lipsync.main import run_job

class Failed(Exception):
    pass

def good(job):
    outcome = run_job(job.provider, job.environment)
    if outcome.exit_code:
        raise Failed(outcome.stderr)

def bad(job):
    with flawed(FLAWS["polls-after-the-end"]):
        good(job)

async def later(job):
    raise Failed("it never works")

number = 3
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "client_under_fuzz.py").write_text(MODULE)
    monkeypatch.chdir(tmp_path)
    monkeypatch.delitem(sys.modules, "client_under_fuzz", raising=False)
    return tmp_path


def fuzz(*words: str) -> int:
    return run_command(["fuzz", "--provider", "kling", *words])


def test_a_good_client_is_left_in_peace(capsys: pytest.CaptureFixture[str]) -> None:
    assert fuzz("--callable", "client_under_fuzz:good", "--max-examples", "15", "--database", "none") == 0
    assert capsys.readouterr().out.startswith("Nothing found in ")


def test_a_bad_one_gets_its_story_and_the_way_to_see_it_again(
    capsys: pytest.CaptureFixture[str], folder: Path
) -> None:
    assert fuzz("--callable", "client_under_fuzz:bad", "--max-examples", "50") == 1
    said = capsys.readouterr().out
    assert "no-poll-after-end" in said.splitlines()[0]
    assert "At kling, a task ends at its poll number 1." in said
    assert "A good client: It stops polling" in said
    file = folder / ".lipflap" / "found" / "kling-no-poll-after-end.yaml"
    assert file.exists()
    assert (folder / ".lipflap" / "examples" / "kling").is_dir()
    assert run_command(["scenarios", "validate", str(file)]) in {0, None}
    capsys.readouterr()
    again = shlex.split(said.splitlines()[-1])
    assert again[:2] == ["lipflap", "fuzz"]
    assert run_command(again[1:]) == 1
    assert "no-poll-after-end" in capsys.readouterr().out.splitlines()[0]


def test_one_check_alone_may_judge(capsys: pytest.CaptureFixture[str]) -> None:
    words = ("--callable", "client_under_fuzz:bad", "--max-examples", "5", "--database", "none")
    assert fuzz(*words, "--check", "whole-file") == 0
    capsys.readouterr()


def test_an_async_client_is_driven_too(capsys: pytest.CaptureFixture[str]) -> None:
    assert fuzz("--callable", "client_under_fuzz:later", "--max-examples", "3", "--database", "none") == 1
    assert "survives" in capsys.readouterr().out.splitlines()[0]


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ((), "give the client's command"),
        (("--callable", "a:b", "--", "true"), "give the client's command"),
        (("--callable", "client_under_fuzz:none"), "has no attribute 'none'"),
        (("--callable", "no_such_module:f"), "No module named"),
        (("--callable", "client_under_fuzz:number"), "that is no function"),
        (("--callable", "client_under_fuzz:good", "--check", "nonsense"), "must be one of survives"),
        (("--callable", "client_under_fuzz:good", "--without", "nonsense"), "there is no such fault"),
        (("--callable", "client_under_fuzz:good", "--story", "none.yaml"), "cannot read a story"),
        (("--callable", "client_under_fuzz:good", "--workers", "2"), "is for a command"),
    ],
)
def test_what_cannot_be_is_said_in_one_line(words: tuple[str, ...], reason: str) -> None:
    with pytest.raises(ConfigurationError, match=reason):
        fuzz(*words)


def test_without_hypothesis_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [*sys.modules]:
        if name.startswith(
            ("contracts.fuzz", "contracts.strategies", "contracts.examples", "mock_server.cli.fuzzing")
        ):
            monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "hypothesis", None)
    monkeypatch.delitem(sys.modules, "hypothesis.database", raising=False)
    with pytest.raises(ConfigurationError, match=r"pip install 'lipflap\[fuzz\]'"):
        fuzz("--callable", "client_under_fuzz:good")
