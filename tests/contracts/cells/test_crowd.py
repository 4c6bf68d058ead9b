"""Many cells at a time on one server, red ones twice, and some alone."""

from __future__ import annotations

import threading
from contextlib import contextmanager, nullcontext

import pytest
from msgspec.structs import replace

from contracts.cells.cell import RUNNER, Entrant
from contracts.cells.crowd import Crowd, is_doubtful
from contracts.cells.matrix import Interrupted, Matrix
from contracts.cells.timing import real_time
from contracts.client.callable import Function
from contracts.witness.scenario import catalogue_of, scenario_of


@pytest.fixture
def entrants(surface):
    catalogue = catalogue_of(surface)

    def make(*names):
        return [Entrant(scenario_of(surface, name, catalogue), "kling") for name in names]

    return make


@pytest.fixture
def played(server, rules):
    """The run of these cells with a client, as ``played(client, entrants, ...)``."""

    def play(client, entrants, *, workers=2, alone=None, listeners=(), **changes):
        crowd = Crowd(server, client, replace(rules, **changes), workers, alone)
        return Matrix(crowd, listeners=listeners).run(entrants)

    return play


def test_a_crowd_plays_them_all(played, client, entrants, rules):
    names = ["forever", "happy", "fault/empty-200", "fault/null-vs-absent"]
    run = played(client, entrants(*names), workers=4, timeout_s=60.0)
    assert [cell.scenario for cell in run.cells] == names
    assert [cell.is_green for cell in run.cells] == [False, True, False, True]
    assert run.client.endswith("tiny.py")
    assert run.coverage["kling"].met
    assert "not spent" in run.savings
    assert run.time == rules.timing.says


def test_what_is_red_in_faster_time_is_played_once_more_and_believed_in_real_time(
    played, rules, entrants, ear
):
    count = threading.Semaphore(0)

    def client(job):
        count.release()
        raise RuntimeError("no")

    for timing, plays in ((rules.timing, 2), (real_time(), 1)):
        ear.done.clear()
        run = played(Function(client), entrants("happy"), timing=timing, listeners=(ear,))
        assert not run.cells[0].is_green
        assert [count.acquire(blocking=False) for _ in range(3)].count(True) == plays
        assert ear.done == ["happy"]


def test_a_client_that_was_killed_is_believed_at_once(played, entrants, ear):
    gate = threading.Event()
    client = Function(lambda job: str(gate.wait(30)))
    run = played(client, entrants("happy"), workers=1, timeout_s=1.0, listeners=(ear,))
    gate.set()
    assert run.cells[0].outcome.is_killed
    assert not is_doubtful(run.cells[0])
    assert ear.begun == ["happy"]


def test_what_everybody_would_feel_has_a_server_of_its_own(played, server, client, entrants):
    opened = []

    @contextmanager
    def alone():
        opened.append(threading.current_thread())
        yield server

    names = ["happy", "fault/server-restart", "fault/submit-refused-connect"]
    run = played(client, entrants(*names), alone=alone)
    assert [cell.scenario for cell in run.cells] == names
    assert opened
    opened.clear()
    played(client, entrants("happy"), alone=alone)
    assert opened == []


HOPELESS = ("fault/stuck-queued", "fault/stuck-processing", "forever", "incident/no-ceiling")


def test_who_waits_in_vain_keeps_nobody_from_working(played, entrants):
    is_served = threading.Event()

    def client(job):
        if job.id.startswith("happy"):
            is_served.set()
        elif not is_served.wait(30):
            raise TimeoutError("the worker was taken")

    run = played(Function(client), entrants(*HOPELESS, "happy"), timing=real_time())
    assert not [cell for cell in run.cells if "the worker was taken" in cell.outcome.stderr]


def test_one_worker_is_one_client_at_a_time(played, server, entrants, ear):
    threads = []

    class Watch(type(ear)):
        def playing(self, scenario, provider):
            threads.append(threading.current_thread())

    names = ("happy", *HOPELESS, "fault/server-restart")
    idle = Function(lambda job: None)
    played(
        idle,
        entrants(*names),
        workers=1,
        alone=lambda: nullcontext(server),
        timing=real_time(),
        listeners=(Watch(),),
    )
    assert len(threads) == len(names)
    assert len(set(threads)) == 1


def test_on_a_server_that_was_given_it_comes_last(played, client, entrants, ear):
    names = ("fault/server-restart", "error/kling-moderation", "error/kling-policy")
    played(client, entrants(*names), timing=real_time(), listeners=(ear,))
    assert ear.begun[-1] == "fault/server-restart"


def test_a_cell_that_cannot_be_played_is_not_the_end(played, client, entrants):
    broken = entrants("forever")[0]
    broken = replace(broken, scenario=replace(broken.scenario, body={"name": "mine", "pace": "soon"}))
    run = played(client, [broken, *entrants("happy")])
    assert [one.check for one in run.cells[0].failed] == [RUNNER]
    assert run.cells[1].is_green


def test_a_ctrl_c_ends_the_clients(played, entrants, ear):
    begun, ended = [], threading.Event()

    class Hand(type(ear)):
        def played(self, cell):
            super().played(cell)
            raise KeyboardInterrupt

    class Client(Function):
        def start(self, job):
            begun.append(job.id)
            return super().start(job)

        def close(self):
            ended.set()

    names = ["happy", "fault/null-vs-absent", "fault/big-int-id"]
    with pytest.raises(Interrupted) as stopped:
        played(Client(lambda job: None), entrants(*names), workers=1, timing=real_time(), listeners=(Hand(),))
    assert ended.is_set()
    assert [cell.scenario for cell in stopped.value.run.cells] == ["happy"]
    assert begun == ["happy@0"]
