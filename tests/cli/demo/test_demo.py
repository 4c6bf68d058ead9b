"""``lipflap demo``: one complete job per provider over real HTTP."""

from __future__ import annotations

import asyncio
import shutil
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from mock_server.cli.demo.jobs import JOBS
from mock_server.cli.demo.run import run_demo
from mock_server.cli.demo.timeline import Timeline
from mock_server.cli.demo.visit import JobFailedError, Visit, at
from mock_server.settings import Settings


@pytest.mark.e2e
def test_it_leaves_a_video_that_plays_for_each_provider_and_tells_when(tmp_path: Path) -> None:
    command = [
        sys.executable,
        "-m",
        "mock_server",
        "demo",
        "--pace",
        "instant",
        "--output",
        str(tmp_path / "out"),
    ]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    for step in ("face identified", "submitted", "finished", "downloaded"):
        assert done.stdout.count(step) >= len(JOBS)
    for provider in JOBS:
        assert _duration_s(tmp_path / "out" / f"{provider}.mp4") == pytest.approx(8.0, abs=0.1)


def _duration_s(file: Path) -> float:
    ffprobe = shutil.which("ffprobe")
    assert ffprobe, "make tools installs it"
    command = [ffprobe, "-v", "error", "-show_entries", "format=duration", "-of", "csv=p=0", str(file)]
    return float(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def test_a_job_that_goes_wrong_is_named_and_gives_code_1(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    async def refused(_: Visit) -> str:
        raise JobFailedError("no luck today")

    monkeypatch.setitem(JOBS, "gmi", refused)  # type: ignore[arg-type]
    assert run_demo(Settings(port=0, pace="instant"), tmp_path) is False
    assert "gmi failed: no luck today" in capsys.readouterr().err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["kirin.mp4", "kling.mp4"]


def test_an_output_that_is_a_file_is_one_line_and_code_2(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("")
    command = [sys.executable, "-m", "mock_server", "demo", "--output", str(tmp_path / "out")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.splitlines() == [f"lipflap: cannot make the folder {tmp_path / 'out'}: File exists"]


def test_moments_are_counted_from_the_start() -> None:
    seconds = iter([100.0, 100.5, 102.0])
    timeline = Timeline(lambda: next(seconds))
    timeline.note("kling", "submitted")
    timeline.note("kirin", "submitted")
    assert [moment.at_s for moment in timeline.moments] == [0.5, 2.0]
    assert timeline.table().row_count == 2


def test_a_path_that_leads_nowhere_is_a_failed_job() -> None:
    assert at({"a": [{"b": 1}]}, "a", 0, "b") == 1
    for value in ({}, {"a": []}, {"a": None}, None):
        with pytest.raises(JobFailedError, match=r"has no a\.0"):
            at(value, "a", 0)


@pytest.mark.parametrize("answer", [httpx.Response(500, text="no"), httpx.Response(200, json=[])])
def test_an_answer_that_is_no_success_is_a_failed_job(answer: httpx.Response) -> None:
    async def ask() -> None:
        transport = httpx.MockTransport(lambda _: answer)
        async with httpx.AsyncClient(transport=transport, base_url="http://x") as http:
            await Visit(http, "", "", lambda _: None).get("/somewhere")

    with pytest.raises(JobFailedError, match="somewhere answered"):
        asyncio.run(ask())
