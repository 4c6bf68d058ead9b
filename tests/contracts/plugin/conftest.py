"""Pytest within pytest: sessions of their own, with the plugin and a small client at hand."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
CLIENT = '''
"""A client of Kling as somebody would write it: it sleeps between polls, and gives a bad poll another try."""
import asyncio
import time
import httpx

LIP_SYNC = "/v1/videos/advanced-lip-sync"
ENDS = ("succeed", "failed")

def options(lipflap, **more):
    return {"base_url": lipflap.url, "headers": {"Authorization": f"Bearer {lipflap.key}"}, "trust_env": False, **more}

def job(session):
    clip = {"face_id": "0", "sound_file": "https://cdn.test/a.mp3", "sound_insert_time": 1000}
    choose = [{**clip, "sound_start_time": 0, "sound_end_time": 3000}]
    return {"session_id": session["data"]["session_id"], "face_choose": choose}

def render(lipflap, video_url="https://cdn.test/a.mp4", **more):
    with httpx.Client(**options(lipflap, **more)) as http:
        session = http.post("/v1/videos/identify-face", json={"video_url": video_url}).json()
        task_id = http.post(LIP_SYNC, json=job(session)).json()["data"]["task_id"]
        while True:
            time.sleep(10)
            answer = http.get(f"{LIP_SYNC}/{task_id}")
            if answer.is_success and answer.json()["data"]["task_status"] in ENDS:
                return answer.json()["data"]

async def render_async(lipflap, video_url="https://cdn.test/a.mp4", **more):
    async with httpx.AsyncClient(**options(lipflap, **more)) as http:
        session = (await http.post("/v1/videos/identify-face", json={"video_url": video_url})).json()
        task_id = (await http.post(LIP_SYNC, json=job(session))).json()["data"]["task_id"]
        while True:
            await asyncio.sleep(10)
            answer = await http.get(f"{LIP_SYNC}/{task_id}")
            if answer.is_success and answer.json()["data"]["task_status"] in ENDS:
                return answer.json()["data"]
'''
INI = """
[pytest]
addopts = --strict-markers --strict-config -p contracts.pytest_plugin -p no:cacheprovider
filterwarnings = error
"""

Run = Callable[..., pytest.RunResult]
RunFiles = Callable[..., pytest.RunResult]


@pytest.fixture
def run_files(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> RunFiles:
    """Runs a session over files by name, with options; warnings are errors there."""
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.delenv("PYTEST_ADDOPTS", raising=False)
    # those of other packages take longer to load than ours takes to run
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")

    def run_session(files: dict[str, str], *options: str) -> pytest.RunResult:
        pytester.makefile(".ini", pytest=INI)
        for name, source in files.items():
            (pytester.path / name).write_text(source, encoding="utf-8")
        return pytester.runpytest_subprocess(*options, timeout=90)

    return run_session


@pytest.fixture
def run(run_files: RunFiles) -> Run:
    """Runs a session over the text of one test file, which has the client at hand."""

    def run_session(source: str, *options: str) -> pytest.RunResult:
        test = f"from client_under_test import *\nimport pytest\n{source}"
        return run_files({"client_under_test.py": CLIENT, "test_it.py": test}, *options)

    return run_session


@pytest.fixture(scope="session", autouse=True)
def _is_loaded(request: pytest.FixtureRequest) -> None:
    """The fixtures under test are the plugin's."""
    assert request.config.pluginmanager.hasplugin("lipflap") or request.config.pluginmanager.hasplugin(
        "contracts.pytest_plugin"
    )
