"""From what a person gave to ``fuzz`` to a search, its story and an exit code."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from msgspec import Struct

from contracts.bench.command import command_bench, default_abreast
from contracts.bench.model import Bench
from contracts.cells.cell import DEFAULT_REAL_TIMEOUT_S, DEFAULT_TIMEOUT_S
from contracts.cells.timing import timing_for
from contracts.checks.table import CHECK_BY_ID
from contracts.examples import open_examples
from contracts.fuzz import Campaign, Found, Report, fuzz, named_check
from contracts.plugin.bench import function_bench
from contracts.stories.event import LEFT_OUT, ROWS
from contracts.story_file import read_story, save
from contracts.strategies.stories import Scope
from contracts.witness.admin import AdminError
from contracts.witness.usage import UsageError
from mock_server.cli.client_env import client_env
from mock_server.cli.function_bench import function_named
from mock_server.cli.fuzz_telling import Watcher, told_found, told_nothing
from mock_server.core.errors import ConfigurationError

FINE, FOUND, INTERRUPTED = 0, 1, 130


class Wanted(Struct, frozen=True):
    """The parameters of the command, by their names."""

    provider: str
    command: list[str] = []
    callable_: str = ""
    max_examples: int = 1_000
    max_time: float | None = None
    seed: int = 0
    database: str = "none"
    check: list[str] = []
    without: list[str] = []
    crashes: bool = False
    callbacks: bool = False
    out: Path = Path(".lipflap/found")
    story: Path | None = None
    jobs_from_stdin: bool = False
    timeout: float | None = None
    clock: str = "auto"
    workers: int | None = None

    @property
    def campaign(self) -> Campaign:
        return Campaign(
            provider=str(self.provider),
            scope=Scope(self.callbacks, self.crashes, without=frozenset(self.without)),
            max_examples=self.max_examples,
            max_time_s=self.max_time,
            seed=self.seed,
            checks=frozenset(self.check),
        )


def fuzz_client(wanted: Wanted) -> int:
    """Search, and print what was found; the exit code. Raises ConfigurationError."""
    try:
        _require(wanted)
        with _bench(wanted) as bench:
            if wanted.story is not None:
                return _play_one(wanted, wanted.story, bench)
            return _search(wanted, bench)
    except (UsageError, AdminError) as fault:
        raise ConfigurationError(str(fault)) from fault


def _search(wanted: Wanted, bench: Bench) -> int:
    examples = open_examples(wanted.database, str(wanted.provider))
    with Watcher() as watcher:
        report = fuzz(bench, wanted.campaign, examples, watcher)
    if report.found is None:
        print(told_nothing(report))
        return INTERRUPTED if report.is_interrupted else FINE
    file = save(report.found, wanted.out, bench.catalogue, wanted.seed)
    print(told_found(report, report.found, bench.catalogue, file, _again(wanted, file)))
    return INTERRUPTED if report.is_interrupted else FOUND


def _play_one(wanted: Wanted, file: Path, bench: Bench) -> int:
    story = read_story(file, str(wanted.provider))
    cell = bench.play(story, in_full=True)
    check = named_check(cell, wanted.campaign.checks)
    report = Report(1, cell.outcome.wall_ms / 1000)
    if not check:
        print(told_nothing(report))
        return FINE
    print(told_found(report, Found(story, check, cell), bench.catalogue, file, _again(wanted, file)))
    return FOUND


def _require(wanted: Wanted) -> None:
    """Raises UsageError for what cannot be."""
    if bool(wanted.command) == bool(wanted.callable_):
        raise UsageError("give the client's command behind --, or --callable MODULE:FUNCTION")
    if wanted.callable_ and wanted.workers:
        raise UsageError("--workers is for a command: a function has the time of its process to itself")
    for check in wanted.check:
        if check not in CHECK_BY_ID:
            raise UsageError(f"--check {check}: must be one of {', '.join(CHECK_BY_ID)}")
    for fault in wanted.without:
        if fault not in ROWS and fault not in LEFT_OUT and not fault.startswith("error:"):
            raise UsageError(f"--without {fault}: there is no such fault; see `lipflap faults`")


@contextmanager
def _bench(wanted: Wanted) -> Iterator[Bench]:
    if wanted.callable_:
        timeout_s = wanted.timeout or DEFAULT_TIMEOUT_S
        work, name = function_named(wanted.callable_), wanted.callable_
        with function_bench(work, listens=wanted.callbacks, timeout_s=timeout_s, label=name) as bench:
            yield bench
        return
    timing = timing_for(wanted.command, wanted.clock)
    timeout_s = wanted.timeout or (DEFAULT_TIMEOUT_S if timing.is_scaled else DEFAULT_REAL_TIMEOUT_S)
    with command_bench(
        wanted.command,
        timing,
        client_env,
        timeout_s=timeout_s,
        takes_jobs=wanted.jobs_from_stdin,
        listens=wanted.callbacks,
        abreast=wanted.workers or default_abreast(),
    ) as found:
        yield found


def _again(wanted: Wanted, file: Path) -> str:
    """The command that plays the story once more."""
    flags = ["--provider", str(wanted.provider), *(["--callbacks"] if wanted.callbacks else [])]
    if wanted.callable_:
        return shlex.join(["lipflap", "fuzz", *flags, "--callable", wanted.callable_, "--story", str(file)])
    jobs = ["--jobs-from-stdin"] if wanted.jobs_from_stdin else []
    return shlex.join(["lipflap", "replay", str(file), *flags, *jobs, "--", *wanted.command])
