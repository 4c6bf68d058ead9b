"""A client that runs by itself, from a fresh tenant to the verdicts."""

from __future__ import annotations

import sys
import threading
from pathlib import Path

import pytest
from msgspec.structs import replace

from contracts.cells.cell import RUNNER
from contracts.cells.driver import command_client
from contracts.cells.stage import Stage
from contracts.checks.model import Verdict
from contracts.client.callable import Function
from contracts.witness.receiver import Receiver
from contracts.witness.scenario import catalogue_of, scenario_of
from contracts.witness.server import ServerAddress
from contracts.witness.witnessed import LineKind

CAREFUL = Path(__file__).parents[3] / "fixtures" / "clients" / "python" / "good.py"


@pytest.fixture
def play(server, rules, surface):
    """Play a scenario of the server with a client, as ``play(client, name)``."""
    catalogue = catalogue_of(surface)

    def played(client, name, *, at=server, **changes):
        with Receiver() as receiver:
            stage = Stage(at, client, replace(rules, **changes), receiver, threading.Event())
            return stage.play(scenario_of(surface, name, catalogue), "kling")

    return played


def verdicts(played, verdict):
    return {one.check for one in played.cell.judgements if one.verdict is verdict}


def test_a_good_day_is_green(play, client):
    played = play(client, "happy")
    assert played.cell.is_green, played.cell.failed
    assert {"survives", "one-submit", "whole-file", "secret-stays-home"} <= verdicts(played, Verdict.PASS)
    assert played.cell.outcome.exit_code == 0
    assert played.coverage.share > 0
    assert played.ledger[0].renders == 1


def test_a_bad_day_is_red_with_evidence(play, client):
    cell = play(client, "fault/gateway-502-html").cell
    assert {one.check for one in cell.failed} >= {"survives", "same-task"}
    (finding,) = next(one for one in cell.failed if one.check == "same-task").findings
    assert any("502" in quote for quote in finding.quotes)
    assert "HTTPError" in cell.outcome.stderr
    assert cell.story


def test_the_same_cell_is_the_same_to_the_letter(play, client):
    first, again = (play(client, "happy", seed=5).cell for _ in range(2))
    assert [(line.target, line.status) for line in first.lines] == [
        (line.target, line.status) for line in again.lines
    ]
    other = play(client, "happy", seed=6).cell
    assert [line.target for line in first.lines] != [line.target for line in other.lines]


def test_a_client_that_never_ends_is_killed_in_time(play, timing):
    client = command_client(["sleep", "3600"], timing)
    cell = play(client, "happy", timeout_s=1.0).cell
    assert cell.outcome.is_killed
    assert {"survives", "gives-up-in-time"} <= {one.check for one in cell.failed}
    assert cell.outcome.wall_ms < 30_000


def test_a_client_that_cannot_be_started_is_a_finding_of_the_runner(play, timing):
    client = command_client(["sleep"], timing)
    client.command = ("no-such-program",)
    cell = play(client, "happy").cell
    assert [one.check for one in cell.failed] == [RUNNER]
    assert "cannot start no-such-program" in cell.failed[0].findings[0].says


def test_a_server_that_is_gone_is_a_finding_of_the_runner(play, client):
    cell = play(client, "happy", at=ServerAddress("http://127.0.0.1:1")).cell
    assert "no lipflap answers" in cell.failed[0].findings[0].says


def test_a_replay_names_the_cell_and_the_client(play, client):
    cell = play(client, "happy", seed=3, flags=("--timeout", "9")).cell
    assert cell.replay.startswith("lipflap replay happy@3 --provider kling --timeout 9 -- ")
    assert cell.replay.endswith("tiny.py")


def test_callbacks_that_our_own_receiver_took_are_not_the_clients(play, client):
    cell = play(client, "fault/callback-bad-signature").cell
    assert all(line.kind is LineKind.EXCHANGE for line in cell.lines)
    assert "forged-callback" not in {one.check for one in cell.failed}
    assert "callback_url" in cell.lines[1].request.data.decode()


def test_a_client_with_a_receiver_is_told_where_to_listen(play):
    told = {}

    def client(job):
        told.update(job.environment)
        raise RuntimeError("that is all")

    play(Function(client), "fault/callback-lost", listens=True)
    assert told["LIPFLAP_CALLBACK_URL"] == f"http://{told['LIPFLAP_CALLBACK_LISTEN']}/callback"
    assert told["LIPFLAP_WEBHOOK_SECRET"].startswith("whsec_")
    assert told["LIPFLAP_DEADLINE_S"] == "120"


def test_callbacks_that_are_on_their_way_when_the_client_ends_are_seen(play, timing):
    client = command_client([sys.executable, str(CAREFUL), "--provider", "kling"], timing)
    cell = play(client, "fault/callback-storm", listens=True).cell
    assert cell.is_green, cell.failed
    assert "callback.succeeded" in {line.operation for line in cell.lines}
