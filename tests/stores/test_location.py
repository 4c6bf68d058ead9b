"""Which store a URL means."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from mock_server.core.errors import ConfigurationError
from mock_server.stores import open_store
from mock_server.stores.memory import MemoryStore


def test_memory_is_the_store_that_forgets() -> None:
    assert isinstance(open_store("memory"), MemoryStore)


def test_four_slashes_are_an_absolute_path(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path}/a b.db")
    assert list(tmp_path.iterdir()) == []
    store.open()
    store.close()
    assert (tmp_path / "a b.db").is_file()


def test_three_slashes_are_a_relative_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("store.db", ":memory:"):
        store = open_store(f"sqlite:///{name}")
        store.open()
        store.close()
        assert (tmp_path / name).is_file()


@pytest.mark.parametrize(
    "url", ["", "sqlite", "sqlite://", "sqlite:///", "sqlite:a", "sqlite:///\0", "mysql://x"]
)
def test_anything_else_is_refused_in_one_line(url: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        open_store(url)
    assert str(caught.value) == f"store must be memory or sqlite:///FILE, not {url!r}"


@pytest.mark.parametrize("url", ["redis://127.0.0.1:6379/0", "rediss://x", "valkey://x"])
def test_redis_is_named_as_what_is_still_to_come(url: str) -> None:
    with pytest.raises(ConfigurationError, match="not available in this version"):
        open_store(url)


def test_a_server_that_forgets_starts_without_sqlite() -> None:
    code = """
import sys
from mock_server.stores import open_store
open_store("memory")
print("sqlite3" in sys.modules)
"""
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "False"
