"""A server to judge clients with: one of our own that is started as a process, or one that runs already.

The only place of the judge that starts one, and it does so by the command line alone.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from msgspec import Struct

from contracts.witness.usage import UsageError

SERVE = (sys.executable, "-m", "mock_server", "serve", "--port", "0")
STOP_TIMEOUT_S = 5.0
_LAST_WORDS = 2_000


class ServerAddress(Struct, frozen=True):
    """Where a server is. ``admin_token`` is empty where it asks for none."""

    url: str
    admin_token: str = ""


@contextmanager
def started(flags: Sequence[str] = ()) -> Iterator[ServerAddress]:
    """A fresh server with these flags of ``lipflap serve``, until the block ends. Raises UsageError, in its words."""
    with tempfile.TemporaryFile() as words, tempfile.TemporaryDirectory() as folder:
        process = subprocess.Popen(  # noqa: S603 - ourselves, by our own name
            [*SERVE, *flags],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=words,
            env=_environment(),
            # our terminal's Ctrl-C is not for it, and no lipflap.toml of the user's is either
            start_new_session=True,
            cwd=folder,
        )
        assert process.stdout is not None, "a pipe was asked for"
        try:
            line = process.stdout.readline()
            if not line:
                words.seek(0)
                said = words.read()[-_LAST_WORDS:].decode(errors="replace").strip()
                raise UsageError(f"the server did not start: {said or 'it said nothing'}")
            yield ServerAddress(str(json.loads(line)["url"]))
        finally:
            _stop(process)


def _environment() -> dict[str, str]:
    """Ours, with this very checkout importable, and without settings that were meant for another server."""
    root = str(Path(__file__).parents[2])
    kept = {name: value for name, value in os.environ.items() if not name.startswith("LIPFLAP_")}
    paths = [root, *filter(None, kept.get("PYTHONPATH", "").split(os.pathsep))]
    return {**kept, "PYTHONPATH": os.pathsep.join(dict.fromkeys(paths))}


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(STOP_TIMEOUT_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    finally:
        if process.stdout is not None:
            process.stdout.close()
