"""A scenario as the server tells it, and what the judge needs to know of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import cast

import msgspec
from msgspec import Struct, field

from contracts.witness.admin import Admin

Facts = Mapping[str, object]
"""A row of the fault catalogue, as the server's JSON has it."""

OUTLASTING = frozenset({"stuck-processing", "stuck-queued", "very-slow-success"})
"""Faults of tasks that go on for longer than anybody waits."""
_ERROR = "error:"


class Crash(Struct, frozen=True):
    """When to kill the client, to start it again: as soon as ``requests`` of ``operation`` stand in the journal.

    The operation is one of the judge's own words: identify, submit, poll, download, or any.
    """

    operation: str
    requests: int = 1


class Origin(StrEnum):
    """Where a scenario comes from."""

    SERVER = "server"
    FILE = "file"
    RUNNER = "runner"
    """The runner makes it itself: the server plays ``body``, and the runner does the rest."""


class Scenario(Struct, frozen=True):
    """``body`` is what the server is to play. ``faults`` are the catalogue's rows of its faults, by id.

    ``source`` is the file that it was read from, if it was.
    """

    name: str
    body: Mapping[str, object]
    faults: Mapping[str, Facts] = field(default_factory=dict)
    origin: Origin = Origin.SERVER
    crash: Crash | None = None
    source: str = ""

    @property
    def title(self) -> str:
        return str(self.body.get("title", ""))

    @property
    def says(self) -> str:
        return str(self.body.get("says", ""))

    @property
    def motive(self) -> str:
        return str(self.body.get("motive", ""))

    @property
    def link(self) -> str | None:
        link = self.body.get("link")
        return str(link) if link else None

    @property
    def providers(self) -> tuple[str, ...]:
        named = self.body.get("providers", ["kirin", "gmi", "kling"])
        return tuple(map(str, cast(Sequence[object], named)))

    @property
    def expected(self) -> str:
        expect = self.body.get("expect")
        return str(expect.get("outcome", "success")) if isinstance(expect, Mapping) else "success"

    @property
    def with_callback(self) -> bool:
        return bool(self.body.get("with_callback", False))

    @property
    def states_media(self) -> bool:
        return bool(self.body.get("media"))

    def job_url(self, kind: str) -> str:
        """The ``kind`` ("video" or "audio") that the client is to name; empty where the runner chooses."""
        job = self.body.get("job")
        url = job.get(f"{kind}_url") if isinstance(job, Mapping) else None
        return str(url or "")

    @property
    def is_server_wide(self) -> bool:
        """Whether other tenants of the server would feel it."""
        return any(row.get("is_server_wide") for row in self.faults.values())

    @property
    def outlasts_clients(self) -> bool:
        """Whether all that a client can do in the end is to give up: it waits, and does next to no work."""
        return not OUTLASTING.isdisjoint(self.faults)

    @property
    def layers(self) -> frozenset[str]:
        return frozenset(str(row.get("layer", "")) for row in self.faults.values())


class _Names(Struct):
    scenarios: list[dict[str, object]]


class _Told(Struct):
    scenario: dict[str, object]


class _Catalogue(Struct):
    faults: list[dict[str, object]]


def catalogue_of(admin: Admin) -> Mapping[str, Facts]:
    """Every fault that the server knows, by id."""
    return {str(row["id"]): row for row in admin.read("faults/catalogue", _Catalogue).faults}


def names_of(admin: Admin, provider: str) -> tuple[str, ...]:
    """The scenarios that can be played at ``provider``, in the server's order."""
    return tuple(str(row["name"]) for row in admin.read("scenarios", _Names, provider=provider).scenarios)


def scenario_of(admin: Admin, name: str, catalogue: Mapping[str, Facts]) -> Scenario:
    """The server's scenario of that name. Raises AdminError."""
    return scenario_from(admin.read(f"scenarios/{name}", _Told).scenario, catalogue)


def scenario_from(
    body: Mapping[str, object], catalogue: Mapping[str, Facts], origin: Origin = Origin.SERVER
) -> Scenario:
    """The scenario with the rows of its faults."""
    specs = cast(Sequence[object], body.get("faults", ()))
    faults = {fault: catalogue.get(row_of(fault), {}) for fault in map(fault_id, specs)}
    return Scenario(str(body["name"]), body, faults, origin, _crash(body))


def _crash(body: Mapping[str, object]) -> Crash | None:
    job = body.get("job")
    crash = job.get("crash") if isinstance(job, Mapping) else None
    return msgspec.convert(crash, Crash) if crash else None


def fault_id(spec: object) -> str:
    """The id in a fault of a scenario, which is a form or ``ID@ON#WINDOW;name=value``."""
    if isinstance(spec, Mapping):
        return str(spec.get("fault", ""))
    text, _, _ = str(spec).partition(";")
    name, _, rest = text.partition("@")
    in_task = name.startswith(_ERROR) and rest.partition("#")[0] == "task"
    return f"{name.partition('#')[0]}{'@task' if in_task else ''}"


def row_of(fault: str) -> str:
    """Under which id the catalogue has it: an error of a task stands where the same error of an answer does."""
    return fault.removesuffix("@task") if fault.startswith(_ERROR) else fault


def decoded(body: bytes) -> Mapping[str, object]:
    return msgspec.json.decode(body, type=dict[str, object])
