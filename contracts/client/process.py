"""A process with all its children: started as a group of its own, watched, and killed as a whole."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from typing import IO

from contracts.client.model import ClientError

WATCH_EVERY_S = 0.1
_RSS_UNIT = 1 if sys.platform == "darwin" else 1024


class ClientProcess:
    """One process and the group it leads. ``on_exit`` is called once, in a thread, when it has ended."""

    def __init__(
        self,
        command: Sequence[str],
        environment: Mapping[str, str],
        stdin: int | IO[bytes],
        stdout: int | IO[bytes],
        stderr: int | IO[bytes],
    ) -> None:
        try:
            self._process = subprocess.Popen(  # noqa: S603 - running the user's command is what we are for
                command,
                env=dict(environment),
                stdin=stdin,
                stdout=stdout,
                stderr=stderr,
                start_new_session=True,
            )
        except (OSError, ValueError) as fault:
            raise ClientError(f"cannot start {command[0]}: {fault}") from fault
        self.pid = self._process.pid
        self.stdin, self.stdout = self._process.stdin, self._process.stdout
        self.exit_code: int | None = None
        self.peak_rss_bytes: int | None = None
        self.open_files: int | None = None
        self._ended = threading.Event()
        threading.Thread(target=self._reap, daemon=True).start()
        threading.Thread(target=self._watch, daemon=True).start()

    def wait(self, timeout_s: float | None) -> bool:
        """Whether it has ended within that time."""
        return self._ended.wait(timeout_s)

    @property
    def has_ended(self) -> bool:
        return self._ended.is_set()

    def kill(self) -> None:
        """End the group with SIGKILL, and wait for it. What it started and left behind goes too."""
        self.kill_group()
        self._ended.wait()

    def kill_group(self) -> None:
        """The same without waiting; also for what outlives the process that led the group."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, signal.SIGKILL)

    def _reap(self) -> None:
        _, status, usage = os.wait4(self.pid, 0)
        self.exit_code = self._process.returncode = os.waitstatus_to_exitcode(status)
        self.peak_rss_bytes = usage.ru_maxrss * _RSS_UNIT
        self._ended.set()

    def _watch(self) -> None:
        """Open files can only be counted while it lives."""
        folder = f"/proc/{self.pid}/fd"
        while not self._ended.wait(WATCH_EVERY_S):
            try:
                count = len(os.listdir(folder))  # noqa: PTH208 - ten times a second, names only
            except OSError:
                return
            self.open_files = max(self.open_files or 0, count)
