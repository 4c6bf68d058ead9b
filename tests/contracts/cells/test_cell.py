"""From what was seen of a client to its cell."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from contracts.cells.cell import RUNNER, Entrant, Part, of_client
from contracts.cells.place import Callbacks
from contracts.checks import CHECKS
from contracts.checks.model import Verdict
from contracts.witness.observer import Observation
from contracts.witness.scenario import Crash, Scenario
from contracts.witness.witnessed import Line, LineKind, Outcome

HAPPY = Scenario("happy", {"name": "happy", "expect": {"outcome": "success"}})
NOTHING = Observation((), (), (), 0)


@pytest.fixture
def part(in_step, tmp_path):
    def make(scenario=HAPPY, *words, **rules):
        return Part(
            Entrant(scenario, "kling"), replace(in_step, **rules), tmp_path, words or ("--", "client")
        )

    return make


def line(number, kind, status=200):
    return Line(number, 0, kind, "kling", "", "POST", "/", status)


def test_a_cell_has_a_judgement_of_every_check(part):
    made = part()
    played = made.played(made.case("key", NOTHING, Outcome(0), None), NOTHING)
    assert [one.check for one in played.cell.judgements] == [check.id for check in CHECKS]
    assert "survives" in {one.check for one in played.cell.failed}, "nothing was ever asked for"
    assert played.coverage.known
    assert played.coverage.met == ()


def test_a_check_that_breaks_is_not_told_as_the_clients_fault(part):
    def breaks(case):
        raise ZeroDivisionError("oh")

    made = part()
    case = made.case("key", NOTHING, Outcome(0), None)
    (failed,) = made.played(case, NOTHING, checks=(replace(CHECKS[0], judge=breaks),)).cell.failed
    assert failed.check == RUNNER
    assert "the check survives broke: ZeroDivisionError: oh" in failed.findings[0].says


def test_what_could_not_be_played_is_a_finding_of_the_runner(part):
    played = part().unplayed("the server is gone", 7)
    (judgement,) = played.cell.judgements
    assert (judgement.check, judgement.verdict) == (RUNNER, Verdict.FAIL)
    assert judgement.findings[0].says == "the server is gone"
    assert played.cell.outcome.wall_ms == 7
    assert played.coverage.known == ()


def test_a_replay_names_the_cell_and_the_client(part):
    cell = part(HAPPY, "--callable", "mine:run", seed=3, flags=("--timeout", "9")).unplayed("").cell
    assert cell.replay == "lipflap replay happy@3 --provider kling --timeout 9 --callable mine:run"
    of_file = part(replace(HAPPY, source="my day.yaml"), "--", "./client").unplayed("").cell
    assert of_file.replay == "lipflap replay 'my day.yaml@0' --provider kling -- ./client"


def test_who_was_killed_amid_its_work_is_judged_so(part):
    assert not part().case("key", NOTHING, Outcome(0), None).is_resumed
    assert part(replace(HAPPY, crash=Crash("poll"))).case("key", NOTHING, Outcome(0), None).is_resumed


def test_callbacks_that_our_own_receiver_took_are_not_the_clients():
    seen = Observation((line(1, LineKind.EXCHANGE), line(2, LineKind.DELIVERY)), (), (), 0)
    assert [one.number for one in of_client(seen, Callbacks("http://127.0.0.1:1/x")).lines] == [1]
    assert of_client(seen, Callbacks("http://127.0.0.1:1/x", "127.0.0.1:1")) == seen
    assert of_client(seen, None) == seen


def test_of_callbacks_that_nobody_took_the_first_tells_it_all():
    statuses = [200, 0, 0, 401, 0]
    lines = tuple(line(number, LineKind.DELIVERY, status) for number, status in enumerate(statuses, 1))
    of_another = replace(line(6, LineKind.DELIVERY, 0), task_id="t-2")
    seen = Observation((*lines, of_another), (), (), 0)
    kept = of_client(seen, Callbacks("http://127.0.0.1:1/x", "127.0.0.1:1")).lines
    assert [one.number for one in kept] == [1, 2, 4, 6]


def test_a_job_that_cannot_end_well_may_have_a_budget_of_its_own(in_step):
    rules = replace(in_step, timeout_s=600.0, vain_s=60.0)
    hopeless = Scenario("hopeless", {"name": "hopeless", "expect": {"outcome": "failure"}})
    assert [rules.of(one).timeout_s for one in (HAPPY, hopeless)] == [600.0, 60.0]
    assert in_step.of(hopeless) == in_step


def test_a_client_is_told_how_long_it_may_take(in_step):
    told = replace(in_step, timeout_s=90.0).variables("gmi", "http://127.0.0.1:9", "key")
    assert told["LIPFLAP_DEADLINE_S"] == "90"
    assert told["GMI_API_KEY"] == "key"
