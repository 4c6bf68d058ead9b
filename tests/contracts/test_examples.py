"""Where examples are kept."""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis.database import DirectoryBasedExampleDatabase

from contracts.examples import open_database
from contracts.usage import UsageError


def test_a_folder_has_a_part_for_each_provider(tmp_path: Path) -> None:
    database = open_database(str(tmp_path / "examples"), "kling")
    assert isinstance(database, DirectoryBasedExampleDatabase)
    database.save(b"key", b"value")
    assert list((tmp_path / "examples" / "kling").iterdir())
    other = open_database(str(tmp_path / "examples"), "gmi")
    assert other is not None
    assert set(other.fetch(b"key")) == set()


def test_none_keeps_nothing() -> None:
    assert open_database("none", "kling") is None


def test_redis_without_its_package_is_said_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "redis", None)
    with pytest.raises(UsageError, match="pip install redis"):
        open_database("redis://127.0.0.1:6379", "kling")


def test_redis_is_hypothesis_own_with_a_prefix(monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[object] = []

    class Redis:
        @classmethod
        def from_url(cls, url: str) -> Redis:
            opened.append(url)
            return cls()

    class RedisExampleDatabase:
        def __init__(self, redis: Redis, *, key_prefix: bytes) -> None:
            opened.append(key_prefix)

    for name, members in {
        "redis": {"Redis": Redis},
        "hypothesis.extra.redis": {"RedisExampleDatabase": RedisExampleDatabase},
    }.items():
        module = ModuleType(name)
        vars(module).update(members)
        monkeypatch.setitem(sys.modules, name, module)
    open_database("redis://cache:6379/2", "gmi")
    assert opened == ["redis://cache:6379/2", b"lipflap:examples:gmi:"]
