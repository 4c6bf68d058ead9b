"""A client that is a command in any language: started once for each job."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from contracts.client.model import Ending, Job
from contracts.client.process import ClientProcess
from contracts.witness.usage import UsageError

MOST_KEPT_BYTES = 256 * 1024
STDOUT, STDERR = "stdout.txt", "stderr.txt"

Environment = Callable[[], Mapping[str, str]]
"""Asked at each start, for it may say what time it is."""


class Command:
    """Words of ``argv`` may hold placeholders such as ``{url}``, of which ``Job.placeholders`` has all.

    ``base`` gives the environment to which each job's own is added. Raises UsageError for an empty command.
    """

    can_be_killed = True

    def __init__(self, argv: Sequence[str], base: Environment) -> None:
        if not argv:
            raise UsageError("give the client's command behind --")
        self.command = tuple(argv)
        self.label = " ".join(argv)
        self._base = base
        self._running: set[_Process] = set()

    def start(self, job: Job) -> _Process:
        words = [filled(word, job.placeholders()) for word in self.command]
        process = _Process(words, {**self._base(), **job.environment}, job.folder)
        self._running = {one for one in self._running if not one.has_ended} | {process}
        return process

    def close(self) -> None:
        for process in tuple(self._running):
            process.end()
        self._running.clear()


def filled(word: str, values: Mapping[str, str]) -> str:
    """The word with its placeholders filled in; whatever else stands in braces is the command's own."""
    for name, value in values.items():
        word = word.replace(f"{{{name}}}", value)
    return word


class _Process:
    """One run. What it says goes to files, which stay."""

    def __init__(self, command: Sequence[str], environment: Mapping[str, str], folder: Path) -> None:
        self._folder = folder
        with (folder / STDOUT).open("ab") as stdout, (folder / STDERR).open("ab") as stderr:
            self._process = ClientProcess(command, environment, subprocess.DEVNULL, stdout, stderr)
        self._is_killed = False

    @property
    def has_ended(self) -> bool:
        return self._process.has_ended

    def wait(self, timeout_s: float) -> Ending | None:
        if not self._process.wait(timeout_s):
            return None
        # a child that outlives the client would go on asking: with the client's end the job is over
        self._process.kill_group()
        return self._ending()

    def kill(self) -> Ending:
        self._is_killed = not self._process.has_ended
        self.end()
        return self._ending()

    def end(self) -> None:
        self._process.kill()

    def _ending(self) -> Ending:
        process = self._process
        return Ending(
            None if self._is_killed else process.exit_code,
            kept(self._folder / STDOUT),
            kept(self._folder / STDERR),
            self._is_killed,
            process.peak_rss_bytes,
            process.open_files,
        )


def kept(file: Path) -> str:
    """What stands in the file; the middle of a long one is left out."""
    return shortened(file.read_bytes())


def shortened(data: bytes) -> str:
    """The text; the middle of a long one is left out."""
    if len(data) > MOST_KEPT_BYTES:
        half = MOST_KEPT_BYTES // 2
        data = data[:half] + b"\n[...]\n" + data[-half:]
    return data.decode(errors="replace")
