"""Where examples are kept."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from types import ModuleType
from typing import ClassVar

import pytest
from hypothesis.database import InMemoryExampleDatabase

from contracts.examples import Examples, open_examples
from contracts.stories.event import event_of
from contracts.stories.story import Request, Story
from contracts.witness.scenario import Crash
from contracts.witness.usage import UsageError

STORY = Story(
    "kling",
    pace="polls:2",
    video={"duration_ms": 3_500},
    request=Request(video_url="https://cdn.test/v"),
    events=(event_of("rate-429-seconds@poll#1;retry_after_s=30"),),
    crash=Crash("poll", 2),
)


def test_what_was_kept_is_there_in_the_next_process(tmp_path: Path) -> None:
    open_examples(str(tmp_path / "examples"), "kling").keep(STORY)
    assert open_examples(str(tmp_path / "examples"), "kling").stories() == (STORY,)
    assert open_examples(str(tmp_path / "examples"), "gmi").stories() == ()
    assert [folder.name for folder in (tmp_path / "examples").iterdir()] == ["kling"]


def test_none_keeps_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    open_examples("none", "kling").keep(STORY)
    assert open_examples("none", "kling").stories() == ()
    assert list(tmp_path.iterdir()) == []


def test_short_ones_come_first() -> None:
    examples = Examples()
    for story in (STORY, Story("kling")):
        examples.keep(story)
    assert examples.stories() == (Story("kling"), STORY)


def test_what_is_forgotten_is_gone() -> None:
    examples = Examples()
    examples.keep(STORY)
    examples.forget(STORY)
    assert examples.stories() == (STORY,)  # nobody had asked for it
    examples.forget(STORY)
    assert examples.stories() == ()


@pytest.mark.parametrize(
    "kept", [b"\x00\x01", b"{}", b'{"provider": "kling", "events": [{"fault": "gone"}]}']
)
def test_what_another_version_has_kept_is_cleared_away(kept: bytes) -> None:
    database = InMemoryExampleDatabase()
    database.save(b"stories", kept)
    assert Examples(database).stories() == ()
    assert set(database.fetch(b"stories")) == set()


def test_a_database_that_breaks_is_told_in_one_line() -> None:
    class Gone(InMemoryExampleDatabase):
        def fetch(self, key: bytes) -> Iterable[bytes]:
            raise ConnectionError("connection refused")

    with pytest.raises(UsageError, match="examples cannot be reached: connection refused"):
        Examples(Gone(), (OSError,)).stories()


def test_redis_without_its_package_is_said_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "redis", None)
    with pytest.raises(UsageError, match="pip install redis"):
        open_examples("redis://127.0.0.1:6379", "kling")


class RedisError(Exception):
    """As the package's own."""


class Redis:
    """As much of the package as is needed to be refused, or let in."""

    opened: str

    @classmethod
    def from_url(cls, url: str, **_: float) -> Redis:
        made = cls()
        made.opened = url
        return made

    def ping(self) -> None:
        if "nobody" in self.opened:
            raise RedisError("connection refused")


class RedisExampleDatabase(InMemoryExampleDatabase):
    prefixes: ClassVar[list[bytes]] = []

    def __init__(self, redis: Redis, *, key_prefix: bytes) -> None:
        super().__init__()
        self.prefixes.append(key_prefix)


@pytest.fixture
def with_redis(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, members in {
        "redis": {"Redis": Redis, "RedisError": RedisError},
        "hypothesis.extra.redis": {"RedisExampleDatabase": RedisExampleDatabase},
    }.items():
        module = ModuleType(name)
        vars(module).update(members)
        monkeypatch.setitem(sys.modules, name, module)


def test_redis_is_hypothesis_own_with_a_part_for_each_provider(with_redis: None) -> None:
    examples = open_examples("redis://cache:6379/2", "gmi")
    examples.keep(STORY)
    assert examples.stories() == (STORY,)
    assert RedisExampleDatabase.prefixes[-1] == b"lipflap:examples:gmi:"


def test_a_redis_that_does_not_answer_is_named_without_its_password(with_redis: None) -> None:
    with pytest.raises(UsageError, match=r"no Redis answers at redis://nobody:6379/0: connection refused"):
        open_examples("redis://user:secret@nobody:6379/0", "gmi")
