"""Clients that are killed amid a job and begin again."""

from __future__ import annotations

import pytest

from contracts.cells.resume import ROWS, is_reached, killed_and_resumed, resume_scenario, resume_scenarios
from contracts.client.model import Ending
from contracts.witness.scenario import Crash, catalogue_of
from contracts.witness.wall import steady_s


def test_every_row_names_a_fault_that_exists(surface):
    catalogue = catalogue_of(surface)
    for scenario in resume_scenarios(catalogue):
        assert scenario.crash is not None
        assert all(scenario.faults.values()), scenario.name


def test_any_step_can_be_asked_for():
    scenario = resume_scenario("resume/at-step-5", {})
    assert scenario is not None
    assert scenario.crash == Crash("any", 5)
    assert resume_scenario("resume/at-step-0", {}) is None
    assert resume_scenario("happy", {}) is None
    assert resume_scenario(ROWS[0].name, {}) is not None


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name.rpartition("/")[2])
def test_a_client_is_killed_where_the_row_says_and_begins_again(admin, client, job_in, row):
    job = job_in()
    with type(admin)(admin.server, job.key) as mine:
        mine.send("POST", "scenarios", row.body)
        waited = []

        def wait(running) -> Ending:
            waited.append(running)
            return running.kill()

        assert row.crash is not None
        killed_and_resumed(client, job, row.crash, mine, wait, steady_s() + 30)
        assert len(waited) == 1
        assert is_reached(row.crash, mine)
        # the client says so once in each life
        assert (job.folder / "stdout.txt").read_text().count("beginning") >= 1


def test_one_that_ends_before_is_not_started_again(admin, client, job_in):
    job = job_in(LIPFLAP_VIDEO_URL="ftp://nowhere")
    ending = killed_and_resumed(client, job, Crash("download"), admin, never, steady_s() + 30)
    assert ending.exit_code == 1


def never(running):
    raise AssertionError("it is not started again")
