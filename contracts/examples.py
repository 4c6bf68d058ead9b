"""Where a search keeps what it found: a folder, or a Redis that a fleet shares. Both are Hypothesis' own."""

from __future__ import annotations

from pathlib import Path
from typing import cast

from hypothesis.database import DirectoryBasedExampleDatabase, ExampleDatabase

from contracts.usage import UsageError

DEFAULT = ".lipflap/examples"
NONE = "none"
_REDIS = ("redis://", "rediss://", "unix://")


def open_database(place: str, provider: str) -> ExampleDatabase | None:
    """``place`` is a folder, a Redis URL, or ``none``. Each provider has its own part. Raises UsageError."""
    if place == NONE:
        return None
    if not place.startswith(_REDIS):
        return DirectoryBasedExampleDatabase(str(Path(place) / provider))
    try:
        from hypothesis.extra.redis import RedisExampleDatabase
        from redis import Redis  # type: ignore[import-not-found]  # optional
    except ImportError as fault:
        raise UsageError("a database in Redis needs the package redis: pip install redis") from fault
    prefix = f"lipflap:examples:{provider}:".encode()
    return cast(ExampleDatabase, RedisExampleDatabase(Redis.from_url(place), key_prefix=prefix))
