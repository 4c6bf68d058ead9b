"""A client in a file of its own, as a user has it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

CLIENTS = Path(__file__).parents[3] / "fixtures" / "clients" / "python"

CLIENT = f"""
import ctypes, os, sys
print("imported")
sys.path.insert(0, {str(CLIENTS)!r})
import good

def run(job):
    print("working on", job.environment["LIPFLAP_SCENARIO"])
    return good.run(job)

def leaves_at_the_liar(job):
    if job.environment["LIPFLAP_SCENARIO"] == "liar":
        os._exit(3)
    return good.run(job)

def breaks_down(job):
    ctypes.string_at(0)

def hangs(job):
    ctypes.CDLL(None).sleep(600)

def says_yes(job):
    return True
"""


@pytest.fixture
def at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """The working folder has a ``client.py``, with that text or with CLIENT."""
    monkeypatch.chdir(tmp_path)

    def write(text: str = CLIENT) -> None:
        (tmp_path / "client.py").write_text(text)

    write()
    return write
