"""An instrument that is started as a command is judged as the function is."""

from __future__ import annotations

import sys

import pytest

from contracts.cells.driver import command_client
from contracts.cells.selection import Selection
from contracts.cells.timing import timing_for
from contracts.check import Wanted, check
from mock_server.cli.client_env import client_env

PLAYED = ("happy", "fault/gateway-502-html", "fault/html-200", "fault/rate-429-seconds", "resume/at-poll-2")


@pytest.mark.e2e
@pytest.mark.parametrize("name", ["good-sync", "gives-up-at-first-bad-poll"])
def test_a_command_is_judged_as_the_function_is(rig, name, tmp_path):
    python = rig.CLIENTS / "python"
    client = ["good.py"] if name in rig.GOOD else ["bad.py", "--flaw", name]
    argv = [sys.executable, str(python / client[0]), *client[1:], "--provider", "gmi", "--jobs-from-stdin"]
    timing = timing_for(argv)
    wanted = Wanted(("gmi",), client_env, Selection(PLAYED), folder=tmp_path)
    run = check(wanted, command_client(argv, timing, takes_jobs=True), timing)
    assert len(run.cells) == len(PLAYED)
    assert not rig.table()[name].differences(rig.reds(run.cells)), rig.evidence(run.cells)
