"""Many cells at a time, red ones twice, and runs that somebody stops."""

from __future__ import annotations

import threading
from contextlib import contextmanager

import pytest
from msgspec.structs import replace

from contracts.cell import RUNNER
from contracts.client.callable import Function
from contracts.matrix import Entrant, Interrupted, Matrix, is_doubtful
from contracts.scenario import catalogue_of, scenario_of
from contracts.timing import real_time


class Ear:
    """Writes down what a run says."""

    def __init__(self) -> None:
        self.total, self.begun, self.done = 0, [], []

    def began(self, total):
        self.total = total

    def playing(self, scenario, provider):
        self.begun.append(scenario)

    def played(self, cell):
        self.done.append(cell.scenario)


@pytest.fixture
def entrants(surface):
    catalogue = catalogue_of(surface)

    def make(*names):
        return [Entrant(scenario_of(surface, name, catalogue), "kling") for name in names]

    return make


def test_cells_come_in_the_order_they_were_asked_for(server, client, rules, entrants):
    ear = Ear()
    names = ["forever", "happy", "fault/empty-200", "fault/null-vs-absent"]
    run = Matrix(server, client, replace(rules, timeout_s=60.0), 4, listeners=(ear,)).run(
        entrants(*names), {}
    )
    assert [cell.scenario for cell in run.cells] == names
    assert [cell.is_green for cell in run.cells] == [False, True, False, True]
    assert (ear.total, sorted(ear.done)) == (4, sorted(names))
    assert run.client.endswith("tiny.py")
    assert 0 < run.score < 1
    assert run.coverage["kling"].met
    assert "not spent" in run.savings
    assert run.time == rules.timing.says


def test_what_is_red_in_faster_time_is_played_once_more_and_believed_in_real_time(server, rules, entrants):
    count = threading.Semaphore(0)

    def client(job):
        count.release()
        raise RuntimeError("no")

    for timing, plays in ((rules.timing, 2), (real_time(), 1)):
        ear = Ear()
        run = Matrix(server, Function(client), replace(rules, timing=timing), 2, listeners=(ear,)).run(
            entrants("happy"), {}
        )
        assert not run.cells[0].is_green
        assert [count.acquire(blocking=False) for _ in range(3)].count(True) == plays
        assert ear.done == ["happy"]


def test_a_client_that_was_killed_is_believed_at_once(server, rules, entrants):
    gate = threading.Event()
    ear = Ear()
    run = Matrix(
        server, Function(lambda job: gate.wait(30)), replace(rules, timeout_s=1.0), 1, listeners=(ear,)
    ).run(entrants("happy"), {})
    gate.set()
    assert run.cells[0].outcome.is_killed
    assert not is_doubtful(run.cells[0])
    assert ear.begun == ["happy"]


def test_what_everybody_would_feel_has_a_server_of_its_own(server, client, rules, entrants):
    opened = []

    @contextmanager
    def alone():
        opened.append(threading.current_thread())
        yield server

    names = ["happy", "fault/server-restart", "fault/submit-refused-connect"]
    run = Matrix(server, client, rules, 2, alone).run(entrants(*names), {})
    assert [cell.scenario for cell in run.cells] == names
    assert opened
    opened.clear()
    Matrix(server, client, rules, 2, alone).run(entrants("happy"), {})
    assert opened == []


def test_on_a_server_that_was_given_it_comes_last(server, client, rules, entrants):
    ear = Ear()
    Matrix(server, client, replace(rules, timing=real_time()), 2, listeners=(ear,)).run(
        entrants("fault/server-restart", "error/kling-moderation", "error/kling-policy"), {}
    )
    assert ear.begun[-1] == "fault/server-restart"


def test_a_cell_that_cannot_be_played_is_not_the_end(server, client, rules, entrants):
    broken = entrants("forever")[0]
    broken = replace(broken, scenario=replace(broken.scenario, body={"name": "mine", "pace": "soon"}))
    run = Matrix(server, client, rules, 2).run([broken, *entrants("happy")], {})
    assert [one.check for one in run.cells[0].failed] == [RUNNER]
    assert run.cells[1].is_green


def test_the_baseline_says_what_is_known_and_what_is_stale(server, client, rules, entrants):
    (cell,) = Matrix(server, client, rules, 2).run(entrants("fault/empty-200"), {}).cells
    failing = {one.check for one in cell.failed}
    known = {"kling": {"fault/empty-200": frozenset({*failing, "one-submit"})}}
    run = Matrix(server, client, rules, 2).run(entrants("fault/empty-200"), known)
    assert run.cells[0].is_green
    assert run.stale == ("kling fault/empty-200: one-submit",)


def test_an_interrupted_run_keeps_what_it_has_found(server, client, rules, entrants):
    class Hand(Ear):
        def played(self, cell):
            super().played(cell)
            raise KeyboardInterrupt

    names = ["happy", "fault/null-vs-absent", "fault/big-int-id"]
    with pytest.raises(Interrupted) as stopped:
        Matrix(server, client, rules, 1, listeners=(Hand(),)).run(entrants(*names), {})
    assert [cell.is_green for cell in stopped.value.run.cells] == [True]
