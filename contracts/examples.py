"""Where a search keeps what it found: a folder, or a Redis that a fleet shares. Both are Hypothesis' own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import msgspec
from hypothesis.database import (
    DirectoryBasedExampleDatabase,
    ExampleDatabase,
    InMemoryExampleDatabase,
)

from contracts.stories.story import Story
from contracts.witness.usage import UsageError

DEFAULT = ".lipflap/examples"
NONE = "none"
_KEY = b"stories"
_SCHEMES = ("redis://", "rediss://", "unix://")
_PATIENCE_S = 5.0


class Examples:
    """Stories that broke the client, told first the next time. Without a ``database`` nothing is remembered.

    Each is kept as what it says, and not as the choices that once made it: so it stays good when strategies change.
    ``faults`` are what the database may raise, each a UsageError here.
    """

    def __init__(
        self, database: ExampleDatabase | None = None, faults: tuple[type[Exception], ...] = ()
    ) -> None:
        self._database = database or InMemoryExampleDatabase()
        self._faults = faults
        self._known: set[bytes] = set()

    def stories(self) -> tuple[Story, ...]:
        """The short ones first. What is no story of this version is forgotten. Raises UsageError."""
        with self._asked() as database:
            return tuple(sorted(self._read(database), key=lambda story: story.size))

    def keep(self, story: Story) -> None:
        """Raises UsageError."""
        with self._asked() as database:
            database.save(_KEY, story.key)

    def forget(self, story: Story) -> None:
        """Nothing happens to a story that was not remembered. Raises UsageError."""
        if story.key in self._known:
            with self._asked() as database:
                database.delete(_KEY, story.key)

    def _read(self, database: ExampleDatabase) -> Iterator[Story]:
        for kept in [*database.fetch(_KEY)]:
            try:
                yield _read(kept)
                self._known.add(kept)
            except (msgspec.MsgspecError, KeyError):
                database.delete(_KEY, kept)

    @contextmanager
    def _asked(self) -> Iterator[ExampleDatabase]:
        try:
            yield self._database
        except self._faults as fault:
            raise UsageError(f"the examples cannot be reached: {fault}") from fault


def _read(kept: bytes) -> Story:
    """Raises KeyError for a story with a fault that is in no story any more."""
    story = msgspec.json.decode(kept, type=Story)
    for event in story.events:
        assert event.row
    return story


def open_examples(place: str, provider: str) -> Examples:
    """``place`` is a folder, a Redis URL, or ``none``. Each provider has its own part. Raises UsageError."""
    if place == NONE:
        return Examples()
    if place.startswith(_SCHEMES):
        return _open_redis(place, f"lipflap:examples:{provider}:".encode())
    return Examples(DirectoryBasedExampleDatabase(str(Path(place) / provider)), (OSError,))


def _open_redis(url: str, prefix: bytes) -> Examples:
    try:
        from hypothesis.extra.redis import RedisExampleDatabase
        from redis import Redis, RedisError  # type: ignore[import-not-found]  # optional
    except ImportError as fault:
        raise UsageError("a database in Redis needs the package redis: pip install redis") from fault
    try:
        redis = Redis.from_url(url, socket_connect_timeout=_PATIENCE_S, socket_timeout=_PATIENCE_S)
        redis.ping()
    except (RedisError, ValueError) as fault:
        raise UsageError(f"no Redis answers at {_without_password(url)}: {fault}") from fault
    return Examples(RedisExampleDatabase(redis, key_prefix=prefix), (RedisError,))


def _without_password(url: str) -> str:
    parts = urlsplit(url)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()
