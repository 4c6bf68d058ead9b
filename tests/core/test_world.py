"""A tenant's world, and the fingerprint that stands for its key."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from mock_server.core.clock import Clock, ClockMode
from mock_server.core.ids import Choices
from mock_server.core.world import World, tenant_of

keys = st.text(st.characters(), min_size=1, max_size=60)


@given(keys)
def test_a_tenant_is_a_fingerprint_that_shows_nothing_of_the_key(key: str) -> None:
    tenant = tenant_of(key)
    assert re.fullmatch(r"t[0-9a-f]{18}", tenant)
    assert len(key) < 4 or key not in tenant


@given(st.sets(keys, max_size=20))
def test_different_keys_open_different_worlds(several: set[str]) -> None:
    assert len({tenant_of(key) for key in several}) == len(several)


def test_a_key_opens_the_same_world_after_an_update() -> None:
    """Recorded: a store of yesterday finds its tenants by these names."""
    assert tenant_of("key") == "tc107b52579a0b5eac8"


def test_even_a_key_that_is_no_text_has_a_tenant() -> None:
    assert tenant_of("\ud800") != tenant_of("\ud801")


def test_what_a_world_chooses_hangs_on_its_seed_and_its_tenant() -> None:
    world = World("tenant", 7, Clock(ClockMode.MANUAL, 0, 0, 0.0))
    assert world.choices.digest(1) == Choices(7, "tenant").digest(1)
