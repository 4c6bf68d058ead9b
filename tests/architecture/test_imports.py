"""Imports point one way. A rule that is only written down drifts; this one is walked."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.architecture.conftest import Module

PROVIDERS = ("gmi", "kirin", "kling")
CONTRACT = frozenset({"contracts.model", "contracts.contract", "contracts.document"})

DOCUMENTS = frozenset(
    {"contracts", *CONTRACT, "contracts.media_rules", "contracts.shared_rules", "contracts.wording"}
)
"""What a provider promises. Everything else in ``contracts`` judges whether somebody keeps it."""
JUDGES = "contracts.judges"
"""Stands for the modules beside the rooms: a whole check, a search, what a user inherits from."""

_PROMISES = frozenset({*CONTRACT, "contracts.media_rules"})
_PLAYS = frozenset({"contracts.witness", "contracts.checks", "contracts.client", "contracts.cells"})

ROOMS: dict[str, frozenset[str]] = {
    "contracts": frozenset(),
    "contracts.witness": _PROMISES,
    "contracts.checks": _PROMISES | {"contracts.witness"},
    "contracts.client": frozenset({"contracts.witness"}),
    "contracts.cells": _PROMISES | {"contracts.witness", "contracts.checks", "contracts.client"},
    "contracts.report": frozenset({"contracts.witness", "contracts.checks", "contracts.cells"}),
    "contracts.stories": _PROMISES | {"contracts.witness"},
    "contracts.strategies": _PROMISES | {"contracts.witness", "contracts.stories"},
    "contracts.lockstep": frozenset(),
    "contracts.inline": frozenset({"contracts.lockstep"}),
    "contracts.bench": _PLAYS | {"contracts.inline", "contracts.lockstep", "contracts.stories"},
    "contracts.plugin": _PROMISES | _PLAYS | {"contracts.bench", "contracts.lockstep"},
    "contracts.conform": _PROMISES | {"contracts.witness", "contracts.report"},
    JUDGES: frozenset({"contracts"}),
    "mock_server.core": frozenset({"contracts.model"}),
    "mock_server.settings": frozenset({"mock_server.core"}),
    "mock_server.media": frozenset({"mock_server.core"}),
    "mock_server.stores": frozenset({"mock_server.core"}),
    "mock_server.outbound": frozenset({"mock_server.core"}),
    "mock_server.callbacks": frozenset(
        {"mock_server.core", "mock_server.outbound", "mock_server.stores.base"}
    ),
    "mock_server.flow": frozenset(
        {
            *CONTRACT,
            "mock_server.core",
            "mock_server.media",
            "mock_server.settings",
            "mock_server.stores.base",
        }
    ),
    "mock_server.results": frozenset(
        {*CONTRACT, "mock_server.core", "mock_server.flow", "mock_server.media", "mock_server.stores.base"}
    ),
    "mock_server.providers": frozenset(
        {*CONTRACT, "mock_server.core", "mock_server.flow", "mock_server.stores.base"}
    ),
    "mock_server.faults": frozenset(
        {
            *CONTRACT,
            "mock_server.callbacks.packing",
            "mock_server.callbacks.signing",
            "mock_server.core",
            "mock_server.flow",
            "mock_server.media",
            "mock_server.providers.base",
            "mock_server.stores.base",
        }
    ),
    "mock_server.scenarios": frozenset(
        {*CONTRACT, "mock_server.core", "mock_server.faults", "mock_server.media", "mock_server.settings"}
    ),
    "mock_server.edge": frozenset(
        {
            *CONTRACT,
            "mock_server.core",
            "mock_server.faults",
            "mock_server.flow",
            "mock_server.providers.base",
            "mock_server.settings",
        }
    ),
    "mock_server.tls": frozenset({"mock_server.core"}),
    "mock_server.wall": frozenset(),
}
"""What each room may know beside itself. Rooms that are not here stand on top and may know everything below."""

ON_TOP = (
    "mock_server.admin",
    "mock_server.app",
    "mock_server.back_office",
    "mock_server.cli",
    "mock_server.hosting",
    "mock_server.house",
    "mock_server.outgoing",
    "mock_server.__main__",
)

EXCEPTIONS: dict[tuple[str, str], str] = {
    ("mock_server.providers.gmi.anatomy", "mock_server.providers.kling.anatomy"): (
        "the callback that GMI passes on is Kling's, so its parts stand where Kling puts them"
    ),
    ("mock_server.providers.gmi.surface", "mock_server.providers.kling.wire"): (
        "GMI passes Kling's callback on as it is, so its body is Kling's to word"
    ),
    ("mock_server.providers.kirin.surface", "mock_server.providers.kling.wire"): (
        "in one dialect Kirin passes Kling's callback on as it is"
    ),
    ("mock_server.providers.kirin.surface", "contracts.kirin.errors"): (
        "which rows stand for the upstream's refusals is a fact of Kirin's table"
    ),
    ("mock_server.providers.kirin.wire", "contracts.kirin.errors"): "the same",
    ("mock_server.providers.gmi.uploads", "mock_server.results.upload_address"): (
        "GMI hands out the signed addresses that results takes files at"
    ),
}
"""Single imports against the direction, each with its reason."""

STARTS_A_SERVER = "contracts.plugin"
"""The only room of the judging half that knows the simulator: a test without a server gets one in its process."""

LIBRARIES: dict[str, frozenset[str]] = {
    "contracts": frozenset({"jsonschema_rs", "msgspec", "yaml"}),
    JUDGES: frozenset({"hypothesis", "pytest", "redis", "yaml"}),
    "contracts.witness": frozenset({"httpx"}),
    "contracts.checks": frozenset(),
    "contracts.client": frozenset(),
    "contracts.cells": frozenset({"yaml"}),
    "contracts.report": frozenset({"jinja2", "rich"}),
    "contracts.stories": frozenset(),
    "contracts.strategies": frozenset({"hypothesis"}),
    "contracts.lockstep": frozenset(),
    "contracts.inline": frozenset({"_typeshed"}),
    "contracts.bench": frozenset(),
    "contracts.plugin": frozenset({"anyio", "h11", "httpx", "pytest"}),
    "contracts.conform": frozenset({"httpx", "hypothesis", "schemathesis"}),
    "mock_server.core": frozenset(),
    "mock_server.flow": frozenset(),
    "mock_server.settings": frozenset(),
    "mock_server.wall": frozenset(),
    "mock_server.house": frozenset(),
    "mock_server.outgoing": frozenset(),
    "mock_server.media": frozenset({"pybase64"}),
    "mock_server.stores": frozenset({"msgspec"}),
    "mock_server.outbound": frozenset({"httpx"}),
    "mock_server.callbacks": frozenset({"httpx"}),
    "mock_server.providers": frozenset({"jwt", "msgspec", "pybase64"}),
    "mock_server.results": frozenset({"starlette"}),
    "mock_server.edge": frozenset({"msgspec", "starlette"}),
    "mock_server.faults": frozenset({"msgspec", "pybase64"}),
    "mock_server.scenarios": frozenset({"pydantic", "yaml"}),
    "mock_server.tls": frozenset({"trustme"}),
}
"""What each room may use beside the standard library and ``msgspec``, whose Struct our values are made of.

