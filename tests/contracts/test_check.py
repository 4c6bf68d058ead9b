"""A whole check: the server, the cells, the end."""

from __future__ import annotations

import pytest

from contracts.cells.driver import command_client
from contracts.cells.selection import Selection
from contracts.cells.timing import real_time
from contracts.check import Wanted, check, default_workers
from contracts.witness.usage import UsageError
from mock_server.cli.client_env import client_env


def wanted(*names, providers=("kling",), **more):
    return Wanted(providers, client_env, Selection(names=names), **more)


def test_a_server_is_started_for_the_run(client, timing, tmp_path):
    run = check(wanted("happy", folder=tmp_path), client, timing)
    assert [cell.is_green for cell in run.cells] == [True]
    assert (tmp_path / "kling" / "happy@0" / "output.mp4").is_file()


def test_each_provider_plays_what_is_its_own(server, timing, tiny):
    client = command_client(tiny, timing)
    names = ("error/kling-policy", "error/gmi-*moderation", "happy")
    run = check(wanted(*names, providers=("kling", "gmi"), server=server), client, timing)
    assert [(cell.provider, cell.scenario) for cell in run.cells] == [
        ("kling", "happy"),
        ("kling", "error/kling-policy"),
        ("gmi", "happy"),
        ("gmi", "error/gmi-moderation"),
    ]


def test_steps_to_crash_at_are_asked_for_by_their_full_name(server, client, timing):
    run = check(wanted("resume/at-step-2", server=server), client, timing)
    assert [cell.scenario for cell in run.cells] == ["resume/at-step-2"]


def test_a_file_is_played_and_replayed_by_its_name(server, client, timing):
    body = {"name": "mine/own", "pace": "polls:2", "faults": ["rate-429-seconds@poll#1"]}
    run = check(wanted("mine/own", server=server, files={"mine.yaml": body}), client, timing)
    (cell,) = run.cells
    assert not cell.is_green
    assert cell.replay.startswith("lipflap replay mine.yaml@0 --provider kling")


def test_nothing_left_is_a_mistake(server, client, timing):
    with pytest.raises(UsageError, match="no scenario is left"):
        check(
            Wanted(("kling",), client_env, Selection(("happy",), skips=("happy",)), server=server),
            client,
            timing,
        )
    with pytest.raises(UsageError, match="no scenario has such a name"):
        check(wanted("error/gmi-conflict", server=server), client, timing)


@pytest.mark.parametrize(("timeout_s", "told"), [(None, ["600", "60"]), (5.0, ["5", "5"])])
def test_in_real_time_patience_is_short_where_it_leads_nowhere(server, timeout_s, told):
    client = command_client(["sh", "-c", "echo $LIPFLAP_DEADLINE_S"], real_time())
    run = check(wanted("happy", "forever", server=server, timeout_s=timeout_s), client, real_time())
    budgets = {cell.scenario: cell.outcome.stdout.strip() for cell in run.cells}
    assert [budgets[name] for name in ("happy", "forever")] == told


def test_clients_wait_more_than_they_work():
    assert default_workers() >= 4
