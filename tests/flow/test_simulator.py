"""The parts of a server: a world for each tenant, and the dialects that hold in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace

from mock_server.core.clock import MANUAL_EPOCH_MS, ClockMode
from mock_server.core.dialect import Dialect
from mock_server.flow.simulator import table_of

if TYPE_CHECKING:
    from tests.flow.conftest import MakeSimulator


def test_a_new_tenant_gets_the_servers_clock_and_seed(make_simulator: MakeSimulator) -> None:
    simulator = make_simulator(seed=7)
    world = simulator.world("tenant")
    assert (world.tenant, world.seed, world.clock.mode, world.dialects) == ("tenant", 7, ClockMode.MANUAL, {})
    assert simulator.now_ms(world) == MANUAL_EPOCH_MS


def test_a_tenant_seen_again_finds_its_world_as_it_left_it(make_simulator: MakeSimulator) -> None:
    simulator = make_simulator()
    world = simulator.world("tenant")
    moved = replace(world, clock=world.clock.moved_to(MANUAL_EPOCH_MS + 5, 1_000))
    simulator.store.save_world(moved)
    assert simulator.world("tenant") == moved
    assert simulator.world("another").clock == world.clock


def test_a_tenants_dialect_comes_before_the_servers_and_that_before_the_default(
    make_simulator: MakeSimulator,
) -> None:
    name = "kling.no_face"
    plain, started = make_simulator(), make_simulator(dialects={name: "empty"})
    world = plain.world("tenant")
    assert plain.dialect(world, name) == "error"
    assert started.dialect(world, name) == "empty"
    assert started.dialect(replace(world, dialects={name: "error"}), name) == "error"


def test_an_unknown_dialect_is_a_bug_of_ours(make_simulator: MakeSimulator) -> None:
    simulator = make_simulator()
    with pytest.raises(KeyError):
        simulator.dialect(simulator.world("tenant"), "kling.none")


def test_two_dialects_of_one_name_are_refused_at_start() -> None:
    row = Dialect("kling.a", ("on",), "", "")
    assert table_of([row]) == {"kling.a": row}
    with pytest.raises(ValueError, match=r"two dialects are called kling\.a"):
        table_of([row, row])
