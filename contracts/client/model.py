"""What a driver is: it starts a client on a job, and says how that ended."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from msgspec import Struct, field


class Job(Struct, frozen=True):
    """One lip-sync to be made, at a server that the client takes for the provider.

    ``output`` is where the video belongs, ``folder`` where the client may keep what it likes. ``environment`` has
    all of it as variables, for commands. Optional texts are empty where there is nothing.
    """

    id: str
    provider: str
    url: str
    key: str
    video_url: str
    audio_url: str
    output: Path
    folder: Path
    callback_url: str = ""
    environment: Mapping[str, str] = field(default_factory=dict)

    def placeholders(self) -> dict[str, str]:
        """What ``{name}`` in a command stands for."""
        return {
            "url": self.url,
            "key": self.key,
            "video_url": self.video_url,
            "audio_url": self.audio_url,
            "callback_url": self.callback_url,
            "output": str(self.output),
            "provider": self.provider,
        }


class Ending(Struct, frozen=True):
    """How a client ended. ``exit_code`` is None where it was killed; ``open_files`` is the most that were seen.

    ``reached`` are other hosts that it turned to, as ``address:port``, where that could be seen.
    """

    exit_code: int | None
    stdout: str = ""
    stderr: str = ""
    is_killed: bool = False
    peak_rss_bytes: int | None = None
    open_files: int | None = None
    reached: tuple[str, ...] = ()


class Running(Protocol):
    """A client at work on one job."""

    def wait(self, timeout_s: float) -> Ending | None:
        """How it ended; None where it has not, so far."""

    def kill(self) -> Ending:
        """End it at once, with its children."""


class Client(Protocol):
    """A client under test. Several of its jobs may run at once, each in a thread of its own."""

    @property
    def label(self) -> str:
        """Its name in reports."""

    @property
    def command(self) -> tuple[str, ...]:
        """What starts it, for a command that does a cell again; empty for what is no command."""

    @property
    def can_be_killed(self) -> bool:
        """Whether ``kill`` really ends it amid its work, so that it can be started again."""

    def start(self, job: Job) -> Running:
        """Begin the job. Raises ClientError where it cannot even begin."""

    def close(self) -> None:
        """End everything that still runs."""


class ClientError(Exception):
    """A client could not be started."""
