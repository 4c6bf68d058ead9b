"""A bench for a client that is a command: one process for each story, or some that take many as lines of JSON."""

from __future__ import annotations

import os
import shutil
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from queue import LifoQueue

from msgspec import Struct
from msgspec.structs import replace

from contracts.cells.cell import Environment, Rules
from contracts.cells.driver import command_client
from contracts.cells.place import WEBHOOK_SECRET
from contracts.cells.result import Cell
from contracts.cells.stage import Stage
from contracts.cells.timing import Timing
from contracts.stories.story import NAME, Story
from contracts.witness.admin import Admin
from contracts.witness.receiver import Receiver
from contracts.witness.scenario import Facts, catalogue_of
from contracts.witness.server import ServerAddress, started


def default_abreast() -> int:
    """Clients wait more than they work."""
    return 2 * (os.cpu_count() or 1)


TENANTS = 64
"""So many stories later a seat's server meets the same tenant again: what one story left behind is over by then."""


class Seat(Struct):
    """A server that nobody else plays on, and a folder: some faults break off whatever is open at a server."""

    server: ServerAddress
    stage: Stage
    folder: Path
    played: int = 0


class CommandBench:
    """Plays stories as ``lipflap check`` plays scenarios. A seat is opened when it is needed for the first time."""

    def __init__(
        self, label: str, abreast: int, open_seat: Callable[[], Seat], stop: threading.Event
    ) -> None:
        self.label, self.abreast = label, abreast
        self._open_seat, self._stop = open_seat, stop
        self._seats: LifoQueue[Seat | None] = LifoQueue()
        for _ in range(abreast - 1):
            self._seats.put(None)
        first = open_seat()
        self._seats.put(first)
        with Admin(first.server) as admin:
            self.catalogue: Mapping[str, Facts] = catalogue_of(admin)

    def play(self, story: Story, *, in_full: bool = False) -> Cell:
        """The story, judged."""
        seat = self._seats.get()
        try:
            seat = seat or self._open_seat()
            if not seat.played:
                # a server loads some of its parts with the first request for them, which takes long in faster time
                self._play(seat, Story(story.provider, with_callback=True), in_full=False)
            return self._play(seat, story, in_full=in_full)
        finally:
            self._seats.put(seat)

    def _play(self, seat: Seat, story: Story, *, in_full: bool) -> Cell:
        scenario = story.scenario(self.catalogue, f"{NAME}-{seat.played % TENANTS}")
        seat.played += 1
        cell = seat.stage.play(scenario, story.provider, in_full=in_full).cell
        shutil.rmtree(seat.folder, ignore_errors=True)
        return replace(cell, scenario=NAME, seed=story.seed)

    @contextmanager
    def abandoned(self) -> Iterator[None]:
        """What runs is killed, and so is what begins."""
        self._stop.set()
        try:
            yield
        finally:
            self._stop.clear()


@contextmanager
def command_bench(
    argv: Sequence[str],
    timing: Timing,
    environment: Environment,
    *,
    timeout_s: float,
    takes_jobs: bool = False,
    listens: bool = False,
    abreast: int = 1,
) -> Iterator[CommandBench]:
    """The bench with servers of its own, until the block ends. Raises UsageError, AdminError."""
    flags = ("--clock", timing.clock, "--webhook-secret", WEBHOOK_SECRET)
    stop = threading.Event()
    with ExitStack() as servers, ExitStack() as stack:
        client = command_client(argv, timing, takes_jobs=takes_jobs)
        stack.callback(client.close)
        receiver = stack.enter_context(Receiver())
        root = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="lipflap-")))

        def open_seat() -> Seat:
            server = servers.enter_context(started(flags))
            folder = Path(tempfile.mkdtemp(dir=root))
            rules = Rules(0, timeout_s, timing, folder, environment, listens)
            return Seat(server, Stage(server, client, rules, receiver, stop), folder)

        yield CommandBench(client.label, abreast, open_seat, stop)
