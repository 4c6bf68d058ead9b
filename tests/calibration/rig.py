"""The instruments, what the table expects of the judge, and what the judge says of them."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from contracts.bench.direct import DirectAdmin
from contracts.cells.cell import Entrant, Rules
from contracts.cells.result import Cell
from contracts.cells.timing import IN_STEP
from contracts.check import Wanted, entrants_of
from contracts.client.callable import Work
from mock_server.cli.client_env import client_env
from mock_server.cli.function_bench import bench_of, bench_settings, function_named
from mock_server.hosting.inline import InlineServer

ROOT = Path(__file__).parents[2]
CLIENTS = ROOT / "fixtures" / "clients"
TABLE = ROOT / "fixtures" / "calibration.yaml"
PROVIDERS = ("kling", "gmi", "kirin")
TIMEOUT_S = 600.0
GOOD: Mapping[str, str] = {"good-sync": "good:run", "good-async": "good:run_async"}

sys.path.insert(0, str(CLIENTS / "python"))

Place = tuple[str, str]
"""A provider and a scenario."""
Reds = dict[Place, frozenset[str]]
"""The checks that failed, by place; a green cell has none."""


@dataclass(frozen=True)
class Row:
    """Where a flaw is red. ``at`` and ``but`` are globs of scenarios."""

    at: tuple[str, ...]
    checks: frozenset[str]
    why: str
    providers: tuple[str, ...] = PROVIDERS
    but: tuple[str, ...] = ()

    def has(self, place: Place) -> bool:
        provider, scenario = place
        is_here = provider in self.providers and _is_among(scenario, self.at)
        return is_here and not _is_among(scenario, self.but)


def _is_among(name: str, patterns: Sequence[str]) -> bool:
    return any(fnmatchcase(name, pattern) for pattern in patterns)


@dataclass(frozen=True)
class Expected:
    """One instrument's part of the table: what is red where, and all else is green."""

    name: str
    providers: tuple[str, ...] = PROVIDERS
    red: tuple[Row, ...] = ()

    def red_at(self, place: Place) -> frozenset[str]:
        return frozenset().union(*(row.checks for row in self.red if row.has(place)))

    def differences(self, seen: Reds) -> list[str]:
        """One line for each place where the judge says something else than the table."""
        return [line for place, checks in seen.items() for line in self._about(place, checks)]

    def _about(self, place: Place, checks: frozenset[str]) -> Iterator[str]:
        named, expected = f"{self.name}: {' '.join(place)}", self.red_at(place)
        if missed := expected - checks:
            yield f"{named}: not red, and should be: {', '.join(sorted(missed))}"
        if excess := checks - expected:
            yield f"{named}: red, and should not be: {', '.join(sorted(excess))}"


@cache
def table() -> Mapping[str, Expected]:
    """Every instrument of fixtures/calibration.yaml by its name, the good ones first."""
    told = _told()["flaws"]
    good = {name: Expected(name) for name in GOOD}
    return good | {
        name: Expected(name, flaw.providers, tuple(map(_row, told[name]))) for name, flaw in flaws().items()
    }


def each_time() -> tuple[str, ...]:
    """Scenarios that every run of the tests plays with every instrument."""
    return tuple(_told()["each_time"])


@cache
def _told() -> Mapping[str, Any]:
    told: Mapping[str, Any] = yaml.safe_load(TABLE.read_text(encoding="utf-8"))
    return told


def _row(told: Mapping[str, Any]) -> Row:
    providers = tuple(told.get("providers", PROVIDERS))
    return Row(
        tuple(told["at"]), frozenset(told["checks"]), told["why"], providers, tuple(told.get("but", ()))
    )


def flaws() -> Mapping[str, Any]:
    """The flaws of the known-bad Python client, by name."""
    from flaws.table import FLAWS

    return FLAWS  # type: ignore[no-any-return]


def name_of(instrument: str) -> str:
    """What ``--callable`` takes for it."""
    return GOOD.get(instrument) or f"bad:{instrument.replace('-', '_')}"


def function_of(instrument: str) -> Work:
    return function_named(name_of(instrument))


def entrants(providers: Sequence[str] = PROVIDERS) -> dict[Place, Entrant]:
    """Everything that can be played, by place."""
    with InlineServer(bench_settings()) as server:
        found = entrants_of(DirectAdmin(server, ""), Wanted(tuple(providers), client_env))
    return {(one.provider, one.scenario.name): one for one in found}


def rules(folder: Path) -> Rules:
    """As ``lipflap check --callbacks`` plays."""
    return Rules(0, TIMEOUT_S, IN_STEP, folder, client_env, listens=True)


def judged(instrument: str, cells: Iterable[Entrant], folder: Path) -> list[Cell]:
    """What the judge says of it, in this process."""
    with bench_of(function_of(instrument), rules(folder), name_of(instrument)) as bench:
        return [bench.perform(entrant).cell for entrant in cells]


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
