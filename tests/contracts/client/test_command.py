"""Clients that are commands."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from contracts.client.command import MOST_KEPT_BYTES, Command, filled, kept
from contracts.client.model import ClientError
from contracts.witness.usage import UsageError


def base() -> dict[str, str]:
    return {"PATH": os.environ["PATH"], "MINE": "1"}


def ended(command: Command, job, timeout_s: float = 20.0):
    ending = command.start(job).wait(timeout_s)
    assert ending is not None, "it ends by itself"
    return ending


def test_what_it_says_and_how_it_ends_is_kept(job_in):
    job = job_in()
    ending = ended(Command(["sh", "-c", "echo out; echo why >&2; exit 7"], base), job)
    assert (ending.exit_code, ending.stdout, ending.stderr) == (7, "out\n", "why\n")
    assert (job.folder / "stdout.txt").read_text() == "out\n"
    assert (job.folder / "stderr.txt").read_text() == "why\n"
    assert ending.peak_rss_bytes is not None
    assert 2**16 < ending.peak_rss_bytes < 2**30


def test_its_environment_is_the_base_and_the_job_and_nothing_else(job_in, monkeypatch):
    monkeypatch.setenv("SECRET_OF_OURS", "1")
    job = job_in(LIPFLAP_EXTRA="2")
    ending = ended(Command(["sh", "-c", "echo $MINE $LIPFLAP_EXTRA $LIPFLAP_URL $SECRET_OF_OURS"], base), job)
    assert ending.stdout == f"1 2 {job.url}\n"


def test_placeholders_are_filled_and_other_braces_stay(job_in):
    job = job_in()
    command = Command(
        [sys.executable, "-c", "import sys; print(sys.argv[1:])", "{key}", "--to={output}", "{else}"], base
    )
    assert ended(command, job).stdout == f"{[job.key, f'--to={job.output}', '{else}']}\n"
    assert filled('{"json": "{url}"}', job.placeholders()) == f'{{"json": "{job.url}"}}'


def test_it_is_killed_with_its_children(job_in):
    job = job_in()
    running = Command(
        ["sh", "-c", f"sh -c 'echo $$ > {job.folder}/child; exec sleep 600' & echo up; wait"], base
    ).start(job)
    child = job.folder / "child"
    while not child.exists() or not child.read_text().strip():
        assert running.wait(0.02) is None
    ending = running.kill()
    assert (ending.is_killed, ending.exit_code) == (True, None)
    assert not alive(int(child.read_text()))


def test_a_child_that_outlives_the_client_goes_with_it(job_in):
    job = job_in()
    ended(Command(["sh", "-c", f"sleep 600 & echo $! > {job.folder}/child"], base), job)
    while alive(int((job.folder / "child").read_text())):
        pass


def alive(pid: int) -> bool:
    """A zombie, which nobody has waited for, is dead."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in {"Z", "X"}
    except FileNotFoundError:
        return False


def test_one_that_still_runs_has_no_ending(job_in):
    command = Command(["sleep", "600"], base)
    running = command.start(job_in())
    assert running.wait(0.05) is None
    command.close()
    assert running.wait(5) is not None


def test_who_ended_before_was_not_killed(job_in):
    running = Command(["true"], base).start(job_in())
    assert running.wait(10) is not None
    assert not running.kill().is_killed


def test_what_cannot_be_started_is_told(job_in):
    with pytest.raises(ClientError, match="cannot start no-such-program"):
        Command(["no-such-program"], base).start(job_in())
    with pytest.raises(UsageError):
        Command([], base)


def test_the_middle_of_a_long_story_is_left_out(tmp_path):
    file = tmp_path / "words"
    file.write_bytes(b"a" * MOST_KEPT_BYTES + b"z" * MOST_KEPT_BYTES)
    text = kept(file)
    assert len(text) < MOST_KEPT_BYTES + 100
    assert text.startswith("aaa")
    assert "[...]" in text
    assert text.endswith("zzz")
