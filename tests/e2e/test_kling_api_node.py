"""kling-api 1.0.0 from npm: its JWT, its transport, its poller, its error mapping. One Node process tells one story."""

from __future__ import annotations

import fcntl
import json
import os
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import jwt
import pytest

from mock_server.core.account import DEMO_ACCESS_KEY, DEMO_SECRET_KEY

pytestmark = pytest.mark.e2e

FOLDER = Path(__file__).parent / "node"
VERSION = "1.0.0"
INSTALL = "npm install --no-package-lock --ignore-scripts --no-audit --no-fund --loglevel error"

Json = dict[str, Any]


@pytest.fixture(scope="session")
def kling_api() -> None:
    """kling-api in ``node_modules``; installed by the first of several test processes, where it is not there yet."""
    with (Path(tempfile.gettempdir()) / "lipflap-e2e-npm.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        manifest = FOLDER / "node_modules" / "kling-api" / "package.json"
        if not manifest.exists():
            subprocess.run(INSTALL.split(), cwd=FOLDER, check=True, timeout=300)
    assert json.loads(manifest.read_text())["version"] == VERSION


@pytest.fixture(scope="module")
def url(make_server: Callable[..., str]) -> str:
    return make_server(pace="polls:3")


@pytest.fixture(scope="module")
def tell(kling_api: None, url: str, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Json]:
    """Runs a story of ``kling_job.mjs`` in an empty folder, where it finds no keys but ours."""

    def run(name: str) -> Json:
        folder = tmp_path_factory.mktemp("node")
        ours = {"LIPFLAP_URL": url, "KLING_ACCESS_KEY": DEMO_ACCESS_KEY, "KLING_SECRET_KEY": DEMO_SECRET_KEY}
        environment = {**os.environ, "HOME": str(folder), "NO_PROXY": "127.0.0.1", **ours}
        command = ["node", str(FOLDER / "kling_job.mjs"), name]
        done = subprocess.run(
            command, check=False, cwd=folder, env=environment, capture_output=True, timeout=60
        )
        assert done.returncode == 0, done.stderr.decode()
        told: Json = json.loads(done.stdout)
        return told

    return run


@pytest.fixture(scope="module")
def job(tell: Callable[[str], Json]) -> Json:
    return tell("job")


@pytest.fixture(scope="module")
def errors(tell: Callable[[str], Json]) -> Json:
    return tell("errors")


def test_a_job_runs_through_its_poller_to_a_video_that_plays(
    job: Json, url: str, play: Callable[[bytes], object]
) -> None:
    assert job["submitted"]["data"]["task_status"] == "submitted"
    assert job["seen"] == ["processing", "processing", "succeed"]
    task = job["result"]["data"]
    (video,) = task["task_result"]["videos"]
    assert (video["duration"], task["final_unit_deduction"]) == ("8", "1")
    assert job["listed"]["data"] == [task]
    assert job["submitted"]["message"] == job["result"]["message"] == "SUCCEED"
    assert play(httpx.get(video["url"]).content) == (
        8.0,
        {"audio", "video"},
        (1280, 720),
    )
    assert video["url"].startswith(f"{url}/")


def test_its_token_is_the_one_that_the_documents_describe(job: Json) -> None:
    token = str(job["token"])
    assert jwt.get_unverified_header(token) == {"alg": "HS256", "typ": "JWT"}
    claims = jwt.decode(token, DEMO_SECRET_KEY, algorithms=["HS256"])
    assert claims.pop("iss") == DEMO_ACCESS_KEY
    assert claims.pop("exp") == pytest.approx(time.time() + 1800, abs=60)
    assert claims.pop("nbf") == pytest.approx(time.time() - 5, abs=60)
    assert "iat" in claims


def test_each_error_keeps_its_status_its_code_and_its_request(errors: Json) -> None:
    found = {
        name: (error["httpStatus"], error["code"]) for name, error in errors.items() if name != "failedTask"
    }
    assert found == {
        "wrongSecret": (401, 1002),
        "unknownSession": (400, 1201),
        "pastTheEnd": (400, 1201),
        "unknownTask": (404, 1203),
        "unknownPath": (404, 1202),
        "1101": (429, 1101),
        "1103": (403, 1103),
        "1301": (400, 1301),
        "1302": (429, 1302),
        "1303": (429, 1303),
        "5000": (500, 5000),
        "5001": (503, 5001),
        "5002": (504, 5002),
    }
    assert {name for name, error in errors.items() if error["isRetryable"]} == {"5001", "5002"}
    requests = [error["requestId"] for error in errors.values()]
    assert len(set(requests)) == len(requests) == 14
    assert "sound_end_time" in str(errors["pastTheEnd"]["message"])


def test_a_failed_task_ends_its_poller_with_the_reason(errors: Json) -> None:
    failed = errors["failedTask"]
    assert failed["message"] == errors["1301"]["message"]
    assert failed["code"] == 5000
    assert "httpStatus" not in failed
