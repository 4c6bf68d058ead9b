"""Clients that are Python functions."""

from __future__ import annotations

import asyncio
import sys
import threading
from types import SimpleNamespace

import pytest

from contracts.client.callable import Function, called, raised, returned
from contracts.client.model import ClientError


def ended(function, job):
    ending = Function(function).start(job).wait(20)
    assert ending is not None
    return ending


def test_a_return_is_success_and_a_text_is_its_output(job_in):
    assert ended(lambda job: job.key, job_in()).stdout == job_in().key
    assert ended(lambda job: None, job_in()).exit_code == 0


def test_a_coroutine_runs_in_a_loop_of_its_own(job_in):
    async def work(job):
        await asyncio.sleep(0)
        return "done"

    assert ended(work, job_in()).stdout == "done"


def fails(job):
    raise ValueError("no faces")


def leaves(job):
    sys.exit("no money")


def leaves_with_a_code(job):
    sys.exit(75)


@pytest.mark.parametrize(
    ("function", "code", "words"),
    [(fails, 1, "ValueError: no faces"), (leaves, 1, "no money"), (leaves_with_a_code, 75, "")],
)
def test_what_it_raises_is_how_it_failed(job_in, function, code, words):
    ending = ended(function, job_in())
    assert ending.exit_code == code
    assert ending.stderr.rstrip().endswith(words)


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (None, 0),
        (0, 0),
        (75, 75),
        ({"task": "done"}, 0),
        (SimpleNamespace(exit_code=2), 2),
        (SimpleNamespace(answer=1), 0),
    ],
)
def test_a_number_that_it_returns_is_its_exit_code(value, code):
    assert returned(value).exit_code == code


def test_an_outcome_of_its_own_is_taken_with_its_words():
    ending = returned(SimpleNamespace(exit_code=75, stderr="task 7 may be running", stdout=None))
    assert (ending.exit_code, ending.stdout, ending.stderr) == (75, "", "task 7 may be running")


@pytest.mark.parametrize(
    "value", [True, False, SimpleNamespace(exit_code=True), SimpleNamespace(exit_code="1")]
)
def test_what_could_mean_two_things_is_refused(value, job_in):
    with pytest.raises(ClientError, match="raise for a failure"):
        returned(value)
    with pytest.raises(ClientError, match="raise for a failure"):
        ended(lambda job: value, job_in())


def test_a_call_runs_what_it_has_to_await(job_in):
    async def later(job):
        await asyncio.sleep(0)
        return job.key

    assert called(later, job_in()) == called(lambda job: job.key, job_in()) == job_in().key


def test_leaving_without_a_code_is_a_success():
    assert raised(SystemExit()).exit_code == 0


def test_one_that_is_over_its_time_is_left_behind(job_in):
    gate = threading.Event()
    client = Function(lambda job: str(gate.wait(20)))
    running = client.start(job_in())
    assert running.wait(0.02) is None
    assert running.kill().is_killed
    gate.set()
    assert running.wait(20) is not None
    assert not client.can_be_killed
    client.close()


def test_its_name_is_the_functions():
    assert Function(fails).label == "fails"
    assert Function(fails, "mine").label == "mine"
