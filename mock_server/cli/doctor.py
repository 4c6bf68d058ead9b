"""What lipflap needs of a machine, looked at one by one."""

from __future__ import annotations

import importlib
import importlib.metadata
import platform
import sqlite3
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from mock_server.core.errors import ConfigurationError, ProbeError
from mock_server.hosting.listener import listen

PYTHON = (3, 11)
SQLITE = (3, 35, 0)
WAL_FIXED = (3, 51, 3)
WAL_FIXED_BACKPORTS = ((3, 44, 6), (3, 50, 7))
"""sqlite.org/wal.html#walresetbug"""
PACKAGES = (
    "uvicorn",
    "uvloop",
    "httptools",
    "starlette",
    "msgspec",
    "jsonschema-rs",
    "httpx",
    "typer",
    "rich",
)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at. ``note`` says what to do, or what to know."""

    what: str
    is_fine: bool
    note: str


def examine(port: int, folder: Path) -> Iterator[Finding]:
    """Everything the doctor looks at, in order."""
    yield Finding(
        f"Python {platform.python_version()}", sys.version_info[:2] >= PYTHON, "3.11 or later is needed"
    )
    yield _sqlite()
    for name in PACKAGES:
        yield _package(name)
    for name in ("uvloop", "httptools"):
        yield _tried(f"{name} loads", partial(_import, name))
    yield _tried(f"port {port} is free", lambda: _port(port))
    yield _tried(f"{folder.absolute()} can be written", lambda: _folder(folder))
    yield _tried("sample media can be read", _samples)


def _sqlite() -> Finding:
    version = sqlite3.sqlite_version_info
    is_fixed = version >= WAL_FIXED or any(
        version[:2] == fix[:2] and version >= fix for fix in WAL_FIXED_BACKPORTS
    )
    note = "has the fix of the WAL-reset defect"
    if not is_fixed:
        note = "has the WAL-reset defect of versions before 3.51.3: no danger here, it takes two connections"
    return Finding(f"SQLite {sqlite3.sqlite_version}", version >= SQLITE, note)


def _package(name: str) -> Finding:
    try:
        return Finding(name, True, importlib.metadata.version(name))
    except importlib.metadata.PackageNotFoundError:
        return Finding(name, False, "is not installed: pip install lipflap")


def _tried(what: str, attempt: Callable[[], str]) -> Finding:
    try:
        return Finding(what, True, attempt())
    except (ConfigurationError, ProbeError, ImportError, OSError) as fault:
        return Finding(what, False, str(fault))


def _import(name: str) -> str:
    importlib.import_module(name)
    return "the fast path is open"


def _port(port: int) -> str:
    listen("127.0.0.1", port).close()
    return "on 127.0.0.1"


def _folder(folder: Path) -> str:
    with tempfile.TemporaryFile(dir=folder):
        return "for --store sqlite:///FILE"


def _samples() -> str:
    from mock_server.media.samples import SAMPLES

    return ", ".join(f"{sample.name} {sample.facts.duration_ms / 1000:.1f} s" for sample in SAMPLES)