The web framework stops at the edge.
"""


def room_of(name: str) -> str:
    room = ".".join(name.split(".")[:2])
    if name in DOCUMENTS or room in {f"contracts.{provider}" for provider in PROVIDERS}:
        return "contracts"
    return JUDGES if name.startswith("contracts") and room not in ROOMS else room


def is_below(name: str, allowed: frozenset[str]) -> bool:
    return any(name == place or name.startswith(f"{place}.") for place in allowed)


def is_ours(name: str) -> bool:
    return name.partition(".")[0] in {"mock_server", "contracts"}


def against(module: Module) -> list[str]:
    """The imports of ``module`` that its room may not have."""
    room = room_of(module.name)
    allowed = ROOMS[room] | {room, "mock_server._version"}
    if is_below(module.name, frozenset({STARTS_A_SERVER})):
        allowed |= {"mock_server"}
    return [
        name
        for name in sorted(module.imports)
        if is_ours(name) and not is_below(name, allowed) and (module.name, name) not in EXCEPTIONS
    ]


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_knows_only_what_lies_below_it(sources: tuple[Module, ...], room: str) -> None:
    inside = [module for module in sources if room_of(module.name) == room]
    assert inside, "the room exists"
    assert {module.path: against(module) for module in inside if against(module)} == {}


def test_every_file_has_a_room(sources: tuple[Module, ...]) -> None:
    rooms = {room_of(module.name) for module in sources}
    assert rooms - set(ROOMS) - set(ON_TOP) == {"mock_server", "mock_server._version"}
    assert set(ON_TOP) <= rooms


def test_the_judge_does_not_share_the_defendants_code(sources: tuple[Module, ...]) -> None:
    for module in sources:
        if module.name.startswith("contracts") and not is_below(module.name, frozenset({STARTS_A_SERVER})):
            assert not [name for name in module.imports if name.startswith("mock_server")], module.path


def test_what_a_provider_documents_knows_nobody(sources: tuple[Module, ...]) -> None:
    for module in sources:
        if module.name.count(".") == 2 and module.name.split(".")[1] in PROVIDERS:
            ours = {name for name in module.imports if is_ours(name)}
            assert ours <= {"contracts.model", "contracts.shared_rules"}, module.path


def test_providers_do_not_know_each_other(sources: tuple[Module, ...]) -> None:
    folders = [f"mock_server.providers.{name}" for name in ("gmi", "kirin", "kling")]
    for module in sources:
        here = next((folder for folder in folders if is_below(module.name, frozenset({folder}))), None)
        others = frozenset(folders) - {here} if here else frozenset()
        shared = [name for name in module.imports if is_below(name, others)]
        assert [name for name in shared if (module.name, name) not in EXCEPTIONS] == [], module.path


def test_what_all_providers_share_knows_none_of_them(sources: tuple[Module, ...]) -> None:
    folders = frozenset(f"mock_server.providers.{name}" for name in ("gmi", "kirin", "kling"))
    for module in sources:
        if room_of(module.name) == "mock_server.providers" and not is_below(module.name, folders):
            assert not [name for name in module.imports if is_below(name, folders)], module.path


def test_every_exception_is_still_needed(sources: tuple[Module, ...]) -> None:
    imports = {module.name: module.imports for module in sources}
    assert [pair for pair in EXCEPTIONS if pair[1] not in imports.get(pair[0], set())] == []


@pytest.mark.parametrize("room", LIBRARIES)
def test_a_room_uses_only_its_libraries(sources: tuple[Module, ...], room: str) -> None:
    used = {
        (module.path, name.partition(".")[0])
        for module in sources
        if room_of(module.name) == room
        for name in module.imports
        if not is_ours(name) and name.partition(".")[0] not in sys.stdlib_module_names
    }
    assert {library for _, library in used} <= {*LIBRARIES[room], "msgspec"}, used


def test_modules_load_each_other_in_no_circle(sources: tuple[Module, ...]) -> None:
    waiting = {module.name: {name for name in module.loads if is_ours(name)} for module in sources}
    while waiting:
        free = {name for name, needs in waiting.items() if not needs & (waiting.keys() - {name})}
        assert free, f"these load each other: {sorted(waiting)}"
        for name in free:
            del waiting[name]
