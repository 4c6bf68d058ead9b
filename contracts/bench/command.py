"""A bench for a client that is a command: one process for each story, or one that takes many as lines of JSON."""

from __future__ import annotations

import shutil
import tempfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from msgspec.structs import replace

from contracts.admin import Admin
from contracts.cell import Environment, Rules
from contracts.check import command_client
from contracts.client.model import Client
from contracts.place import WEBHOOK_SECRET
from contracts.receiver import Receiver
from contracts.result import Cell
from contracts.scenario import Facts, catalogue_of
from contracts.server import started
from contracts.stage import Stage
from contracts.story import Story
from contracts.timing import Timing


class CommandBench:
    """Plays stories as ``lipflap check`` plays scenarios, one at a time."""

    def __init__(self, stage: Stage, client: Client, catalogue: Mapping[str, Facts], root: Path) -> None:
        self._stage, self._root = stage, root
        self.label = client.label
        self.catalogue = catalogue

    def play(self, story: Story, *, in_full: bool = False) -> Cell:  # noqa: ARG002 - it always is
        """The story, judged."""
        cell = self._stage.play(story.scenario(self.catalogue), story.provider).cell
        shutil.rmtree(self._root, ignore_errors=True)
        return replace(cell, seed=story.seed)


@contextmanager
def command_bench(
    argv: Sequence[str],
    timing: Timing,
    environment: Environment,
    *,
    timeout_s: float,
    takes_jobs: bool = False,
    listens: bool = False,
) -> Iterator[CommandBench]:
    """The bench with a server of its own, until the block ends. Raises UsageError, AdminError."""
    with ExitStack() as stack:
        flags = ("--clock", timing.clock, "--webhook-secret", WEBHOOK_SECRET)
        server = stack.enter_context(started(flags))
        client = command_client(argv, timing, takes_jobs=takes_jobs)
        stack.callback(client.close)
        receiver = stack.enter_context(Receiver())
        root = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="lipflap-")))
        rules = Rules(0, timeout_s, timing, root / "cells", environment, listens)
        with Admin(server) as admin:
            catalogue = catalogue_of(admin)
        stage = Stage(server, client, rules, receiver, threading.Event())
        yield CommandBench(stage, client, catalogue, root / "cells")
