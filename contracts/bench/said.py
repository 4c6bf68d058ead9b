"""What a function of this process says on standard output and standard error."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout

from contracts.client.command import shortened


class Said:
    """Both streams, kept apart. Whoever takes hold of ``sys.stderr`` while it is heard may keep it."""

    def __init__(self) -> None:
        self._streams = _Stream(), _Stream()

    @contextmanager
    def heard(self) -> Iterator[None]:
        """While the block runs, what is printed comes here."""
        stdout, stderr = self._streams
        with redirect_stdout(stdout), redirect_stderr(stderr):
            yield

    def taken(self) -> tuple[str, str]:
        """What was said since it was taken last; the middle of much is left out."""
        stdout, stderr = (stream.taken() for stream in self._streams)
        return stdout, stderr


class _Stream(io.TextIOWrapper):
    def __init__(self) -> None:
        self._bytes = io.BytesIO()
        super().__init__(self._bytes, encoding="utf-8", errors="replace", write_through=True)

    def taken(self) -> str:
        data = self._bytes.getvalue()
        self._bytes.seek(0)
        self._bytes.truncate()
        return shortened(data)

    def close(self) -> None:
        """It stays open, whoever takes it for the process's own."""
