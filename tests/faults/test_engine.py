"""The five ways to switch a fault on, and how occasions are counted, over a real socket."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Start = Callable[..., Any]


def statuses(job: Any, task_id: str, polls: int) -> list[int]:
    return [job.poll(task_id).status for _ in range(polls)]


def test_a_fault_of_the_server_meets_every_tenant(rig: Start, provider: str) -> None:
    here = rig("gateway-502-html@poll#2-3")
    job = here.job(provider)
    task_id = job.start()
    assert statuses(job, task_id, 4) == [200, 502, 502, 200]
    here.key = "another"
    job = here.job(provider)
    task_id = job.start()
    assert statuses(job, task_id, 4) == [200, 502, 502, 200]


def test_occasions_are_counted_for_each_task(rig: Start, provider: str) -> None:
    job = rig("gateway-502-html@poll#2").job(provider)
    first, second = job.start(), job.start()
    seen = [job.poll(task_id).status for task_id in (first, second, first, second, first, second)]
    assert seen == [200, 200, 502, 502, 200, 200]


def test_a_magic_value_holds_for_its_own_task_only(rig: Start, provider: str) -> None:
    job = rig().job(provider)
    job.identify()
    marked = job.task_id_of(job.submit(external_id="lipflap.fault=gateway-502-html@poll#1"))
    plain = job.task_id_of(job.submit())
    assert statuses(job, marked, 2) == [502, 200]
    assert statuses(job, plain, 2) == [200, 200]


def test_a_hint_in_a_media_url_is_a_magic_value(rig: Start, provider: str) -> None:
    job = rig().job(provider)
    job.identify()
    url = "https://cdn.test/line.mp3?lipflap.duration_ms=6000&lipflap.fault=gateway-502-html%40poll%231"
    assert statuses(job, job.task_id_of(job.submit(audio=url)), 2) == [502, 200]


def test_a_header_means_its_own_request(rig: Start, provider: str) -> None:
    job = rig().job(provider)
    task_id = job.start()
    header = {"x-lipflap-fault": "gateway-502-html"}
    assert job.poll(task_id, headers=header).status == 502
    assert job.poll(task_id).status == 200


def test_a_header_is_ignored_where_it_is_not_allowed(rig: Start) -> None:
    job = rig(fault_header=False).job("kling")
    task_id = job.start()
    assert job.poll(task_id, headers={"x-lipflap-fault": "gateway-502-html"}).status == 200


def test_a_header_on_the_submit_may_speak_of_the_polls_to_come(rig: Start, provider: str) -> None:
    job = rig().job(provider)
    job.identify()
    submitted = job.submit(headers={"x-lipflap-fault": "gateway-502-html@poll#2"})
    assert statuses(job, job.task_id_of(submitted), 3) == [200, 502, 200]


def test_words_that_name_no_fault_are_refused_in_the_providers_form(rig: Start, provider: str) -> None:
    job = rig().job(provider)
    job.identify()
    wire = job.submit(external_id="lipflap.fault=gateway-502-htm")
    assert wire.status == 400
    assert b"did you mean gateway-502-html" in wire.body
    assert job.tasks() == []


def test_a_fault_that_cannot_act_here_is_refused_with_the_reason(rig: Start) -> None:
    job = rig().job("kling")
    wire = job.identify(headers={"x-lipflap-fault": "gateway-502-html@callback"})
    assert wire.status == 400
    assert b"cannot apply to callback" in wire.body


def test_every_second_poll_at_most_twice(rig: Start) -> None:
    job = rig("gateway-502-html@poll#/2;times=2").job("kling")
    assert statuses(job, job.start(), 8) == [200, 502, 200, 502, 200, 200, 200, 200]


def test_a_fault_ends_with_its_time_on_the_tenants_clock(rig: Start) -> None:
    here = rig("gateway-502-html@poll#*;ttl=60", clock="manual")
    job = here.job("kling")
    task_id = job.start()
    assert statuses(job, task_id, 2) == [502, 502]
    here.admin("POST", "clock/advance", {"seconds": 60})
    assert statuses(job, task_id, 2) == [200, 200]


def test_chance_is_drawn_from_the_seed_alone(rig: Start) -> None:
    def drawn(seed: int) -> list[int]:
        job = rig(f"gateway-502-html@poll#*;p=0.5;seed={seed}").job("kling")
        return statuses(job, job.start(), 24)

    assert drawn(1) == drawn(1)
    assert drawn(1) != drawn(2)
    assert set(drawn(1)) == {200, 502}


def test_a_row_of_the_error_table_is_a_fault(rig: Start) -> None:
    job = rig("error:1302@poll#2", "error:1301@task").job("kling")
    task_id = job.start()
    first, second = job.poll(task_id), job.poll(task_id)
    assert (first.status, job.status_of(first)) == (200, "failed")
    assert (second.status, second.json["code"]) == (429, 1302)


def test_the_journal_names_the_faults_that_fired(rig: Start) -> None:
    here = rig("gateway-502-html@poll#1")
    job = here.job("kling")
    job.poll(job.start())
    journal = here.admin("GET", "journal")
    last = journal["entries"][-1]
    assert last["status"] == 502
    assert last["faults"] == ["gateway-502-html"]
