"""A whole check of a client, from what a person asks for to a run: the server, the cells, the end."""

from __future__ import annotations

import math
import os
import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from itertools import chain
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from contracts.bench.function import place_in_memory
from contracts.bench.pool import Pool
from contracts.bench.worker import Opening
from contracts.cells.baseline import Known
from contracts.cells.cell import DEFAULT_REAL_TIMEOUT_S, DEFAULT_TIMEOUT_S, Entrant, Environment, Rules
from contracts.cells.crowd import Crowd
from contracts.cells.matrix import Listener, Matrix, Players
from contracts.cells.place import WEBHOOK_SECRET
from contracts.cells.result import Run
from contracts.cells.resume import ROWS, resume_scenario, resume_scenarios
from contracts.cells.selection import Selection, require_meaning, selected
from contracts.cells.timing import IN_STEP, Timing
from contracts.client.model import Client
from contracts.witness.admin import Admin
from contracts.witness.scenario import (
    Facts,
    Origin,
    Scenario,
    catalogue_of,
    names_of,
    scenario_from,
    scenario_of,
)
from contracts.witness.server import ServerAddress, started
from contracts.witness.usage import UsageError

_SIGNED_BY_CLIENTS_TIME = ("--dialect", "kling.jwt_clock=virtual")
"""A client whose time is faster dates its tokens by that time."""


class Wanted(Struct, frozen=True):
    """What to check. ``server`` is None for one of our own; ``environment`` is that of ``lipflap env``."""

    providers: tuple[str, ...]
    environment: Environment
    selection: Selection = Selection()
    seed: int = 0
    workers: int = 0
    timeout_s: float | None = None
    listens: bool = False
    server: ServerAddress | None = None
    folder: Path | None = None
    flags: tuple[str, ...] = ()
    known: Known = {}
    version: str = ""
    files: Mapping[str, Mapping[str, object]] = {}
    """Scenarios that the server does not know by name, by the files they were read from."""


def default_workers() -> int:
    """Clients wait more than they work."""
    return 4 * (os.cpu_count() or 1)


Opener = Callable[[Rules], Opening]
"""Makes what opens a bench for a function, by these rules; it can be sent to another process."""


def check(wanted: Wanted, client: Client, timing: Timing, listeners: Sequence[Listener] = ()) -> Run:
    """Play everything that is wanted with a client that is a command. Raises UsageError, AdminError, Interrupted."""
    flags = ("--clock", timing.clock, "--webhook-secret", WEBHOOK_SECRET, *_SIGNED_BY_CLIENTS_TIME)
    with ExitStack() as stack:
        server = wanted.server or stack.enter_context(started(flags))
        with Admin(server) as admin:
            entrants = entrants_of(admin, wanted)
        folder = wanted.folder or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="lipflap-")))
        alone = None if wanted.server else (lambda: started(flags))
        stack.callback(client.close)
        workers = wanted.workers or default_workers()
        crowd = Crowd(server, client, _rules(wanted, timing, folder), workers, alone)
        return _matrix(wanted, crowd, listeners).run(entrants)


def check_function(
    wanted: Wanted, name: str, opener: Opener, surface: Admin, listeners: Sequence[Listener] = ()
) -> Run:
    """The same with a function, which ``name`` is a person's word for. Raises UsageError, AdminError, Interrupted.

    ``surface`` is that of any server: what can be played is known there.
    """
    entrants = entrants_of(surface, wanted)
    with place_in_memory() as folder:
        rules = _rules(wanted, IN_STEP, wanted.folder or folder)
        pool = Pool(opener(rules), rules, wanted.workers or os.cpu_count() or 1, name)
        return _matrix(wanted, pool, listeners).run(entrants)


def _rules(wanted: Wanted, timing: Timing, folder: Path) -> Rules:
    is_costly = timing is not IN_STEP and not timing.is_scaled and wanted.timeout_s is None
    return Rules(
        seed=wanted.seed,
        timeout_s=wanted.timeout_s or DEFAULT_TIMEOUT_S,
        vain_s=DEFAULT_REAL_TIMEOUT_S if is_costly else math.inf,
        timing=timing,
        folder=folder,
        environment=wanted.environment,
        listens=wanted.listens,
        flags=wanted.flags,
    )


def _matrix(wanted: Wanted, players: Players, listeners: Sequence[Listener]) -> Matrix:
    return Matrix(players, wanted.known, wanted.version, tuple(listeners))


def entrants_of(admin: Admin, wanted: Wanted) -> tuple[Entrant, ...]:
    """The cells, provider by provider. Raises UsageError where nothing is left of what is wanted."""
    catalogue = catalogue_of(admin)
    of_files = (
        replace(scenario_from(body, catalogue, Origin.FILE), source=file)
        for file, body in wanted.files.items()
    )
    made = (*resume_scenarios(catalogue), *_steps(wanted.selection, catalogue), *of_files)
    names = {provider: names_of(admin, provider) for provider in wanted.providers}
    known = {
        name: scenario_of(admin, name, catalogue)
        for name in dict.fromkeys(chain.from_iterable(names.values()))
    }
    require_meaning((*known.values(), *made), wanted.selection)
    found = tuple(
        Entrant(scenario, provider)
        for provider in wanted.providers
        for scenario in selected((*(known[name] for name in names[provider]), *made), wanted.selection)
        if provider in scenario.providers
    )
    if not found:
        raise UsageError("no scenario is left for these providers: what is selected is skipped, or another's")
    return found


def _steps(selection: Selection, catalogue: Mapping[str, Facts]) -> tuple[Scenario, ...]:
    """Steps to crash at that only a full name asks for."""
    shipped = {row.name for row in ROWS}
    asked = (resume_scenario(name, catalogue) for name in selection.names if name not in shipped)
    return tuple(scenario for scenario in asked if scenario is not None)
