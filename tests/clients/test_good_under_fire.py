"""The rules of the good clients, each flavour, against a server that breaks them one at a time."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

BAD_POLLS = {
    "a gateway's page": {"status": 502, "body": b"<html>Bad Gateway</html>"},
    "a login page": {"body": b"<html>log in</html>", "headers": {"Content-Type": "text/html"}},
    "nothing in it": {"body": b""},
    "half of it": {"body": b'{"code": 0, "data": {"task_status"', "then": "half"},
    "cut JSON": {"body": b'{"code": 0, "data": {"task_st'},
    "not a number": {"body": b'{"code": 0, "data": {"task_status": "failed", "x": NaN}}'},
    "a name twice": {"body": b'{"code": 0, "data": {"task_status": "failed", "task_status": "failed"}}'},
    "a list": {"body": b"[]"},
    "no status": {"body": b'{"code": 0, "data": {}}'},
    "a status that is none": {"body": b'{"code": 0, "data": {"task_status": {"word": "failed"}}}'},
    "nested without end": {"body": b'{"a":' * 5000},
    "no answer": {"then": "nothing"},
    "a zip that is none": {"body": b"{}", "headers": {"Content-Encoding": "gzip"}},
    "a fault inside a 200": {"body": b'{"code": 5000, "message": "internal"}'},
    "an unknown word": {"body": b'{"code": 0, "data": {"task_status": "post_processing"}}'},
    "404 for a moment": {"status": 404, "body": b'{"code": 1203, "message": "no such task"}'},
    "429 without a header": {"status": 429, "body": b'{"code": 1302, "message": "slow down"}'},
    "503 of a restart": {"status": 503, "body": b"", "headers": {"Retry-After": "0"}},
    "one 401": {"status": 401, "body": b'{"code": 1000, "message": "auth"}'},
}


@pytest.mark.parametrize("bad", BAD_POLLS)
def test_a_bad_poll_does_not_lose_the_job(hostile, answer, do_job, output, video, bad):
    hostile.script["poll"] = [answer(**BAD_POLLS[bad])]
    done = do_job()
    assert done.exit_code == 0, done.stderr
    assert output.read_bytes() == video
    assert hostile.count("submit") == 1


def test_bad_polls_without_end_are_reported_with_the_task(hostile, answer, do_job, output):
    hostile.script["poll"] = [answer(502, b"") for _ in range(30)]
    done = do_job()
    assert done.exit_code == 75
    assert "task-1 may still be running" in done.stderr
    assert hostile.count("poll") == 10
    assert not output.exists()


LOST = {
    "no answer": {"then": "nothing"},
    "half an answer": {"body": b'{"code": 0, "data": {"task_id": "task-1"}}', "then": "half"},
    "a gateway's page": {"status": 502, "body": b"<html>"},
    "an answer without a task": {"body": b'{"code": 0, "message": "SUCCEED"}'},
    "an answer too late": {"body": b" " * 1000, "then": "drip"},
    "a conflict": {"status": 409, "body": b'{"code": 1201, "message": "in use"}'},
}


@pytest.mark.parametrize("lost", LOST)
def test_a_task_whose_answer_was_lost_is_found_by_our_id(hostile, answer, do_job, output, video, lost):
    hostile.script["submit"] = [answer(**LOST[lost])]
    done = do_job(LIPFLAP_SUBMIT_S="0.5")
    assert done.exit_code == 0, done.stderr
    assert hostile.count("submit") == 1
    assert output.read_bytes() == video


def test_a_task_that_nobody_knows_of_is_not_submitted_twice(hostile, answer, do_job, output):
    hostile.script["submit"] = [answer(then="nothing", is_taken=False)]
    done = do_job()
    assert done.exit_code == 75
    assert "a task may be running" in done.stderr
    assert "again" not in done.stderr
    again = do_job()
    assert again.exit_code == 75
    assert hostile.count("submit") == 1


def test_a_client_killed_on_its_submit_waits_for_the_provider_to_be_asked(hostile, answer, do_job, output):
    hostile.script["submit"] = [answer(then="nothing")]
    hostile.script["find"] = [answer(502) for _ in range(10)]
    assert do_job().exit_code == 75
    state = output.with_name("out.mp4.task.json")
    state.write_text(state.read_text().replace("unclear", "submitting"))
    hostile.script["find"] = [answer(then="nothing") for _ in range(10)]
    done = do_job()
    assert done.exit_code == 75
    assert "it cannot be looked for" in done.stderr
    assert do_job().exit_code == 0
    assert hostile.count("submit") == 1


def test_a_submit_that_was_turned_away_is_repeated_as_told(hostile, answer, do_job, output):
    hostile.script["submit"] = [
        answer(503, b"", {"Retry-After": "0"}, is_taken=False),
        answer(429, b'{"code": 1303, "message": "slots"}', is_taken=False),
        answer(503, b'{"code": 5001, "message": "maintenance"}', is_taken=False),
    ]
    done = do_job()
    assert done.exit_code == 0, done.stderr
    assert (hostile.count("submit"), len(hostile.tasks)) == (4, 1)


@pytest.mark.parametrize(("status", "code"), [(400, 1201), (403, 1103), (429, 1101), (200, 1301)])
def test_a_submit_that_is_refused_is_not_repeated(hostile, answer, do_job, output, status, code):
    body = json.dumps({"code": code, "message": "the words of the provider"}).encode()
    hostile.script["submit"] = [answer(status, body, is_taken=False)]
    done = do_job()
    assert done.exit_code == 1
    assert "the words of the provider" in done.stderr
    assert hostile.count("submit") == 1


def test_an_expired_session_is_made_anew_once(hostile, answer, do_job):
    refusal = b'{"code": 1201, "message": "session_id must be a session of the last 24 hours"}'
    hostile.script["submit"] = [answer(400, refusal, is_taken=False)]
    assert do_job().exit_code == 0
    assert (hostile.count("identify"), hostile.count("submit")) == (2, 2)


def test_a_restarted_client_goes_on_with_its_task(hostile, do_job, output, video):
    hostile.polls_needed = 10_000
    assert do_job(LIPFLAP_DEADLINE_S="0.5").exit_code == 75
    hostile.polls_needed = 0
    done = do_job()
    assert done.exit_code == 0, done.stderr
    assert (hostile.count("identify"), hostile.count("submit")) == (1, 1)
    assert output.read_bytes() == video


def test_a_client_killed_on_its_submit_looks_for_the_task(hostile, do_job, output):
    assert do_job().exit_code == 0
    state = output.with_name("out.mp4.task.json")
    facts = json.loads(state.read_text())
    for name in ("task_id", "taskId"):
        facts.pop(name, None)
    state.write_text(json.dumps({**facts, "phase": "submitting"}))
    output.unlink()
    done = do_job()
    assert done.exit_code == 0, done.stderr
    assert (hostile.count("submit"), hostile.count("find")) == (1, 1)


def test_a_failed_task_is_told_with_its_reason(hostile, do_job, output):
    hostile.word, hostile.reason = "failed", "content risk control"
    done = do_job()
    assert done.exit_code == 1
    assert "content risk control" in done.stderr
    assert "content risk control" in do_job().stderr
    assert (hostile.count("submit"), hostile.count("poll")) == (1, 2)


def test_done_without_an_output_is_no_endless_wait(hostile, answer, do_job):
    hostile.script["poll"] = [answer(body=hostile.task("succeed", task_result={})) for _ in range(9)]
    done = do_job()
    assert done.exit_code == 1
    assert "task task-1 is" in done.stderr
    assert "gives no output" in done.stderr
    assert hostile.count("poll") == 5


def test_an_output_may_come_late_and_the_end_stays_the_end(hostile, answer, do_job):
    hostile.polls_needed = 0
    hostile.script["poll"] = [
        answer(body=hostile.task("SUCCEEDED", task_result=None)),
        answer(body=hostile.task("processing")),
    ]
    assert do_job().exit_code == 0


def test_ids_beyond_a_double_stay_exact(hostile, answer, do_job):
    hostile.tasks.append("869849581253428074")
    body = b'{"code": "0", "data": {"task_id": 869849581253428074, "created_at": "1785901861"}}'
    hostile.script["submit"] = [answer(body=body, is_taken=False)]
    done = do_job()
    assert done.exit_code == 0, done.stderr
    assert {one.path.rsplit("/", 1)[1] for one in hostile.seen if one.kind == "poll"} == {
        "869849581253428074"
    }


def test_402_in_the_middle_names_the_task(hostile, answer, do_job):
    hostile.script["poll"] = [answer(402, b'{"message": "no credits"}')]
    done = do_job()
    assert done.exit_code == 75
    assert "no credits" in done.stderr
    assert "task-1" in done.stderr
    assert hostile.count("poll") == 1


@pytest.mark.parametrize("form", ["seconds", "date"])
def test_a_wait_that_is_too_long_is_reported_and_not_sat_out(hostile, answer, do_job, form):
    until = format_datetime(datetime.now(UTC) + timedelta(days=1), usegmt=True)
    hostile.script["poll"] = [answer(429, b"{}", {"Retry-After": "86400" if form == "seconds" else until})]
    done = do_job()
    assert done.exit_code == 75
    assert "told to wait 86" in done.stderr
    assert "task-1" in done.stderr


def test_a_dripping_answer_is_cut_off_in_time(hostile, answer, do_job):
    hostile.script["poll"] = [answer(body=b" " * 10_000, then="drip")]
    done = do_job(LIPFLAP_EXCHANGE_S="0.3")
    assert done.exit_code == 0, done.stderr


def test_no_face_means_no_submit(hostile, answer, do_job):
    hostile.script["identify"] = [answer(body=b'{"code": 0, "data": {"session_id": "s", "face_data": []}}')]
    done = do_job()
    assert done.exit_code == 1
    assert "no face" in done.stderr
    assert hostile.count("submit") == 0
