"""The instruments, what the table expects of the judge, and what the judge says of them."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import yaml

from contracts.admin import Admin
from contracts.cell import Rules
from contracts.check import command_client
from contracts.client.model import Client
from contracts.matrix import Entrant, Matrix
from contracts.place import WEBHOOK_SECRET
from contracts.result import Cell
from contracts.resume import resume_scenarios
from contracts.scenario import Scenario, catalogue_of, names_of, scenario_of
from contracts.server import ServerAddress
from contracts.timing import Timing, timing_for
from mock_server.cli.client_env import client_env

ROOT = Path(__file__).parents[2]
CLIENTS = ROOT / "fixtures" / "clients"
TABLE = ROOT / "fixtures" / "calibration.yaml"
RATE = "40x"
PROVIDERS = ("kling", "gmi", "kirin")
GOOD: Mapping[str, tuple[str, ...]] = {
    "good-sync": (sys.executable, str(CLIENTS / "python" / "good.py")),
    "good-async": (sys.executable, str(CLIENTS / "python" / "good.py"), "--async"),
    "good-node": ("node", str(CLIENTS / "node" / "good.mjs")),
}

Place = tuple[str, str]
"""A provider and a scenario."""
Reds = dict[Place, frozenset[str]]
"""The checks that failed, by place; a green cell has none."""


@dataclass(frozen=True)
class Row:
    """Where a flaw is to be red. ``at`` and ``but`` are globs of ``provider scenario``; ``may``: it need not be."""

    at: tuple[str, ...]
    checks: frozenset[str]
    why: str
    may: bool = False
    but: tuple[str, ...] = ()

    def has(self, place: Place) -> bool:
        return _is_among(place, self.at) and not _is_among(place, self.but)


def _is_among(place: Place, patterns: Sequence[str]) -> bool:
    return any(fnmatchcase(" ".join(place), pattern) for pattern in patterns)


@dataclass(frozen=True)
class Expected:
    """One instrument's part of the table. ``quick`` are the places that every run of the tests plays."""

    name: str
    quick: tuple[Place, ...]
    red: tuple[Row, ...] = ()
    rate: str = RATE
    skip: tuple[str, ...] = ()

    def plays(self, place: Place) -> bool:
        return not _is_among(place, self.skip)

    def must(self, place: Place) -> frozenset[str]:
        return frozenset().union(*(row.checks for row in self.red if row.has(place) and not row.may))

    def may(self, place: Place) -> frozenset[str]:
        """What may be red, all that must be included."""
        return frozenset().union(*(row.checks for row in self.red if row.has(place)))

    def differences(self, seen: Reds) -> list[str]:
        """One line for each place where the judge says something else than the table."""
        return [line for place, checks in seen.items() for line in self._about(place, checks)]

    def _about(self, place: Place, checks: frozenset[str]) -> Iterable[str]:
        named = f"{self.name}: {' '.join(place)}"
        if missed := self.must(place) - checks:
            yield f"{named}: not red, and should be: {', '.join(sorted(missed))}"
        if excess := checks - self.may(place):
            yield f"{named}: red, and should not be: {', '.join(sorted(excess))}"


def table() -> dict[str, Expected]:
    """Every instrument of fixtures/calibration.yaml by its name, the good ones first."""
    told = yaml.safe_load(TABLE.read_text(encoding="utf-8"))
    good = {name: Expected(name, places(told["good"])) for name in GOOD}
    return good | {name: _expected(name, row) for name, row in told["flaws"].items()}


def places(quick: Mapping[str, Sequence[str]]) -> tuple[Place, ...]:
    return tuple((provider, scenario) for provider, names in quick.items() for scenario in names)


def _expected(name: str, told: Mapping[str, Any]) -> Expected:
    rows = tuple(
        Row(
            tuple(row["at"]),
            frozenset(row["checks"]),
            row["why"],
            row.get("may", False),
            tuple(row.get("but", ())),
        )
        for row in told["red"]
    )
    return Expected(name, places(told["quick"]), rows, told.get("rate", RATE), tuple(told.get("skip", ())))


def command_of(name: str) -> tuple[str, ...]:
    """An instrument that takes many jobs; each job says which provider it is for."""
    bad = (sys.executable, str(CLIENTS / "python" / "bad.py"), "--flaw", name)
    return (*GOOD.get(name, bad), "--provider", "kling", "--jobs-from-stdin")


def flaws() -> Mapping[str, Any]:
    """The flaws of the known-bad Python client, by name."""
    sys.path.insert(0, str(CLIENTS / "python"))
    from flaws.table import FLAWS

    return FLAWS  # type: ignore[no-any-return]


def timing_of(name: str, rate: str) -> Timing:
    return timing_for(command_of(name), rate)


def server_flags(rate: str) -> tuple[str, ...]:
    return ("--clock", rate, "--webhook-secret", WEBHOOK_SECRET)


def scenarios(server: ServerAddress) -> dict[Place, Scenario]:
    """Everything that can be played, by place."""
    with Admin(server) as admin:
        catalogue = catalogue_of(admin)
        names = {provider: names_of(admin, provider) for provider in PROVIDERS}
        known = {name: scenario_of(admin, name, catalogue) for name in set().union(*names.values())}
    made = {scenario.name: scenario for scenario in resume_scenarios(catalogue)}
    return {
        (provider, name): (known | made)[name] for provider in PROVIDERS for name in (*names[provider], *made)
    }


@dataclass(frozen=True)
class Bench:
    """A server and all it can play; ``folder`` is where clients work, and is emptied before each."""

    server: ServerAddress
    known: Mapping[Place, Scenario]
    folder: Path
    rate: str
    workers: int
    timeout_s: float

    def judged(self, name: str, wanted: Sequence[Place]) -> list[Cell]:
        """What the judge says of one instrument at these places."""
        timing = timing_of(name, self.rate)
        client: Client = command_client(command_of(name), timing, takes_jobs=True)
        shutil.rmtree(self.folder / name, ignore_errors=True)
        rules = Rules(0, self.timeout_s, timing, self.folder / name, client_env, listens=True)
        entrants = [Entrant(self.known[place], place[0]) for place in wanted]
        try:
            return list(Matrix(self.server, client, rules, self.workers).run(entrants, {}).cells)
        finally:
            client.close()


def reds(cells: Iterable[Cell]) -> Reds:
    return {
        (cell.provider, cell.scenario): frozenset(judgement.check for judgement in cell.failed)
        for cell in cells
    }


def evidence(cells: Iterable[Cell]) -> str:
    """What the judge found, for a person who wonders why."""
    return "\n".join(
        f"{cell.provider} {cell.scenario}: {judgement.check}: {finding.says}"
        for cell in cells
        for judgement in cell.failed
        for finding in judgement.findings
    )
