"""Where things stand in a provider's answers, so that a fault can find them without knowing the provider."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from mock_server.core.plan import Stage

Path = tuple[str | int, ...]
"""Keys and indexes from a root down. The empty path is the root itself."""


class Anatomy(Struct, frozen=True):
    """One provider's answers. Paths below ``task`` begin at the task object.

    ``results`` are the fields that hold the result of a task that succeeded, ``result_urls`` the URLs in them;
    ``reasons`` those that say why a task failed. ``times`` are moments, ``numbers`` other numbers. ``code`` and
    ``message`` stand at the root of an answer, and are None where the provider has none beside the task.
    ``callback`` is the anatomy of a callback's body, where it differs from that of a poll.
    """

    task: Path
    listed: Path | None
    id: Path
    status: Path
    words: Mapping[Stage, str]
    results: tuple[Path, ...]
    result_urls: tuple[Path, ...]
    reasons: tuple[Path, ...]
    times: tuple[Path, ...]
    times_in_ms: bool
    numbers: tuple[Path, ...]
    code: Path | None = None
    message: Path | None = None
    optional: tuple[Path, ...] = ()
    """Fields that a client has no right to expect: they may be absent or null."""
    callback: Anatomy | None = None
