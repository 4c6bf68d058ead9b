"""Scenarios as the server tells them."""

from __future__ import annotations

import pytest

from contracts.witness.scenario import (
    OUTLASTING,
    Origin,
    catalogue_of,
    fault_id,
    names_of,
    row_of,
    scenario_from,
    scenario_of,
)


@pytest.mark.parametrize(
    ("spec", "fault", "row"),
    [
        ("gateway-502-html", "gateway-502-html", "gateway-502-html"),
        ("gateway-502-html@poll#2-4;times=2", "gateway-502-html", "gateway-502-html"),
        ("stall-headers#2", "stall-headers", "stall-headers"),
        ({"fault": "callback-late", "on": "callback"}, "callback-late", "callback-late"),
        ("error:1301@task", "error:1301@task", "error:1301"),
        ("error:rate-limited@poll#2", "error:rate-limited", "error:rate-limited"),
        ({"fault": "error:moderation@task"}, "error:moderation@task", "error:moderation"),
    ],
)
def test_a_fault_is_found_in_every_form_it_is_written_in(spec, fault, row):
    assert fault_id(spec) == fault
    assert row_of(fault) == row


def test_a_scenario_of_the_server_comes_with_the_rows_of_its_faults(surface):
    catalogue = catalogue_of(surface)
    scenario = scenario_of(surface, "fault/server-restart", catalogue)
    assert scenario.layers == {"network"}
    assert scenario.is_server_wide
    assert scenario.expected == "success"
    assert scenario.providers == ("kirin", "gmi", "kling")
    assert scenario.link == catalogue["server-restart"]["link"]


def test_a_task_that_goes_on_for_ever_outlasts_every_client(surface):
    catalogue = catalogue_of(surface)
    lasting = {
        name: scenario_of(surface, name, catalogue).outlasts_clients
        for name in ("happy", "forever", "sync-like")
    }
    assert lasting == {"happy": False, "forever": True, "sync-like": True}
    assert set(catalogue) >= OUTLASTING


def test_each_provider_has_its_own_scenarios(surface):
    kling, gmi = names_of(surface, "kling"), names_of(surface, "gmi")
    assert kling[0] == gmi[0] == "happy"
    assert "error/kling-slots-full" in set(kling) - set(gmi)


def test_what_a_scenario_does_not_state_is_as_the_server_presumes():
    scenario = scenario_from({"name": "mine"}, {}, Origin.FILE)
    assert (scenario.expected, scenario.with_callback, scenario.link, scenario.is_server_wide) == (
        "success",
        False,
        None,
        False,
    )
    assert scenario.providers == ("kirin", "gmi", "kling")
