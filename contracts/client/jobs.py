"""A client that is started once and takes jobs from its standard input, one line of JSON each: for speed.

A job is ``{"id", "provider", "url", "key", "video_url", "audio_url", "callback_url", "output", "env"}``, with every
other ``LIPFLAP_`` variable of it by its lower-case name; ``env`` has those of other names. The client answers each with
a line of its own, ``{"id", "exit_code", "stderr"}``, and may add ``"stdout"``.
"""

from __future__ import annotations

import queue
import subprocess
import tempfile
import threading
from collections.abc import Mapping, Sequence

import msgspec

from contracts.client.command import Environment, filled
from contracts.client.model import ClientError, Ending, Job
from contracts.client.process import ClientProcess
from contracts.witness.usage import UsageError

_PREFIX = "LIPFLAP_"


class JobReader:
    """One process for each job that runs at the same time; a process that a job killed is replaced."""

    can_be_killed = True

    def __init__(self, argv: Sequence[str], base: Environment) -> None:
        if not argv:
            raise UsageError("give the client's command behind --")
        self.command = tuple(argv)
        self.label = " ".join(argv)
        self._base = base
        self._idle: list[_Worker] = []
        self._all: set[_Worker] = set()
        self._lock = threading.Lock()

    def start(self, job: Job) -> _Running:
        worker = self._free_worker(job)
        worker.take(job)
        return _Running(self, worker, job)

    def give_back(self, worker: _Worker) -> None:
        with self._lock:
            self._idle.append(worker)

    def forget(self, worker: _Worker) -> None:
        worker.process.kill()
        worker.close()
        with self._lock:
            self._all.discard(worker)

    def close(self) -> None:
        for worker in tuple(self._all):
            self.forget(worker)

    def _free_worker(self, job: Job) -> _Worker:
        with self._lock:
            while self._idle:
                worker = self._idle.pop()
                if not worker.process.has_ended:
                    return worker
        worker = _Worker([filled(word, job.placeholders()) for word in self.command], self._base())
        with self._lock:
            self._all.add(worker)
        return worker


class _Answer(msgspec.Struct):
    id: str | None = None
    exit_code: int | None = None
    stderr: str = ""
    stdout: str = ""


class _Worker:
    """A process that waits for jobs. Its own standard error is kept for when it dies."""

    def __init__(self, command: Sequence[str], environment: Mapping[str, str]) -> None:
        self._words = tempfile.TemporaryFile()  # noqa: SIM115 - open for as long as the process runs
        self.process = ClientProcess(command, environment, subprocess.PIPE, subprocess.PIPE, self._words)
        self._lines: queue.Queue[bytes] = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()

    def take(self, job: Job) -> None:
        assert self.process.stdin is not None, "a pipe was asked for"
        try:
            self.process.stdin.write(line_of(job))
            self.process.stdin.flush()
        except OSError as fault:
            raise ClientError(f"the client takes no job: {self.words() or fault}") from fault

    def answer(self, timeout_s: float) -> bytes | None:
        """The next line; empty where the process has ended, None where nothing came."""
        try:
            return self._lines.get(timeout=timeout_s)
        except queue.Empty:
            return None

    def words(self) -> str:
        """The last of what it said on standard error."""
        self._words.seek(0)
        return self._words.read()[-4_000:].decode(errors="replace").strip()

    def close(self) -> None:
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                try:
                    pipe.close()
                except OSError:  # what was not written any more
                    continue
        self._words.close()

    def _read(self) -> None:
        assert self.process.stdout is not None, "a pipe was asked for"
        try:
            for line in self.process.stdout:
                self._lines.put(line)
        except ValueError:  # closed meanwhile
            return
        finally:
            self._lines.put(b"")


class _Running:
    """One job in one worker."""

    def __init__(self, owner: JobReader, worker: _Worker, job: Job) -> None:
        self._owner, self._worker, self._job = owner, worker, job
        self._said: list[str] = []

    def wait(self, timeout_s: float) -> Ending | None:
        line = self._worker.answer(timeout_s)
        if line is None:
            return None
        if not line:
            return self._died()
        try:
            answer = msgspec.json.decode(line, type=_Answer)
        except msgspec.DecodeError:
            answer = _Answer()
        if answer.id != self._job.id:
            # a line of its own between two answers is part of what it prints
            self._said.append(line.decode(errors="replace"))
            return None
        self._owner.give_back(self._worker)
        return self._ending(answer.exit_code, "".join(self._said) + answer.stdout, answer.stderr)

    def kill(self) -> Ending:
        words = self._worker.words()
        self._owner.forget(self._worker)
        return self._ending(None, "".join(self._said), words, is_killed=True)

    def _died(self) -> Ending:
        self._worker.process.wait(1.0)
        words, code = self._worker.words(), self._worker.process.exit_code
        self._owner.forget(self._worker)
        return self._ending(code or 1, "".join(self._said), f"{words}\nthe client ended amid the job")

    def _ending(self, code: int | None, stdout: str, stderr: str, *, is_killed: bool = False) -> Ending:
        # the peak of a process that does many jobs is no one job's; open files show whether they pile up
        return Ending(code, stdout, stderr, is_killed, None, self._worker.process.open_files)


def line_of(job: Job) -> bytes:
    """The job as one line."""
    ours = {
        name.removeprefix(_PREFIX).lower(): value
        for name, value in job.environment.items()
        if name.startswith(_PREFIX)
    }
    others = {name: value for name, value in job.environment.items() if not name.startswith(_PREFIX)}
    told = {**ours, **job.placeholders(), "id": job.id, "env": others}
    return msgspec.json.encode({name: value for name, value in told.items() if value != ""}) + b"\n"
