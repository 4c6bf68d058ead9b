"""What starts a client that is a command, and what that client finds around it."""

from __future__ import annotations

import pytest

from contracts.cells.driver import command_client
from contracts.witness.usage import UsageError


def test_a_program_that_does_not_exist_is_a_mistake(timing):
    with pytest.raises(UsageError, match="there is no program"):
        command_client(["no-such-program"], timing)


def test_settings_meant_for_a_server_do_not_reach_the_client(monkeypatch, timing, job_in):
    monkeypatch.setenv("LIPFLAP_FAULT", "stuck-queued")
    running = command_client(["sh", "-c", "echo $LIPFLAP_FAULT-$LIPFLAP_TIME"], timing).start(job_in())
    ending = None
    while ending is None:
        ending = running.wait(1)
    assert ending.stdout.startswith("-")
    assert ending.stdout.strip().endswith(" 40")
