"""The wheel works without the checkout: built and installed as the Dockerfile does, in an empty environment."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import venv
import zipfile
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from mock_server import __version__

ROOT = Path(__file__).resolve().parents[2]
CLEAN = {
    name: value
    for name, value in os.environ.items()
    if not name.startswith(("PYTHON", "LIPFLAP_", "VIRTUAL_ENV"))
}

pytestmark = pytest.mark.e2e


EXAMPLES = ROOT / "fixtures" / "examples"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def scripts(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of commands of a new environment that has the wheel and nothing of ours beside it."""
    folder = tmp_path_factory.mktemp("clean") / "venv"
    venv.create(folder, with_pip=True)
    command = [
        folder / "bin" / "python",
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        wheel,
    ]
    done = subprocess.run(command, env=CLEAN, capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder / "bin"


@pytest.fixture
def url(scripts: Path, tmp_path: Path) -> Iterator[str]:
    command = [scripts / "lipflap", "serve", "--port", "0"]
    with subprocess.Popen(
        command, cwd=tmp_path, env=CLEAN, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as server:
        assert server.stdout is not None
        yield json.loads(server.stdout.readline())["url"]
        server.terminate()
        assert server.wait(20) == 0


def test_it_holds_the_data_that_the_code_reads(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    files = [
        path.relative_to(ROOT).as_posix()
        for package in ("mock_server", "contracts")
        for path in (ROOT / package).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    ]
    documented = [
        f"contracts/conform/examples/{path.relative_to(EXAMPLES).as_posix()}"
        for path in EXAMPLES.rglob("*")
        if path.is_file()
    ]
    assert {name for name in names if ".dist-info/" not in name} == {*files, *documented}
    for name in (
        "contracts/kling/openapi.yaml",
        "mock_server/media/samples/talk.mp4",
        "mock_server/py.typed",
    ):
        assert name in names


def test_its_command_runs_from_an_empty_folder(scripts: Path, tmp_path: Path) -> None:
    done = subprocess.run(
        [scripts / "lipflap", "version"], cwd=tmp_path, env=CLEAN, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout.split()[:2]) == (0, ["lipflap", __version__])


def test_it_serves_a_request_that_needs_contract_and_samples(url: str) -> None:
    video = {"video_url": f"{url}/__lipflap/media/talk.mp4"}
    answer = httpx.post(f"{url}/v1/videos/identify-face", json=video, headers={"Authorization": "Bearer x"})
    assert answer.status_code == 200
    assert answer.json()["data"]["face_data"][0]["face_id"] == "0"
    assert httpx.get(video["video_url"]).headers["content-type"] == "video/mp4"


def test_nothing_of_the_development_tools_is_needed(scripts: Path) -> None:
    code = "import importlib.metadata as m; print(*sorted(d.name.lower() for d in m.distributions()))"
    done = subprocess.run(
        [scripts / "python", "-c", code], env=CLEAN, capture_output=True, text=True, check=True
    )
    assert not {"pytest", "hypothesis", "schemathesis", "mypy", "ruff", "av"} & set(done.stdout.split())
