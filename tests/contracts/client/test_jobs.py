"""Clients that take many jobs."""

from __future__ import annotations

import json
import os
import sys

import pytest

from contracts.client.jobs import JobReader, line_of
from contracts.witness.usage import UsageError

READER = """
import json, os, sys
print("a line before the first job")
for line in sys.stdin:
    job = json.loads(line)
    what = job.get("what", "")
    if what == "die":
        sys.exit("it hurts")
    if what == "hang":
        import time; time.sleep(600)
    print(json.dumps({"id": job["id"], "exit_code": 3 if what else 0, "stderr": f"{os.getpid()}"}), flush=True)
"""


@pytest.fixture
def reader():
    made = JobReader([sys.executable, "-c", READER], lambda: {"PATH": os.environ["PATH"]})
    yield made
    made.close()


def ended(running):
    for _ in range(100):
        ending = running.wait(0.2)
        if ending is not None:
            return ending
    raise AssertionError("it never answered")


def test_one_process_does_many_jobs(reader, job_in):
    first = ended(reader.start(job_in("one")))
    second = ended(reader.start(job_in("two", LIPFLAP_WHAT="fail")))
    assert (first.exit_code, second.exit_code) == (0, 3)
    assert first.stderr == second.stderr
    assert first.stdout == "a line before the first job\n"


def test_jobs_at_the_same_time_have_a_process_each(reader, job_in):
    running = [reader.start(job_in(name)) for name in ("one", "two")]
    assert len({ended(one).stderr for one in running}) == 2


def test_a_process_that_a_job_killed_is_replaced(reader, job_in):
    died = ended(reader.start(job_in("one", LIPFLAP_WHAT="die")))
    assert died.exit_code == 1
    assert "it hurts" in died.stderr
    assert not died.is_killed
    assert ended(reader.start(job_in("two"))).exit_code == 0


def test_one_that_hangs_is_killed_and_replaced(reader, job_in):
    running = reader.start(job_in("one", LIPFLAP_WHAT="hang"))
    # what it prints before is no answer
    assert running.wait(0.5) is None
    assert running.kill().is_killed
    assert ended(reader.start(job_in("two"))).exit_code == 0


def test_a_program_that_takes_no_jobs_is_told(job_in):
    reader = JobReader(["sh", "-c", "read line; exit 0"], lambda: {"PATH": os.environ["PATH"]})
    ending = ended(reader.start(job_in()))
    assert ending.exit_code == 1
    assert "the client ended amid the job" in ending.stderr
    reader.close()
    with pytest.raises(UsageError):
        JobReader([], dict)


def test_a_job_is_one_line_with_every_variable(job_in):
    job = job_in("one", LIPFLAP_DEADLINE_S="60", KLING_ACCESS_KEY="ak")
    line = line_of(job)
    assert line.count(b"\n") == 1
    told = json.loads(line)
    assert {name: told[name] for name in ("id", "url", "key", "output", "deadline_s")} == {
        "id": "one",
        "url": job.url,
        "key": job.key,
        "output": str(job.output),
        "deadline_s": "60",
    }
    assert told["env"]["KLING_ACCESS_KEY"] == "ak"
    assert "callback_url" not in told
