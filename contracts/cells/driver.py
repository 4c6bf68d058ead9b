"""The driver of a client that is a command: what starts it, in an environment where time goes by as it should."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence

from contracts.cells.timing import Timing
from contracts.client.command import Command
from contracts.client.jobs import JobReader
from contracts.client.model import Client
from contracts.witness.usage import UsageError
from contracts.witness.wall import unix_s


def command_client(argv: Sequence[str], timing: Timing, *, takes_jobs: bool = False) -> Client:
    """A client that is a command, in an environment where time goes by as ``timing`` has it. Raises UsageError."""

    def environment() -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("LIPFLAP_")}
        return {**kept, **timing.environment(kept, unix_s())}

    if shutil.which(argv[0]) is None:
        raise UsageError(f"there is no program {argv[0]!r} to run")
    return JobReader(argv, environment) if takes_jobs else Command(argv, environment)
