"""The core takes time, identity and chance as arguments; and one place of all reads the machine's clock."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.architecture.conftest import Module

CLOCKS = {"time", "datetime"}
CHANCE = {"random", "secrets"}
WORLD = {
    "asyncio",
    "os",
    "io",
    "pathlib",
    "socket",
    "sqlite3",
    "ssl",
    "subprocess",
    "tempfile",
    "threading",
    "urllib",
}

LOCKSTEP = "contracts.lockstep."
"""Takes the machine's clocks from a client and gives it others: that is all about clocks."""

READS_A_CLOCK = {
    "contracts.witness.wall": "the judging half's one place",
    "contracts.plugin.clock": "writes moments of the virtual clock as text, and reads no clock",
    "contracts.plugin.transport": "waits as long as a client's own timeout says",
    "contracts.client.preload.lipflap_time": "takes the machine's clocks from a client and gives it faster ones",
    "mock_server.wall": "the one place",
    "mock_server.cli.demo.timeline": "shows a person how long the demo took",
    "mock_server.admin.view": "writes moments of the virtual clock as text, and reads no clock",
    "mock_server.admin.advice": "reads the date of a Retry-After, and no clock",
    "mock_server.faults.grammar": "reads a moment that a person wrote, and no clock",
    "mock_server.tls": "asks whether a certificate has run out",
}
"""Modules that may import a clock, and what for."""


ROLLS_DICE = {"contracts/bench/chance.py": "gives a client the same dice each time"}


def imported(module: Module) -> set[str]:
    return {name.partition(".")[0] for name in module.imports}


def calls(module: Module) -> set[str]:
    """The names that are called, with what they are called on where that is a name."""
    found = set()
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Call):
            found.add(ast.unparse(node.func))
    return found


def test_the_core_reads_no_clock_rolls_no_dice_and_touches_nothing(sources: tuple[Module, ...]) -> None:
    core = [module for module in sources if module.name.startswith("mock_server.core")]
    assert len(core) > 10
    for module in core:
        assert not imported(module) & (CLOCKS | CHANCE | WORLD), module.path
        assert not {name for name in calls(module) if "uuid4" in name or "uuid1" in name or name == "open"}


def test_nothing_in_the_core_waits(sources: tuple[Module, ...]) -> None:
    for module in sources:
        if module.name.startswith("mock_server.core"):
            assert not any(
                isinstance(node, ast.AsyncFunctionDef | ast.Await) for node in ast.walk(module.tree)
            )


def test_one_place_reads_the_machines_clock(sources: tuple[Module, ...]) -> None:
    clocks = {
        module.name
        for module in sources
        if imported(module) & CLOCKS and not module.name.startswith(LOCKSTEP)
    }
    assert clocks <= set(READS_A_CLOCK)


def test_nobody_rolls_dice(sources: tuple[Module, ...]) -> None:
    rollers = {
        module.path
        for module in sources
        if imported(module) & CHANCE or any("uuid4" in name or "urandom" in name for name in calls(module))
    }
    assert rollers == set(ROLLS_DICE)


@pytest.mark.parametrize("word", ["sleep"])
def test_no_test_waits_for_time_to_pass(tests: tuple[Module, ...], word: str) -> None:
    # real processes over real sockets have to be waited for; giving way to other tasks (sleep(0)) is no waiting;
    # and where the clocks are ours, a sleep of half an hour takes no time
    rooms = ("bench", "lockstep", "plugin")
    allowed = ("tests/e2e/", "tests/bench/", *(f"tests/contracts/{room}/" for room in rooms))
    for module in tests:
        if module.path.startswith(allowed):
            continue
        waits = [
            ast.unparse(node)
            for node in ast.walk(module.tree)
            if isinstance(node, ast.Call) and ast.unparse(node.func).endswith(f"{word}")
        ]
        assert [call for call in waits if not call.endswith("sleep(0)")] == [], module.path


def test_the_core_takes_values_from_msgspec_and_nothing_that_reads_or_writes(
    sources: tuple[Module, ...],
) -> None:
    taken = {
        alias.name
        for module in sources
        if module.name.startswith(("mock_server.core", "contracts.model"))
        for node in ast.walk(module.tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("msgspec")
        for alias in node.names
    }
    assert taken == {"Struct", "field", "replace"}
