"""What a client has left behind: its output, and what else lies beside it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

from contracts.client.command import STDERR, STDOUT
from contracts.client.model import Ending
from contracts.witness.witnessed import Outcome

LEFT_OVERS = (".part", ".partial", ".tmp", ".temp", ".download", ".crdownload", ".new", ".incomplete")
_DIGEST_DIGITS = 32
_FTYP = slice(4, 8)


def outcome_of(ending: Ending, output: Path, took_ms: int, wall_ms: int) -> Outcome:
    """The whole of it. ``took_ms`` is on the tenant's clock."""
    data = output.read_bytes() if output.is_file() else None
    return Outcome(
        exit_code=ending.exit_code,
        stdout=ending.stdout,
        stderr=ending.stderr,
        output_bytes=None if data is None else len(data),
        output_digest="" if data is None else digest(data),
        is_killed=ending.is_killed,
        took_ms=took_ms,
        wall_ms=wall_ms,
        peak_rss_bytes=ending.peak_rss_bytes,
        open_files=ending.open_files,
        strays=tuple(sorted(_strays(output))),
        reached=ending.reached,
    )


def keep_words(ending: Ending, folder: Path) -> None:
    """Leave what the client said in the cell's folder, where its process has not written it there itself."""
    for name, text in ((STDOUT, ending.stdout), (STDERR, ending.stderr)):
        file = folder / name
        if not file.exists():
            file.write_text(text, encoding="utf-8")


def digest(data: bytes) -> str:
    """As the server's ETags have it: SHA-256, cut to 32 hex digits."""
    return hashlib.sha256(data).hexdigest()[:_DIGEST_DIGITS]


def _strays(output: Path) -> Iterator[str]:
    """Files that end like an unfinished download, or that begin like a video."""
    if not output.parent.is_dir():
        return
    for file in output.parent.iterdir():
        if file == output or not file.is_file():
            continue
        with file.open("rb") as opened:
            is_video = opened.read(_FTYP.stop)[_FTYP] == b"ftyp"
        if is_video or file.name.lower().endswith(LEFT_OVERS):
            yield file.name
