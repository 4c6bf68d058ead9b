"""A tenant of its own for each cell."""

from __future__ import annotations

import msgspec

from contracts.cells.tenant import key_of, prepare
from contracts.cells.timing import real_time
from contracts.witness.observer import now_ms
from contracts.witness.scenario import Scenario
from contracts.witness.wall import unix_s


def test_the_same_cell_has_the_same_key_and_no_other_has_it():
    cells = [("kling", "happy", 0), ("kling", "happy", 1), ("gmi", "happy", 0), ("kling", "forever", 0)]
    keys = [key_of(*cell) for cell in cells]
    assert keys == [key_of(*cell) for cell in cells]
    assert len(set(keys)) == len(cells)


def test_a_tenant_plays_the_scenario_with_the_seed_at_the_clients_time(admin, timing):
    scenario = Scenario("mine", {"name": "mine", "pace": "polls:5", "clock": "manual"})
    prepare(admin, scenario, 7, timing)
    told = msgspec.json.decode(admin.get("clock"))
    assert (told["mode"], told["rate"]) == ("scaled", timing.rate)
    assert abs(now_ms(admin) / 1000 - timing.faster_s(unix_s())) < 60
    prepare(admin, scenario, 7, real_time())
    assert msgspec.json.decode(admin.get("clock"))["mode"] == "real"


def test_a_tenant_is_new_each_time(admin, timing):
    scenario = Scenario("mine", {"name": "mine", "faults": ["stall-headers"]})
    for _ in range(2):
        prepare(admin, scenario, 0, timing)
        assert len(msgspec.json.decode(admin.get("faults"))["faults"]) == 1
        assert list(admin.pages("journal", "entries", dict[str, object])) == []
