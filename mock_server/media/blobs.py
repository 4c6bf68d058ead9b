"""Bytes kept by their content: one file a digest, in a folder of the user's or a temporary one."""

from __future__ import annotations

import os
import re
from pathlib import Path
from threading import Lock

from mock_server.core.errors import ConfigurationError
from mock_server.media.digest import digest_of

_DIGEST = re.compile(r"[0-9a-f]{32}")


class BlobFolder:
    """A content-addressed folder. Any number of processes may share one: files appear whole or not at all.

    Without a path the folder is temporary: it is made for the first file, and goes when it is closed. Raises
    ConfigurationError where the folder cannot be made. The methods block for as long as the disk takes.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._is_temporary = path is None
        self._path = path
        self._making = Lock()
        if path is not None:
            try:
                path.mkdir(parents=True, exist_ok=True)
            except OSError as fault:
                raise ConfigurationError(f"cannot keep media in {path}: {fault.strerror}") from fault

    def put(self, data: bytes, *, durable: bool = False, digest: str | None = None) -> str:
        """Keep ``data``; its digest. ``durable`` waits until the disk has it.

        ``digest`` spares a caller that has probed the bytes the second hashing; it must be theirs.
        """
        name = digest or digest_of(data)
        target = _place(self._made(), name)
        if target is None:
            raise ValueError("not a digest")
        if durable or not target.exists():
            self._write(target, data, durable=durable)
        return name

    def get(self, digest: str) -> bytes | None:
        """The bytes kept under ``digest``; None where there are none. Any text may be asked for."""
        source = None if self._path is None else _place(self._path, digest)
        try:
            return source.read_bytes() if source else None
        except FileNotFoundError:
            return None

    def close(self) -> None:
        """Remove the folder, if it is a temporary one."""
        if self._is_temporary and self._path is not None:
            import shutil

            shutil.rmtree(self._path, ignore_errors=True)

    def _made(self) -> Path:
        # most servers keep nothing, and start sooner without this; two threads may bring the first file
        with self._making:
            if self._path is None:
                import tempfile

                self._path = Path(tempfile.mkdtemp(prefix="lipflap-"))
            return self._path

    def _write(self, target: Path, data: bytes, *, durable: bool) -> None:
        import tempfile

        target.parent.mkdir(exist_ok=True)
        descriptor, draft = tempfile.mkstemp(prefix=".draft-", dir=target.parent)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(data)
                if durable:
                    file.flush()
                    os.fsync(file.fileno())
            Path(draft).replace(target)
        except BaseException:
            Path(draft).unlink(missing_ok=True)
            raise
        if durable:
            _sync_folder(target.parent)


def _place(folder: Path, digest: str) -> Path | None:
    # Two digits a folder: directories of 100 000 files are slow to list, and digests spread evenly.
    return folder / digest[:2] / digest if _DIGEST.fullmatch(digest) else None


def _sync_folder(path: Path) -> None:
    """A rename is on the disk once its folder is."""
    folder = os.open(path, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
